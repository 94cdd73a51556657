"""Group C: requests that can be read in two ways. Every one goes out plain (both modes) and inside TLS.

Refused means that no origin is asked at all: two readings of one request would otherwise meet on the wire.
"""

from __future__ import annotations

import pytest

from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.h2client import fields
from tests.lab.verdict import CLOSED, assert_refused, assert_served
from tests.lab.wire import Reply

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: blocked.test\r\n\r\n"
CHUNKED = b"5\r\nhello\r\n0\r\n\r\n"


def post(*lines: str, body: bytes = b"hello") -> bytes:
    """The parts of a POST after its request line."""
    return ("\r\n".join(["Host: allowed.test", *lines]) + "\r\n\r\n").encode("latin-1") + body


CASES = {
    "C01-cl-te": post("Content-Length: 5", "Transfer-Encoding: chunked", body=CHUNKED),
    "C01-te-cl": post("Transfer-Encoding: chunked", "Content-Length: 5", body=CHUNKED),
    "C01-smuggled": post("Content-Length: 50", "Transfer-Encoding: chunked", body=b"0\r\n\r\n" + SMUGGLED),
    "C02-different": post("Content-Length: 5", "Content-Length: 6"),
    "C02-equal": post("Content-Length: 5", "Content-Length: 5"),
    "C02-plus": post("Content-Length: +5"),
    "C02-hex": post("Content-Length: 0x5"),
    "C02-list": post("Content-Length: 5, 5"),
    "C02-negative": post("Content-Length: -1"),
    "C02-spaces": post("Content-Length: 5 6"),
    "C02-underscore": post("Content-Length: 0_5"),
    "C02-arabic-digit": post("Content-Length: \xd9\xa5"),
    "C02-empty": post("Content-Length:"),
    "C03-unknown": post("Transfer-Encoding: xchunked", body=CHUNKED),
    "C03-identity-last": post("Transfer-Encoding: chunked, identity", body=CHUNKED),
    "C03-twice": post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body=CHUNKED),
    "C03-twice-in-one": post("Transfer-Encoding: chunked, chunked", body=CHUNKED),
    "C03-folded": post("Transfer-Encoding:\r\n chunked", body=CHUNKED),
    "C03-space-before-colon": post("Transfer-Encoding : chunked", body=CHUNKED),
    "C03-cl-space-before-colon": post("Content-Length : 5"),
    "C05-bare-cr": post("X-Note: a\rb", "Content-Length: 5"),
    "C05-cr-host": post("X-Note: a\rHost: blocked.test", "Content-Length: 5"),
    "C05-nul": post("X-Note: a\x00b", "Content-Length: 5"),
    "C05-no-colon": post("X-Note", "Content-Length: 5"),
    "C05-empty-name": post(": x", "Content-Length: 5"),
    "C05-space-in-name": post("X Note: x", "Content-Length: 5"),
    "C05-leading-space-first": b" Host: blocked.test\r\n" + post("Content-Length: 5"),
    "C12-size-overflow": post("Transfer-Encoding: chunked", body=b"ffffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
    "C12-size-signed": post("Transfer-Encoding: chunked", body=b"+5\r\nhello\r\n0\r\n\r\n"),
    "C12-size-prefixed": post("Transfer-Encoding: chunked", body=b"0x5\r\nhello\r\n0\r\n\r\n"),
}
VERSION_CASES = [
    "HTTP/9.9",
    "HTTP/3.0",
    "HTTP/1.2",
    "HTTP/2.0",
    "HTTP/1.",
    "HTP/1.1",
    "http/1.1",
    "HTTP/1.1x",
    "HTTP/0.9",
    "",
]


