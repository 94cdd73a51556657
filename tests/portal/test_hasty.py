"""A port of our own against those who open connections and say nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from hedgerow.portal import hasty
from hedgerow.portal.hasty import Hasty
from tests.proxy.lab import free_port

type Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def served(test: Callable[[Callable[[], Awaitable[Streams]]], Awaitable[None]]) -> None:
    async def main() -> None:
        port = free_port()
        app = PlainTextResponse("here", headers={"connection": "close"})
        config = uvicorn.Config(app, port=port, http=Hasty, log_config=None, lifespan="off", ws="none")
        server = uvicorn.Server(config)
        task = asyncio.create_task(server._serve())
        while not server.started:
            await asyncio.sleep(0.01)
        await test(lambda: asyncio.open_connection("127.0.0.1", port))
        server.should_exit = True
        await task
        assert not Hasty.open_by_address

    asyncio.run(main())


async def ended(reader: asyncio.StreamReader) -> bool:
    try:
        return await asyncio.wait_for(reader.read(), 5) == b""
    except ConnectionError:
        return True


def test_who_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hasty, "SECONDS", 0.3)

    async def test(dial: Callable[[], Awaitable[Streams]]) -> None:
        for said in (b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "):
            reader, writer = await dial()
            writer.write(said)
            assert await ended(reader)
            writer.close()

    served(test)


def test_one_address_has_its_share_and_gets_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hasty, "ADDRESS_MOST", 3)

    async def test(dial: Callable[[], Awaitable[Streams]]) -> None:
        held = [await dial() for _ in range(3)]
        await asyncio.sleep(0.05)
        reader, writer = await dial()
        assert await ended(reader)
        writer.close()
        for _, other in held:
            other.close()
        await asyncio.sleep(0.1)
        reader, writer = await dial()
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await asyncio.wait_for(reader.read(), 5)).endswith(b"here")
        writer.close()

    served(test)
