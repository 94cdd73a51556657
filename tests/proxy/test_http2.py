"""HTTP/2 from the client: odd streams are refused one by one, the connection and its other streams go on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from mitmproxy import http

from hedgerow.proxy.limits import MAX_FIELDS, MAX_HEAD
from tests.proxy.h2 import H2
from tests.proxy.lab import Lab, lab


class Blocks:
    """Refuses everything with a page, so that no origin is needed; ``pages`` counts."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        self.paths.append(flow.request.path)
        flow.request.data.host = "other.test"
        if flow.request.path != "/through":
            flow.response = http.Response.make(403, b"our page")


def run(tmp_path: Path, work: Callable[[Lab, H2], Awaitable[None]], addon: Blocks | None = None) -> None:
    async def main() -> None:
        async with lab(tmp_path, [addon or Blocks()]) as here:
            reader, writer = await here.tunnel("other.test", ("h2",))
            await work(here, H2(reader, writer))

    asyncio.run(main())


def fields(**changes: str) -> list[tuple[str, str]]:
    given = {"method": "GET", "scheme": "https", "authority": "other.test", "path": "/", **changes}
    return [(f":{name}", value) for name, value in given.items() if value != "-"]


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(fields(path="/x HTTP/1.1"), id="space-in-path"),
        pytest.param(fields(path="/x\tb"), id="tab-in-path"),
        pytest.param(fields(path=""), id="empty-path"),
        pytest.param(fields(path="/ü"), id="not-ascii"),
        pytest.param(fields(authority="allowed.test:x"), id="port"),
        pytest.param(fields(authority="a@other.test"), id="userinfo"),
        pytest.param(fields(scheme="http"), id="scheme"),
        pytest.param(fields(scheme="ftp"), id="ftp"),
        pytest.param([*fields(), ("x", "a\r\nb")], id="crlf"),
        pytest.param([*fields(), ("x", "a\0b")], id="nul"),
        pytest.param([*fields(), *[("x", "a")] * (MAX_FIELDS + 1)], id="fields"),
    ],
)
def test_an_odd_stream_is_refused_and_no_hook_sees_it(tmp_path: Path, odd: list[tuple[str, str]]) -> None:
    addon = Blocks()

    async def work(here: Lab, client: H2) -> None:
        status, body = await client.ask(odd)
        assert status in (0, 400, 431) and b"our page" not in body
        assert here.origin.contacts == 0

    run(tmp_path, work, addon)
    assert addon.paths == []


def test_the_other_streams_go_on(tmp_path: Path) -> None:
    async def work(here: Lab, client: H2) -> None:
        assert (await client.ask(fields(path="/x HTTP/1.1")))[0] == 400
        assert await client.ask(fields()) == (403, b"our page")

    run(tmp_path, work)


@pytest.mark.parametrize(
    "asked",
    [
        [(":method", "CONNECT"), (":authority", "other.test:443")],
        [
            (":method", "CONNECT"),
            (":protocol", "websocket"),
            (":scheme", "https"),
            (":path", "/"),
            (":authority", "other.test"),
        ],
        [
            (":method", "CONNECT"),
            (":protocol", "connect-udp"),
            (":scheme", "https"),
            (":path", "/"),
            (":authority", "other.test"),
        ],
    ],
    ids=["connect", "extended", "masque"],
)
def test_connect_is_refused(tmp_path: Path, asked: list[tuple[str, str]]) -> None:
    async def work(here: Lab, client: H2) -> None:
        assert (await client.ask(asked))[0] in (0, 400)
        assert here.origin.contacts == 0

    run(tmp_path, work)


def test_a_length_that_lies_reaches_no_origin(tmp_path: Path) -> None:
    """C17: content-length 50, five bytes of DATA."""

    async def work(here: Lab, client: H2) -> None:
        posted = [*fields(method="POST", path="/through"), ("content-length", "50")]
        assert (await client.ask(posted, b"hello"))[0] in (0, 400)
        await asyncio.sleep(0.1)
        assert here.origin.heads == []

    run(tmp_path, work)


def test_an_origin_that_cannot_be_reached_is_our_page(tmp_path: Path) -> None:
    async def work(here: Lab, client: H2) -> None:
        here.engine.dialer.seconds = 0.0
        status, body = await client.ask(fields(path="/through"))
        assert (status, body) == (504, b"504 timeout\n")

    run(tmp_path, work)


def test_huge_heads_are_refused(tmp_path: Path) -> None:
    async def work(here: Lab, client: H2) -> None:
        more = [(f"x-{n}", "a" * 8000) for n in range(MAX_HEAD // 8000 + 1)]
        stream = client.connection.get_next_available_stream_id()
        client.connection.send_headers(stream, [*fields(), *more], end_stream=True)
        client.flush()
        assert (await client.answer(stream))[0] in (0, 431)

    run(tmp_path, work)


def test_no_extended_connect_is_offered(tmp_path: Path) -> None:
    async def work(here: Lab, client: H2) -> None:
        await client.ask(fields())
        assert not client.connection.remote_settings.enable_connect_protocol

    run(tmp_path, work)


def test_a_client_that_takes_nothing_does_not_fill_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its windows stay shut: the origin is read no further than the backlog."""
    monkeypatch.setattr("hedgerow.proxy.handler.CLIENT_BACKLOG", 200_000)

    class Streams(Blocks):
        def responseheaders(self, flow: http.HTTPFlow) -> None:
            assert flow.response is not None
            flow.response.stream = True

    async def work(here: Lab, client: H2) -> None:
        size = 20_000_000
        here.origin.answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size
        stream = client.connection.get_next_available_stream_id()
        asked = [*fields(authority=f"other.test:{here.origin_port}", path="/through")]
        client.connection.send_headers(stream, asked, end_stream=True)
        client.flush()
        await asyncio.sleep(0.7)
        (handler,) = here.engine.handlers
        assert 200_000 < handler.client.backlog() < 1_000_000

    run(tmp_path, work, Streams())