def inside(device: Device, tls: bool, line: str, rest: bytes, host: str = "allowed.test") -> Reply:
    """``line`` has ``{}`` where the target begins: absolute in the explicit mode."""
    if tls:
        return device.https(host, line.format("").encode("latin-1") + b"\r\n" + rest)
    start = line.format(f"http://{host}" if device.explicit else "")
    return device.plain(start.encode("latin-1") + b"\r\n" + rest, host)


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("rest", [pytest.param(rest, id=name) for name, rest in CASES.items()])
def test_framing(pupil: Device, watch: Watch, rest: bytes, tls: bool) -> None:
    reply = inside(pupil, tls, "POST {}/_echo HTTP/1.1", rest)
    assert_refused(reply, {400, 403, CLOSED}, watch, "blocked.test")
    assert not [c for c in watch.requests() if c.target != "/"], f"forwarded: {watch.requests()}"


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("value", ["\x0bchunked", "\x0cchunked", "chunked\x0b", "\tchunked", "Chunked", "chunked;q=1"])
def test_C04_odd_spaces(pupil: Device, watch: Watch, value: str, tls: bool) -> None:
    """Refused, or forwarded clean: the origin must see the same framing that was judged."""
    body = b"5\r\nhello\r\n0\r\n\r\n"
    reply = inside(pupil, tls, "POST {}/_echo HTTP/1.1", post(f"Transfer-Encoding: {value}", body=body))
    assert reply.status in (200, 400, CLOSED), str(reply)
    for seen in watch.requests():
        assert "\x0b" not in seen.head and "\x0c" not in seen.head and ";q=1" not in seen.head
        assert b'"body": "hello"' in reply.body


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("fold", ["a\r\n Host: blocked.test", "a\r\n\tb", "a\r\n  Transfer-Encoding: chunked"])
def test_C07_folds(pupil: Device, watch: Watch, fold: str, tls: bool) -> None:
    """Refused, or the fold is replaced by a space (RFC 9112 5.2): never forwarded."""
    reply = inside(pupil, tls, "GET {}/ HTTP/1.1", f"Host: allowed.test\r\nX-Note: {fold}\r\n\r\n".encode())
    assert reply.status in (200, 400), str(reply)
    for seen in watch.requests():
        assert not any(line.startswith((" ", "\t")) for line in seen.head.split("\r\n"))
    assert not watch.touching("blocked.test")


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("version", VERSION_CASES, ids=lambda v: v or "0.9-no-version")
def test_C09_versions(pupil: Device, watch: Watch, version: str, tls: bool) -> None:
    reply = inside(pupil, tls, "GET {}/ " + version if version else "GET {}/", b"Host: allowed.test\r\n\r\n")
    assert_refused(reply, {400, 505, CLOSED}, watch)
    assert not watch.requests()


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_C10_pipelined(pupil: Device, watch: Watch, tls: bool) -> None:
    """Two requests in one segment: the first is served, the second judged by itself."""

    def one(host: str) -> bytes:
        return get(host, f"http://{host}/" if pupil.explicit and not tls else "/")

    data = one("allowed.test") + one("blocked.test")
    if tls:
        with pupil.tls("allowed.test") as link:
            link.send(data)
            first, second = link.reply(), link.reply()
    else:
        with pupil.proxy() if pupil.explicit else pupil.direct("allowed.test", 80) as link:
            link.send(data)
            first, second = link.reply(), link.reply()
    assert_served(first)
    assert_refused(second, {403, 421}, watch, "blocked.test")


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_C11_kept_alive(pupil: Device, watch: Watch, tls: bool) -> None:
    """Each request of a kept-alive connection is judged by its own Host; the connection lives on."""
    hosts = ("allowed.test", "blocked.test", "allowed.test")
    with (
        pupil.tls("allowed.test")
        if tls
        else pupil.proxy()
        if pupil.explicit
        else pupil.direct("allowed.test", 80) as link
    ):
        replies = []
        for host in hosts:
            link.send(get(host, f"http://{host}/" if pupil.explicit and not tls else "/"))
            replies.append(link.reply())
    assert_served(replies[0])
    assert_refused(replies[1], {403, 421}, watch, "blocked.test")
    assert replies[2].from_origin or replies[2].error == "closed"


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_C13_chunked_trailers(pupil: Device, tls: bool) -> None:
    reply = (
        pupil.https("allowed.test", get("allowed.test", "/_trailers"))
        if tls
        else pupil.http("allowed.test", "/_trailers")
    )
    assert reply.status == 200 and reply.body == b"<p>origin-ok with trailer" and not reply.error


def test_C13_h2_trailers(pupil: Device) -> None:
    reply = pupil.h2("allowed.test", fields("allowed.test", "/_trailers"))
    assert reply.status == 200 and reply.body == b"<p>origin-ok with trailer" and not reply.error


def test_C13_request_trailers(pupil: Device) -> None:
    rest = post("Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n")
    reply = inside(pupil, True, "POST {}/_echo HTTP/1.1", rest)
    assert reply.status == 400 or b'"body": "hello"' in reply.body


H2_HEADERS = {
    "C15-space-in-path": fields("allowed.test", "/x HTTP/1.1"),
    "C15-smuggled": fields("allowed.test", "/ HTTP/1.1\r\nHost: blocked.test\r\n\r\nGET /smuggled"),
    "C15-tab": fields("allowed.test", "/x\ty"),
    "C15-no-slash": fields("allowed.test", "x"),
    "C15-absolute": fields("allowed.test", "http://blocked.test/"),
    "C15-empty": fields("allowed.test", ""),
    "C15-method-space": fields("allowed.test", "/", "GET /x"),
    "C15-method-newline": fields("allowed.test", "/", "GET\r\nx"),
    "C15-newline-in-value": fields("allowed.test", "/", "GET", ("x-note", "a\r\nhost: blocked.test")),
    "C15-nul-in-value": fields("allowed.test", "/", "GET", ("x-note", "a\x00b")),
    "C15-upper-case-name": fields("allowed.test", "/", "GET", ("X-Note", "a")),
    "C15-colon-in-name": fields("allowed.test", "/", "GET", ("x-note: y\r\nhost", "blocked.test")),
    "C15-transfer-encoding": fields("allowed.test", "/", "POST", ("transfer-encoding", "chunked")),
    "C15-connection": fields("allowed.test", "/", "GET", ("connection", "keep-alive")),
    "C15-scheme": [(":method", "GET"), (":scheme", "ftp"), (":authority", "allowed.test"), (":path", "/")],
    "C15-late-pseudo": [
        (":method", "GET"),
        (":scheme", "https"),
        ("x-note", "a"),
        (":authority", "allowed.test"),
        (":path", "/"),
    ],
    "C15-two-paths": [*fields("allowed.test", "/"), (":path", "/x")],
}


