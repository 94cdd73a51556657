"""The engine: which functions hear a hook, who is let in, and how it ends."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from mitmproxy import http

from hedgerow import metrics
from hedgerow.proxy import master
from hedgerow.proxy.master import Pages, listeners
from tests.proxy.lab import OK, Lab, closed, lab, read_all


class First:
    def requestheaders(self, flow: http.HTTPFlow) -> None:
        return None

    def running(self) -> None:
        raise AssertionError("there is no mitmproxy Master here")

    def helper(self) -> None:
        raise AssertionError("no hook")


class Second(First):
    def response_prefix(self, flow: http.HTTPFlow, data: bytes) -> bool:
        return True


def test_hooks_are_heard_in_the_addons_order() -> None:
    first, second = First(), Second()
    table = listeners([first, second])
    assert table["requestheaders"] == (first.requestheaders, second.requestheaders)
    assert table["response_prefix"] == (second.response_prefix,)
    assert set(table) == {"requestheaders", "response_prefix"}


def test_methods_replaced_before_the_start_are_the_ones_that_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    monkeypatch.setattr(First, "requestheaders", lambda self, flow: calls.append(flow))
    listeners([First()])["requestheaders"][0]("flow")
    assert calls == ["flow"]


def get(here: Lab, host: str = "allowed.test") -> bytes:
    target = f"{host}:{here.origin_port}"
    return f"GET http://{target}/ HTTP/1.1\r\nHost: {target}\r\n\r\n".encode()


def test_one_client_has_so_many_connections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(master, "CONNECTIONS_PER_CLIENT", 3)

    async def run() -> None:
        async with lab(tmp_path, tls=False) as here:
            dialled = [await here.dial() for _ in range(3)]
            await asyncio.sleep(0.05)
            refused, _ = await here.dial()
            assert await closed(refused, 1)
            dialled[0][1].close()
            await asyncio.sleep(0.1)
            assert await here.raw(get(here)) == OK, "one left, one may come"

    asyncio.run(run())


def test_a_drain_ends_idle_connections_and_lets_requests_finish(tmp_path: Path) -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.6)
        writer.write(OK)
        await reader.read()
        writer.close()

    async def run() -> None:
        async with lab(tmp_path, tls=False, serve=slow) as here:
            idle, _ = await here.dial()
            busy, writer = await here.dial()
            writer.write(get(here))
            await asyncio.sleep(0.3)
            started = time.monotonic()
            drain = asyncio.create_task(here.engine.drain(5))
            assert await closed(idle, 1)
            assert (await read_all(busy)) == OK
            await drain
            assert time.monotonic() - started < 3 and not here.engine.handlers
            late, _ = await here.dial()
            assert await closed(late, 1)

    asyncio.run(run())


def test_what_does_not_end_is_ended(tmp_path: Path) -> None:
    async def run() -> None:
        async with lab(tmp_path, tls=False) as here:
            here.origin.answer = b""
            reader, writer = await here.dial()
            writer.write(get(here))
            await asyncio.sleep(0.2)
            await here.engine.drain(0.3)
            assert await closed(reader, 1)

    asyncio.run(run())


def test_an_error_page_that_fails_is_the_plain_one(tmp_path: Path) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    async def run() -> None:
        async with lab(tmp_path, tls=False, pages=Pages(error=broken)) as here:  # type: ignore[arg-type]
            assert (await here.raw(b"nonsense\r\n\r\n")).endswith(b"400 bad-request\n")

    before = metrics.FAULTS.labels("error-page")._value.get()
    asyncio.run(run())
    assert metrics.FAULTS.labels("error-page")._value.get() == before + 1


def test_loop_lag_is_measured(tmp_path: Path) -> None:
    async def run() -> None:
        async with lab(tmp_path, tls=False):
            await asyncio.sleep(0.15)
            time.sleep(0.4)  # noqa: ASYNC251 -- the very thing that is measured
            await asyncio.sleep(0.01)
            assert metrics.LOOP_LAG._value.get() > 0.2

    asyncio.run(run())
