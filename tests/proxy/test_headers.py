from __future__ import annotations

import pytest

from hedgerow.proxy.headers import clean_request, clean_response, readable_codings
from tests.proxy.flows import flow, response


def left(headers: list[tuple[str, str]], websocket: bool = False, pending: bool = False) -> set[str]:
    made = flow(headers=[("host", "site.test"), *headers])
    clean_request(made.request, websocket, pending)
    return {name.lower() for name in made.request.headers} - {"host"}


@pytest.mark.parametrize(
    "name",
    [
        "X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Authenticated-User", "Via", "True-Client-IP",
        "Proxy-Authorization", "Proxy-Connection",
        "TE", "Keep-Alive", "X-Hedgerow-Action", "X-Hedgerow-Anything", "Available-Dictionary",
        "HTTP2-Settings", "Upgrade",
    ],
)  # fmt: skip
def test_what_ends_at_the_gateway(name: str) -> None:
    assert left([(name, "x")]) == set()


@pytest.mark.parametrize("name", ["Cookie", "Authorization", "Accept", "Range", "If-None-Match", "Origin", "Referer"])
def test_what_goes_on(name: str) -> None:
    assert left([(name, "x")]) == {name.lower()}


def test_a_waiting_verdict_asks_for_the_whole_answer() -> None:
    assert left([("If-None-Match", "x"), ("If-Modified-Since", "y")], pending=True) == set()


def test_what_connection_names_is_dropped_with_it() -> None:
    assert left([("Connection", "keep-alive, X-Secret"), ("X-Secret", "1")]) == set()


@pytest.mark.parametrize("options, sent", [("close", "close"), ("X-Secret, Close", "close"), ("keep-alive", None)])
def test_the_end_of_a_connection_is_the_clients_to_ask_for(options: str, sent: str | None) -> None:
    made = flow(headers=[("host", "site.test"), ("Connection", options)])
    clean_request(made.request, websocket=False, whole=False)
    assert made.request.headers.get("connection") == sent


def test_connection_cannot_drop_what_the_request_means() -> None:
    assert "cookie" in left([("Connection", "cookie"), ("Cookie", "a=b")])


def test_a_websocket_keeps_its_handshake() -> None:
    kept = left([("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Key", "k")], websocket=True)
    assert kept == {"connection", "upgrade", "sec-websocket-key"}


@pytest.mark.parametrize(
    "asked, offered",
    [
        ("gzip, deflate, br, zstd", "gzip, deflate, br, zstd"),
        ("gzip, dcb, dcz", "gzip"),
        ("dcb", "identity"),
        ("*", "identity"),
        ("gzip;q=0.5, br;q=1", "gzip;q=0.5, br;q=1"),
    ],
)
def test_only_codings_we_can_read_are_asked_for(asked: str, offered: str) -> None:
    assert readable_codings(asked) == offered


def test_the_origin_cannot_lead_round_the_filter_nor_forge_our_headers() -> None:
    made = response(headers=[("Alt-Svc", 'h3=":443"'), ("X-Hedgerow-Code", "FAKE"), ("Content-Type", "text/html")])
    clean_response(made)
    assert {name.lower() for name in made.headers} == {"content-type"}


@pytest.mark.parametrize(
    "given, sent",
    [
        (["text/html"], "text/html"),
        (["image/png, text/html"], "text/html"),
        (["image/png", "text/html;charset=utf-8"], "text/html;charset=utf-8"),
        (["text/html, */*"], "text/html"),
        (["text/html, nonsense"], "text/html"),
        (['text/html; charset="a,b"'], 'text/html; charset="a'),
        ([",", ","], "application/octet-stream"),
    ],
)
def test_a_list_of_types_becomes_the_one_that_is_judged(given: list[str], sent: str) -> None:
    made = response(headers=[("Content-Type", value) for value in given])
    clean_response(made)
    assert made.headers.get_all("content-type") == [sent]