@pytest.mark.parametrize("headers", [pytest.param(headers, id=name) for name, headers in H2_HEADERS.items()])
def test_h2_headers(pupil: Device, watch: Watch, headers: list[tuple[str, str]]) -> None:
    reply = pupil.h2("allowed.test", headers)
    assert_refused(reply, {400, 403, CLOSED}, watch, "blocked.test")
    assert not watch.requests(), f"forwarded: {watch.requests()}"


@pytest.mark.parametrize("length", ["3", "50", "x", "-5"])
def test_C17_length_and_data_differ(pupil: Device, watch: Watch, length: str) -> None:
    reply = pupil.h2("allowed.test", fields("allowed.test", "/_echo", "POST", ("content-length", length)), b"hello")
    assert_refused(reply, {400, CLOSED}, watch)
    assert not watch.requests()


@pytest.mark.parametrize("value", ["h2c", "H2C", "h2c, x", "x, h2c", " h2c"])
def test_C18_h2c_upgrade(pupil: Device, watch: Watch, value: str) -> None:
    """Stripped (then an ordinary answer) or refused; never switched."""
    settings = ("Connection: Upgrade, HTTP2-Settings", f"Upgrade: {value}", "HTTP2-Settings: AAMAAABkAAQAAP__")
    reply = pupil.plain(get("allowed.test", "http://allowed.test/" if pupil.explicit else "/", *settings))
    assert reply.status in (200, 400, 403), str(reply)
    assert not any("pgrade" in c.head or "HTTP2-Settings" in c.head for c in watch.requests())


def test_C18_prior_knowledge(pupil: Device, watch: Watch) -> None:
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"
    assert_refused(pupil.plain(preface), {400, 403, 505, CLOSED}, watch)
    assert not watch.requests()


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("upgrade", ["foo", "tls/1.0", "ssh", "websocket2", "connect-udp", "TLS/1.0, websocket"])
def test_C19_other_upgrades(pupil: Device, watch: Watch, upgrade: str, tls: bool) -> None:
    """The origin agrees to any upgrade: no raw byte may come through."""
    extra = ("Connection: upgrade", f"Upgrade: {upgrade}")
    target = "http://allowed.test/_switch" if pupil.explicit and not tls else "/_switch"
    with (
        pupil.tls("allowed.test")
        if tls
        else pupil.proxy()
        if pupil.explicit
        else pupil.direct("allowed.test", 80) as link
    ):
        link.send(get("allowed.test", target, *extra))
        reply = link.reply()
        rest = link.until_closed(0.3)
    assert reply.status in (400, 403, 502), str(reply)
    assert b"RAW-TUNNEL" not in reply.body + rest


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "BREW", "OPTIONS", "PATCH", "DELETE", "M-SEARCH", "get"])
def test_C20_methods(pupil: Device, watch: Watch, method: str) -> None:
    """The method opens nothing; on an allowed name nothing crashes."""
    assert_refused(
        pupil.https("blocked.test", get("blocked.test", method=method)), {400, 403, 405}, watch, "blocked.test"
    )
    assert pupil.https("allowed.test", get("allowed.test", method=method)).status in (200, 400, 403, 405)


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_C20_expect(pupil: Device, watch: Watch, tls: bool) -> None:
    rest = post("Content-Length: 5", "Expect: 100-continue").replace(b"allowed", b"blocked")
    reply = inside(pupil, tls, "POST {}/ HTTP/1.1", rest, "blocked.test")
    assert_refused(reply, {403, 417}, watch, "blocked.test")


def test_C20_options_star(pupil: Device, watch: Watch) -> None:
    data = b"OPTIONS * HTTP/1.1\r\nHost: blocked.test\r\n\r\n"
    assert_refused(pupil.plain(data, "blocked.test"), {400, 403, 405}, watch, "blocked.test")


@pytest.mark.parametrize("line", ["connect allowed.test:443 HTTP/1.1", "Connect blocked.test:443 HTTP/1.1"])
def test_C20_lower_case_connect(pupil: Device, watch: Watch, line: str) -> None:
    assert_refused(
        pupil.plain(f"{line}\r\nHost: allowed.test\r\n\r\n".encode()), {400, 403, 405}, watch, "blocked.test"
    )
    assert not watch.requests()


def test_after_all_this_it_still_serves(pupil: Device) -> None:
    assert_served(pupil.https("allowed.test"))
    assert_served(pupil.h2("allowed.test"))
    assert_served(pupil.http("allowed.test"))
