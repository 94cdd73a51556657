"""Work beside the loop: one exchange waits for it, all others go on; what goes wrong in it refuses."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from mitmproxy import http

from hedgerow.proxy import guard
from hedgerow.proxy.guard import Guard
from tests.proxy.lab import OK, Lab, lab, read_all

Work = Callable[[], None]


class Reader:
    """Has something to do ahead of the hooks named, for paths with "long"; hears the hooks."""

    def __init__(self, work: Work, *names: str) -> None:
        self._work, self._names = work, names
        self.heard: list[str] = []
        self.asked: list[tuple[str, int]] = []

    def work_ahead(self, name: str, flow: http.HTTPFlow, data: bytes) -> Work | None:
        self.asked.append((name, len(data)))
        return self._done if name in self._names and "long" in flow.request.path else None

    def _done(self) -> None:
        self._work()
        self.heard.append("work")

    def request(self, flow: http.HTTPFlow) -> None:
        self.heard.append("request")

    def response(self, flow: http.HTTPFlow) -> None:
        self.heard.append("response")

    def error(self, flow: http.HTTPFlow) -> None:
        self.heard.append("error")


def run(tmp_path: Path, reader: Reader, work: Callable[[Lab], Awaitable[None]], made: Guard | None = None) -> None:
    async def main() -> None:
        async with lab(tmp_path, [reader], tls=False, guard=made, ahead=reader.work_ahead) as here:
            await work(here)

    asyncio.run(main())


def asking(here: Lab, path: str) -> bytes:
    host = f"allowed.test:{here.origin_port}"
    return f"GET http://{host}{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


@pytest.mark.parametrize("name", ["request", "response"])
def test_it_is_done_before_the_hook(tmp_path: Path, name: str) -> None:
    reader = Reader(lambda: time.sleep(0.05), name)

    async def work(here: Lab) -> None:
        assert await here.raw(asking(here, "/long")) == OK

    run(tmp_path, reader, work)
    assert reader.heard.index("work") == reader.heard.index(name) - 1 and reader.heard.count("work") == 1


@pytest.mark.alone
def test_others_go_on_meanwhile(tmp_path: Path) -> None:
    reader = Reader(lambda: time.sleep(2.5), "response")

    async def work(here: Lab) -> None:
        slow = asyncio.create_task(here.raw(asking(here, "/long")))
        await asyncio.sleep(0.1)
        started = time.monotonic()
        for _ in range(5):
            assert await here.raw(asking(here, "/quick")) == OK
        quick = time.monotonic() - started
        assert not slow.done() and quick < 2
        assert await slow == OK

    run(tmp_path, reader, work)


def test_pipelined_requests_keep_their_order(tmp_path: Path) -> None:
    reader = Reader(lambda: time.sleep(0.2), "response")

    async def work(here: Lab) -> None:
        reader_, writer = await here.dial()
        writer.write(asking(here, "/long") + asking(here, "/quick"))
        assert await read_all(reader_) == OK + OK

    run(tmp_path, reader, work)
    assert reader.heard == ["request", "work", "response", "request", "response"]


@pytest.mark.parametrize("name", ["request", "response"])
def test_a_fault_in_it_shows_the_fault_page(tmp_path: Path, name: str) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    async def work(here: Lab) -> None:
        answer = await here.raw(asking(here, "/long"))
        assert b" 503 " in answer and b"hello" not in answer
        assert here.origin.contacts == (name == "response")
        assert await here.raw(asking(here, "/quick")) == OK

    run(tmp_path, Reader(fail, name), work)


def test_one_that_takes_too_long_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "READING_SECONDS", 0.2)

    async def work(here: Lab) -> None:
        assert b" 503 " in await here.raw(asking(here, "/long"))

    run(tmp_path, Reader(lambda: time.sleep(0.7), "response"), work)


def test_a_client_that_leaves_meanwhile_is_recorded(tmp_path: Path) -> None:
    reader = Reader(lambda: time.sleep(0.3), "response")

    async def work(here: Lab) -> None:
        _, writer = await here.dial()
        writer.write(asking(here, "/long"))
        await asyncio.sleep(0.15)
        writer.close()
        await asyncio.sleep(0.6)

    run(tmp_path, reader, work)
    assert reader.heard[:2] == ["request", "work"] and reader.heard[-1] in ("response", "error")


def test_a_fault_in_asking_refuses_in_the_hook(tmp_path: Path) -> None:
    class Broken(Reader):
        def work_ahead(self, name: str, flow: http.HTTPFlow, data: bytes) -> Work | None:
            raise ZeroDivisionError

    async def work(here: Lab) -> None:
        assert b" 503 " in await here.raw(asking(here, "/long"))

    run(tmp_path, Broken(lambda: None), work)
