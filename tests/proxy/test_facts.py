from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.model import Channel, Kind, Name, NameSource, Request
from hedgerow.proxy.connections import Connection
from hedgerow.proxy.facts import authority, judged_host, name_of, request_facts, with_typed
from tests.proxy.flows import flow

HOST, URI = NameSource.HOST, NameSource.URI


@pytest.mark.parametrize(
    "raw, host, port",
    [
        ("site.test", "site.test", 443),
        ("SITE.test.", "site.test", 443),
        ("site.test:8443", "site.test", 8443),
        ("[::1]:443", "::1", 443),
        ("bücher.test", "xn--bcher-kva.test", 443),
        ("ｓｉｔｅ.test", "site.test", 443),
        ("site.test:99999", None, None),
        ("site.test:0", None, None),
        ("site.test:08080", None, None),
        ("site.test:80:80", None, None),
        ("x@site.test", None, None),
        ("a.test, b.test", None, None),
        ("site.test/path", None, None),
        ("", None, None),
    ],
)
def test_authority(raw: str, host: str | None, port: int | None) -> None:
    name, found = authority(HOST, raw, "https")
    assert (name.host, found if name.host else None) == (host, port)


@given(st.text(max_size=80))
def test_a_hostile_authority_never_raises(raw: str) -> None:
    name, port = authority(HOST, raw, "http")
    assert name.host is None or port is None or 0 < port < 65536


@pytest.mark.parametrize(
    "headers, faults",
    [
        ((("host", "site.test"),), ()),
        ((("host", "site.test"), ("host", "other.test")), ("bad-request",)),
        ((("host", "site.test, other.test"),), ("bad-request", "bad-name")),
        ((), ("bad-request",)),  # HTTP/1.1 without Host
        ((("host", ""),), ("bad-name",)),
        ((("host", "аpple.test"),), ("mixed-scripts",)),  # Cyrillic а
    ],
)
def test_faults_of_the_names(headers: tuple[tuple[str, str], ...], faults: tuple[str, ...]) -> None:
    asked = request_facts(flow(headers=headers), Connection("10.8.0.7"), transparent=False)
    assert set(faults) <= set(asked.faults) and bool(asked.faults) == bool(faults)


@pytest.mark.parametrize("path", ["/a b", "/a#b", "/a\x00", "/a\x7f", "relative", "/" + "x" * 70_000])
def test_faults_of_the_target(path: str) -> None:
    assert "bad-request" in request_facts(flow(path=path), Connection("10.8.0.7"), transparent=False).faults


def test_every_name_of_an_explicit_request_is_kept() -> None:
    asked = request_facts(flow(host="blocked.test"), Connection("10.8.0.7"), transparent=False)
    assert {(n.source, n.host) for n in asked.names} == {(HOST, "site.test"), (URI, "blocked.test")}


def test_every_name_of_a_tunnelled_request_is_kept() -> None:
    connection = Connection(
        "10.8.0.7", connect=name_of(NameSource.CONNECT, "a.test"), sni=name_of(NameSource.SNI, "b.test")
    )
    asked = request_facts(flow(scheme="https", port=443, authority="c.test"), connection, transparent=False)
    given_names = {(n.source, n.host) for n in asked.names}
    assert given_names == {
        (NameSource.CONNECT, "a.test"),
        (NameSource.SNI, "b.test"),
        (HOST, "site.test"),
        (NameSource.AUTHORITY, "c.test"),
    }


def test_a_transparent_request_says_where_it_was_dialled() -> None:
    asked = request_facts(flow(host="45.90.10.9"), Connection("10.8.0.7"), transparent=True)
    assert (NameSource.DESTINATION, "45.90.10.9") in {(n.source, n.host) for n in asked.names}
    assert judged_host(asked) == "site.test"


def test_ports_that_disagree_are_refused() -> None:
    asked = request_facts(flow(headers=(("host", "site.test:8080"),)), Connection("10.8.0.7"), transparent=False)
    assert "not-canonical" in asked.faults


@pytest.mark.parametrize(
    "path, canonical",
    [("/a/../b", "/b"), ("/a/%2e%2e/b", "/b"), ("/a//b", "/a/b"), ("/a;x=1/b", "/a/b"), ("/%61", "/a")],
)
def test_the_path_is_judged_in_one_form(path: str, canonical: str) -> None:
    assert request_facts(flow(path=path), Connection("10.8.0.7"), transparent=False).path == canonical


def test_words_of_url_and_search_are_read() -> None:
    asked = with_typed(
        Request((Name(HOST, "www.google.com"),), path="/search", query="q=b%C3%A0i+t%E1%BA%ADp"),
    )
    assert [(t.channel, t.engine) for t in asked.typed] == [(Channel.URL, ""), (Channel.SEARCH, "google")]
    assert asked.typed[1].text == "bài tập"


def test_a_websocket_is_a_part() -> None:
    headers = (("host", "site.test"), ("upgrade", "WebSocket"), ("connection", "Upgrade"))
    asked = request_facts(flow(headers=headers), Connection("10.8.0.7"), transparent=False)
    assert (asked.kind, asked.upgrade) == (Kind.PART, "websocket")


@pytest.mark.parametrize(
    "sources, host",
    [
        ((NameSource.CONNECT, NameSource.SNI, NameSource.HOST), "host.test"),
        ((NameSource.CONNECT, NameSource.SNI), "sni.test"),
        ((NameSource.DESTINATION, NameSource.HOST), "host.test"),
        ((NameSource.DESTINATION,), "destination.test"),
    ],
)
def test_the_host_that_is_dialled(sources: tuple[NameSource, ...], host: str) -> None:
    assert judged_host(Request(tuple(Name(s, f"{s.value}.test") for s in sources))) == host
