"""HTTP/1 as raw bytes, through the real engine and layers to a real origin."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from hedgerow.proxy import http1, limits
from tests.proxy.lab import OK, Lab, closed, lab, read_all


def send(tmp_path: Path, request: bytes, answer: bytes = OK) -> tuple[bytes, int, list[bytes]]:
    """The proxy's answer to raw bytes (PORT becomes the origin's), how often the origin was dialled, what it saw."""

    async def run() -> tuple[bytes, int, list[bytes]]:
        async with lab(tmp_path, tls=False) as here:
            here.origin.answer = answer
            got = await here.raw(request.replace(b"PORT", str(here.origin_port).encode()))
            return got, here.origin.contacts, here.origin.heads

    return asyncio.run(run())


def get(
    *fields: str, line: str = "GET http://allowed.test:PORT/ HTTP/1.1", host: str = "Host: allowed.test:PORT"
) -> bytes:
    return "\r\n".join([line, host, *fields, "", ""]).encode("latin-1")


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(get("X: a\rb"), id="bare-cr"),
        pytest.param(get("X: a\x00b"), id="nul"),
        pytest.param(get("X: a", " Host: evil.test"), id="obs-fold"),
        pytest.param(get("\tX: a"), id="leading-tab"),
        pytest.param(get("X : a"), id="space-before-colon"),
        pytest.param(get("no colon"), id="no-colon"),
        pytest.param(get(": a"), id="no-name"),
        pytest.param(get("Transfer-Encoding: \x0bchunked"), id="vertical-tab"),
        pytest.param(get("Host: other.test"), id="two-hosts"),
        pytest.param(get("Content-Length: 5", "Transfer-Encoding: chunked"), id="cl-te"),
        pytest.param(get("Content-Length: 5", "Content-Length: 5"), id="two-lengths"),
        pytest.param(get("Content-Length: +5"), id="signed-length"),
        pytest.param(get("Transfer-Encoding: xchunked"), id="xchunked"),
        pytest.param(get(line="GET http://allowed.test:PORT/ HTTP/9.9"), id="http-9.9"),
        pytest.param(get(line="GET http://allowed.test:PORT/ HTTP/2.0"), id="http-2.0"),
        pytest.param(get(line="GET  http://allowed.test:PORT/ HTTP/1.1"), id="two-spaces"),
        pytest.param(get(line="GET\thttp://allowed.test:PORT/ HTTP/1.1"), id="tab"),
        pytest.param(get(line="GET http://allowed.test:PORT/a b HTTP/1.1"), id="space-in-target"),
        pytest.param(get(line="GET http://allowed.test:PORT/\xff HTTP/1.1"), id="high-byte"),
        pytest.param(get(line="connect allowed.test:443 HTTP/1.1"), id="lower-case-connect"),
        pytest.param(get(line="GET ftp://allowed.test:PORT/ HTTP/1.1"), id="ftp"),
        pytest.param(b"GET /\r\n", id="http-0.9"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", id="h2-prior-knowledge"),
        pytest.param(b"SSH-2.0-OpenSSH_9.9\r\n", id="ssh"),
        pytest.param(b"PROXY TCP4 192.0.2.1 192.0.2.2 1 80\r\n" + get(), id="proxy-protocol"),
    ],
)
def test_what_can_be_read_in_two_ways_is_400_and_dials_nobody(tmp_path: Path, request_bytes: bytes) -> None:
    answer, contacts, _ = send(tmp_path, request_bytes)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert contacts == 0
    assert b"x-hedgerow-action" in answer.lower() and b"mitmproxy" not in answer.lower()


@pytest.mark.parametrize("first", [b"\x16\x03\x01\x00\x05hello", b"\x00\x00\x00", b"\r\n\xff\r\n", b"\x80abc"])
def test_what_is_no_http_at_all_is_closed(tmp_path: Path, first: bytes) -> None:
    answer, contacts, _ = send(tmp_path, first)
    assert b"200" not in answer and contacts == 0


def test_an_ordinary_request_passes_after_empty_lines(tmp_path: Path) -> None:
    answer, contacts, heads = send(tmp_path, b"\r\n\r\n" + get("X-Fine: a\tb \xff"))
    assert answer == OK and contacts == 1
    assert b"\xff" in heads[0]


@pytest.mark.parametrize(
    "fields, status",
    [(["X: " + "a" * limits.MAX_HEAD], 431), (["X: a"] * (limits.MAX_FIELDS + 1), 431), (["X: a"] * 100, 200)],
)
def test_heads_are_bounded(tmp_path: Path, fields: list[str], status: int) -> None:
    answer, contacts, _ = send(tmp_path, get(*fields))
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert contacts == (status == 200)


def test_an_endless_head_is_cut_off(tmp_path: Path) -> None:
    endless = get()[:-2] + b"X: a\r\n" * 20_000
    assert send(tmp_path, endless)[0].startswith(b"HTTP/1.1 431 ")


TRAILERS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"


def test_trailers_do_no_harm(tmp_path: Path) -> None:
    """C13: mitmproxy's connection crashed here."""
    answer, _, _ = send(tmp_path, get(), TRAILERS)
    assert answer.startswith(b"HTTP/1.1 200 OK") and answer.endswith(b"5\r\nhello\r\n0\r\n\r\n")
    assert b"X-Sum: 1" not in answer


