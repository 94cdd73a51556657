"""Which protocol comes next on a connection: HTTP, or TLS with HTTP in it. Everything else is closed.

Explicit clients speak HTTP to us (CONNECT or absolute URIs), then TLS or HTTP inside the tunnel; transparent clients
speak TLS or HTTP at once. No raw TCP, no DNS, no QUIC, no TLS to the proxy itself, no TLS inside TLS.
"""

from __future__ import annotations

from mitmproxy.net.tls import starts_like_tls_record
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator, Layer, NextLayer
from mitmproxy.proxy.layers import ClientTLSLayer, ServerTLSLayer, modes
from mitmproxy.proxy.layers.http import HTTPMode

from hedgerow import metrics
from hedgerow.proxy.layers import HttpLayer

_HANDSHAKE = 0x16
"""TLS record type "handshake" (RFC 8446 5.1)."""


class Refused(Layer):
    """A connection that speaks nothing we filter: closed, whatever comes."""

    def _handle_event(self, event: events.Event) -> CommandGenerator[None]:
        yield commands.CloseConnection(self.context.client)


class Choose:
    """mitmproxy's ``next_layer`` hook, first in the engine's list."""

    def next_layer(self, nextlayer: NextLayer) -> None:
        data = nextlayer.data_client()
        if data and not (data[0] == _HANDSHAKE and len(data) < 3):
            nextlayer.layer = choose(nextlayer.context, data)


def choose(context: Context, data: bytes) -> Layer:
    """The layer for a connection whose client sent ``data`` (at least one byte, three when it looks like TLS)."""
    if len(context.layers) == 1 and isinstance(context.layers[0], modes.HttpProxy):
        return _refuse(context, "tls-to-proxy") if data[0] == _HANDSHAKE else HttpLayer(context, HTTPMode.regular)
    inside_tls = any(isinstance(layer, ClientTLSLayer) for layer in context.layers)
    if starts_like_tls_record(data):
        return _refuse(context, "tls-in-tls") if inside_tls else _tls(context)
    if not 0x41 <= data[0] <= 0x7A and data[:1] not in (b"\r", b"\n"):
        return _refuse(context, "not-http")
    return HttpLayer(context, HTTPMode.transparent)


def _tls(context: Context) -> Layer:
    server = ServerTLSLayer(context)
    server.child_layer = ClientTLSLayer(context)
    return server


def _refuse(context: Context, reason: str) -> Layer:
    metrics.CONNECTIONS_REFUSED.labels(reason).inc()
    return Refused(context)
