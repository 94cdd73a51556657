"""Which protocol comes next: HTTP, or TLS with HTTP in it, and nothing else."""

from __future__ import annotations

import pytest
from mitmproxy.connection import Client
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import NextLayer
from mitmproxy.proxy.layers import ClientTLSLayer, ServerTLSLayer, modes
from mitmproxy.proxy.layers.http import HTTPMode

from hedgerow.proxy.choose import Choose, Refused, choose
from hedgerow.proxy.layers import HttpLayer
from hedgerow.proxy.settings import Settings

HELLO = b"\x16\x03\x01\x02\x00\x01"


def context() -> Context:
    client = Client(peername=("192.0.2.1", 1), sockname=("192.0.2.2", 2))
    return Context(client, Settings().for_layers())


def explicit() -> Context:
    made = context()
    modes.HttpProxy(made)
    return made


def tunnel() -> Context:
    """After CONNECT, or what a transparent client begins with."""
    made = explicit()
    HttpLayer(made, HTTPMode.regular)
    return made


def inside_tls() -> Context:
    made = tunnel()
    ServerTLSLayer(made)
    ClientTLSLayer(made)
    return made


@pytest.mark.parametrize("data", [b"G", b"GET / HTTP/1.1\r\n", b"\r\nGET", b"connect", b"\xff\x00"])
def test_an_explicit_client_speaks_http(data: bytes) -> None:
    layer = choose(explicit(), data)
    assert isinstance(layer, HttpLayer) and layer.mode is HTTPMode.regular


def test_no_tls_to_the_proxy_itself() -> None:
    assert isinstance(choose(explicit(), HELLO), Refused)


def test_tls_in_a_tunnel_is_opened_once() -> None:
    layer = choose(tunnel(), HELLO)
    assert isinstance(layer, ServerTLSLayer) and isinstance(layer.child_layer, ClientTLSLayer)
    assert isinstance(choose(inside_tls(), HELLO), Refused)


@pytest.mark.parametrize("made", [tunnel, inside_tls])
def test_http_inside_is_judged_as_http(made: object) -> None:
    layer = choose(made(), b"GET / HTTP/1.1\r\n")  # type: ignore[operator]
    assert isinstance(layer, HttpLayer) and layer.mode is HTTPMode.transparent


@pytest.mark.parametrize(
    "data", [b"\x00\x01", b"\x80\x2e\x01", b"\x13BitTorrent", b"\x05\x01\x00", b" GET", b"\xff\xfe", b"\x16\x05"]
)
def test_anything_else_is_closed(data: bytes) -> None:
    assert isinstance(choose(tunnel(), data), Refused)


@pytest.mark.parametrize(
    "data, decided", [(b"", False), (b"\x16", False), (b"\x16\x03", False), (HELLO, True), (b"G", True)]
)
def test_it_waits_for_what_it_needs(data: bytes, decided: bool) -> None:
    from mitmproxy.proxy import events

    made = tunnel()
    asked = NextLayer(made)
    asked.events.append(events.DataReceived(made.client, data))
    Choose().next_layer(asked)
    assert (asked.layer is not None) is decided