def test_request_trailers_are_dropped_too(tmp_path: Path) -> None:
    body = b"5\r\nhello\r\n0\r\nX-Secret: 1\r\n\r\n"
    request = get("Transfer-Encoding: chunked", line="POST http://allowed.test:PORT/ HTTP/1.1") + body
    answer, contacts, heads = send(tmp_path, request)
    assert answer.startswith(b"HTTP/1.1 200") and contacts == 1
    assert b"X-Secret" not in b"".join(heads)


@pytest.mark.parametrize(
    "body",
    [
        b"ffffffffffffffffffffff\r\nhello",
        b"+5\r\nhello\r\n0\r\n\r\n",
        b"0x5\r\nhello\r\n0\r\n\r\n",
        b"5;" + b"x" * (limits.MAX_FRAMING + 1),
        b"0\r\nX: " + b"x" * (limits.MAX_FRAMING + 1),
    ],
)
def test_broken_chunks_reach_no_origin(tmp_path: Path, body: bytes) -> None:
    request = get("Transfer-Encoding: chunked", line="POST http://allowed.test:PORT/ HTTP/1.1") + body
    answer, contacts, _ = send(tmp_path, request)
    assert b" 200 " not in answer and contacts == 0


@pytest.mark.parametrize("size", [b"f" * 16, b"8" + b"0" * 15, b"f" * 18, b"f" * 20])
def test_a_chunk_no_origin_can_count_is_refused_at_once(tmp_path: Path, size: bytes) -> None:
    """C12: h11 would wait for 2^72 bytes; where 64 bits overflow, the next request may begin inside the body."""
    request = get("Transfer-Encoding: chunked", line="POST http://allowed.test:PORT/ HTTP/1.1") + size + b"\r\nhello"
    started = time.monotonic()
    answer, contacts, _ = send(tmp_path, request)
    assert b" 200 " not in answer and contacts == 0 and time.monotonic() - started < 5


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"nonsense\r\n\r\n", id="no-status-line"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n", id="bare-cr"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", id="two-lengths"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", id="cl-te"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 20_000, id="endless"),
        pytest.param(b"HTTP/1.1 99 OK\r\n\r\n", id="status-99"),
    ],
)
def test_an_origin_that_speaks_badly_is_our_502(tmp_path: Path, answer: bytes) -> None:
    got, _, _ = send(tmp_path, get(), answer)
    assert got.startswith(b"HTTP/1.1 502 ")
    assert b"x-hedgerow-action" in got.lower() and b"mitmproxy" not in got.lower()


def test_interim_responses_are_not_the_answer(tmp_path: Path) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    assert send(tmp_path, get(), early + OK)[0] == OK


def test_expect_100_continue(tmp_path: Path) -> None:
    line = "POST http://allowed.test:PORT/ HTTP/1.1"
    answer, _, _ = send(tmp_path, get("Expect: 100-continue", "Content-Length: 5", line=line) + b"hello")
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n") and answer.endswith(OK)


def test_pipelined_requests_are_answered_in_order(tmp_path: Path) -> None:
    answer, contacts, heads = send(tmp_path, get() + get(line="GET http://allowed.test:PORT/2 HTTP/1.1"))
    assert answer == OK + OK and contacts == 1
    assert [head.split()[1] for head in heads] == [b"/", b"/2"]


def test_a_pipeline_without_end_is_closed(tmp_path: Path) -> None:
    async def run() -> None:
        async with lab(tmp_path, tls=False, serve=silent) as here:
            reader, writer = await here.dial()
            writer.write(get().replace(b"PORT", str(here.origin_port).encode()))
            await asyncio.sleep(0.2)
            writer.write(b"x" * (limits.MAX_PIPELINED + 70_000))
            assert await closed(reader, 5)

    asyncio.run(run())


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await reader.read(1)
        await asyncio.sleep(10)
    finally:
        writer.close()


def test_a_slow_head_is_closed_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hedgerow.proxy.handler.HEADER_SECONDS", 0.3)

    async def run(here: Lab) -> None:
        reader, writer = await here.dial()
        for byte in b"GET http":
            writer.write(bytes([byte]))
            await asyncio.sleep(0.1)
        assert await closed(reader, 2)

    asyncio.run(within(tmp_path, run))


def test_a_stalled_body_is_closed_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http1, "BODY_STALL_SECONDS", 0.3)

    async def run(here: Lab) -> None:
        reader, writer = await here.dial()
        line = f"POST http://allowed.test:{here.origin_port}/ HTTP/1.1"
        writer.write(get("Content-Length: 9", line=line, host=f"Host: allowed.test:{here.origin_port}") + b"a")
        for _ in range(4):
            await asyncio.sleep(0.15)
            writer.write(b"b")  # it moves: fine
        assert not reader.at_eof()
        assert await closed(reader, 2)
        assert here.origin.contacts == 0

    asyncio.run(within(tmp_path, run))


def test_a_client_that_never_speaks_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hedgerow.proxy.handler.HEADER_SECONDS", 0.2)

    async def run(here: Lab) -> None:
        reader, _ = await here.dial()
        assert await closed(reader, 2)

    asyncio.run(within(tmp_path, run))


async def within(tmp_path: Path, run: object) -> None:
    async with lab(tmp_path, tls=False) as here:
        await run(here)  # type: ignore[operator]


def test_kept_alive_after_a_pause(tmp_path: Path) -> None:
    async def run(here: Lab) -> None:
        reader, writer = await here.dial()
        for _ in range(3):
            writer.write(get().replace(b"PORT", str(here.origin_port).encode()))
            assert await read_all(reader) == OK
        assert here.origin.contacts == 1

    asyncio.run(within(tmp_path, run))
