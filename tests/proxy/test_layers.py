"""Bodies: held no longer than their limit, judged before the first byte leaves, and nothing of a refused one leaks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from mitmproxy import http

from hedgerow.proxy import layers, limits
from tests.proxy.lab import OK, Lab, lab, read_all

PAGE = b"our page"
SECRET = b"SECRET"


def page(flow: http.HTTPFlow) -> None:
    flow.response = http.Response.make(403, PAGE, {"X-Hedgerow-Action": "block"})


class Judge:
    """An addon whose hooks are what a test sets."""

    def __init__(self, **hooks: Callable[..., object]) -> None:
        self.heard: list[str] = []
        self.prefixes: list[int] = []
        for name in ("requestheaders", "request", "responseheaders", "response", "error"):
            setattr(self, name, self._hook(name, hooks.get(name, lambda flow: None)))
        for name in ("response_prefix", "request_prefix"):
            if name in hooks:
                setattr(self, name, self._prefix(hooks[name]))

    def _hook(self, name: str, inner: Callable[..., object]) -> Callable[[http.HTTPFlow], object]:
        def hook(flow: http.HTTPFlow) -> object:
            self.heard.append(name)
            return inner(flow)

        return hook

    def _prefix(self, inner: Callable[..., object]) -> Callable[[http.HTTPFlow, bytes], object]:
        def hook(flow: http.HTTPFlow, data: bytes) -> object:
            self.prefixes.append(len(data))
            return inner(flow, data)

        return hook


def run(tmp_path: Path, judge: Judge, work: Callable[[Lab], Awaitable[None]]) -> None:
    async def main() -> None:
        async with lab(tmp_path, [judge], tls=False) as here:
            await work(here)

    asyncio.run(main())


def request(here: Lab, path: str = "/", method: str = "GET", *fields: str) -> bytes:
    host = f"allowed.test:{here.origin_port}"
    return "\r\n".join([f"{method} http://{host}{path} HTTP/1.1", f"Host: {host}", *fields, "", ""]).encode()


def sized(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def limited(flow: http.HTTPFlow) -> None:
    flow.metadata[layers.LIMIT] = 1000
    flow.metadata[layers.REQUEST_LIMIT] = 1000


def refuse(flow: http.HTTPFlow, _data: bytes) -> bool:
    page(flow)
    return False


@pytest.mark.parametrize("when", ["requestheaders", "request"])
def test_a_refused_request_dials_nobody(tmp_path: Path, when: str) -> None:
    judge = Judge(**{when: page})

    async def work(here: Lab) -> None:
        assert PAGE in await here.raw(request(here))
        assert here.origin.contacts == 0

    run(tmp_path, judge, work)
    assert judge.heard[-1] == "response"


@pytest.mark.parametrize("when", ["responseheaders", "response"])
@pytest.mark.parametrize("size", [20, 300_000])
def test_a_replaced_response_leaks_nothing(tmp_path: Path, when: str, size: int) -> None:
    """In stock mitmproxy a response replaced in ``responseheaders`` is followed by the origin's body."""
    judge = Judge(**{when: page}, requestheaders=lambda flow: None)

    async def work(here: Lab) -> None:
        here.origin.answer = sized(SECRET * (size // 6))
        answer = await here.raw(request(here))
        assert PAGE in answer and SECRET not in answer
        here.origin.answer = OK
        assert PAGE in await here.raw(request(here))

    run(tmp_path, judge, work)


def test_the_connection_goes_on_after_a_replaced_response(tmp_path: Path) -> None:
    judge = Judge(responseheaders=lambda flow: page(flow) if flow.request.path == "/bad" else None)

    async def work(here: Lab) -> None:
        here.origin.answer = sized(b"x" * 100_000)
        reader, writer = await here.dial()
        writer.write(request(here, "/bad"))
        assert PAGE in await read_all(reader)
        here.origin.answer = OK
        writer.write(request(here, "/good"))
        assert await read_all(reader) == OK

    run(tmp_path, judge, work)


def test_a_large_body_is_judged_by_its_beginning_and_streams_behind_it(tmp_path: Path) -> None:
    judge = Judge(responseheaders=limited, response_prefix=lambda flow, data: True)

    async def work(here: Lab) -> None:
        here.origin.answer = sized(b"x" * 500_000)
        assert await here.raw(request(here)) == here.origin.answer

    run(tmp_path, judge, work)
    assert len(judge.prefixes) == 1 and 1000 < judge.prefixes[0] < 200_000
    assert judge.heard == ["requestheaders", "request", "responseheaders", "response"]


def test_a_large_body_that_is_refused_leaks_nothing(tmp_path: Path) -> None:
    judge = Judge(responseheaders=limited, response_prefix=refuse)

    async def work(here: Lab) -> None:
        here.origin.answer = sized(SECRET * 50_000)
        answer = await here.raw(request(here))
        assert PAGE in answer and SECRET not in answer

    run(tmp_path, judge, work)
    assert judge.heard.count("response") == 1


def test_a_small_body_is_held_whole(tmp_path: Path) -> None:
    judge = Judge(responseheaders=limited, response_prefix=refuse)

    async def work(here: Lab) -> None:
        here.origin.answer = sized(b"x" * 1000)
        assert await here.raw(request(here)) == here.origin.answer

    run(tmp_path, judge, work)
    assert judge.prefixes == []


def test_an_addon_that_says_nothing_still_cannot_hold_without_end(tmp_path: Path) -> None:
    judge = Judge(response_prefix=lambda flow, data: True)

    async def work(here: Lab) -> None:
        here.origin.answer = sized(b"x" * (limits.DEFAULT_PREFIX + 10))
        assert len(await here.raw(request(here))) == len(here.origin.answer)

    run(tmp_path, judge, work)
    assert judge.prefixes == [limits.DEFAULT_PREFIX + 10] or judge.prefixes[0] > limits.DEFAULT_PREFIX


def post(here: Lab, body: bytes) -> bytes:
    return request(here, "/", "POST", f"Content-Length: {len(body)}") + body


@pytest.mark.parametrize("passes", [True, False])
def test_a_large_upload_is_judged_by_its_beginning(tmp_path: Path, passes: bool) -> None:
    judge = Judge(requestheaders=limited, request_prefix=(lambda flow, data: True) if passes else refuse)

    async def work(here: Lab) -> None:
        body = SECRET * 50_000
        answer = await here.raw(post(here, body))
        assert (answer == OK) is passes and (PAGE in answer) is not passes
        assert here.origin.bodies == ([body] if passes else [])
        assert here.origin.contacts == passes

    run(tmp_path, judge, work)
    assert len(judge.prefixes) == 1


def test_a_refused_requests_body_is_thrown_away(tmp_path: Path) -> None:
    judge = Judge(requestheaders=page)

    async def work(here: Lab) -> None:
        reader, writer = await here.dial()
        writer.write(post(here, b"x" * 100_000))
        assert PAGE in await read_all(reader)
        writer.write(request(here))
        assert PAGE in await read_all(reader), "the connection is kept"
        writer.write(request(here, "/", "POST", "Content-Length: 99999999") + b"x" * (limits.DISCARDED_BODY + 70_000))
        assert PAGE in await read_all(reader), "one without end is answered over"
        assert here.origin.contacts == 0

    run(tmp_path, judge, work)


def test_a_streamed_upload_reaches_the_origin_unheld(tmp_path: Path) -> None:
    def stream(flow: http.HTTPFlow) -> None:
        flow.request.stream = True

    async def work(here: Lab) -> None:
        body = b"x" * 400_000
        assert await here.raw(post(here, body)) == OK
        assert here.origin.bodies == [body]

    run(tmp_path, Judge(requestheaders=stream), work)


@pytest.mark.parametrize("upgrade", ["foo", "h2c", "websocket"])
def test_a_101_to_anything_but_websocket_is_no_tunnel(tmp_path: Path, upgrade: str) -> None:
    async def work(here: Lab) -> None:
        here.origin.answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\nConnection: Upgrade\r\n\r\n" + SECRET
        answer = await here.raw(request(here, "/", "GET", f"Upgrade: {upgrade}", "Connection: Upgrade"))
        assert answer.startswith(b"HTTP/1.1 502 ") and SECRET not in answer

    run(tmp_path, Judge(), work)


def test_a_silent_origin_is_a_504(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "FIRST_BYTE_SECONDS", 0.3)
    judge = Judge()

    async def work(here: Lab) -> None:
        here.origin.answer = b""
        assert (await here.raw(request(here))).startswith(b"HTTP/1.1 504 ")
        assert not [handler for handler in here.engine.handlers if handler.client.awaited]

    run(tmp_path, judge, work)
    assert judge.heard[-1] == "error"


def test_nothing_waits_for_an_origin_that_answered(tmp_path: Path) -> None:
    async def work(here: Lab) -> None:
        reader, writer = await here.dial()
        writer.write(request(here))
        assert await read_all(reader) == OK
        (handler,) = here.engine.handlers
        assert not handler.client.awaited

    run(tmp_path, Judge(), work)


def test_an_origin_that_failed_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """mitmproxy remembers the failure for as long as the client's connection lives."""
    monkeypatch.setattr(layers, "_RETRY_SECONDS", 0.0)

    async def work(here: Lab) -> None:
        here.engine.dialer.seconds = 0.0
        assert (await here.raw(request(here))).startswith(b"HTTP/1.1 504 ")
        here.engine.dialer.seconds = 2.0
        assert await here.raw(request(here)) == OK

    run(tmp_path, Judge(), work)


def test_an_origin_that_breaks_off_is_told(tmp_path: Path) -> None:
    async def work(here: Lab) -> None:
        here.origin.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"
        reader, writer = await here.dial()
        writer.write(request(here))
        await asyncio.sleep(0.2)
        for handler in here.engine.handlers:
            for connection in list(handler.transports):
                if connection is not handler.client:
                    handler.close_connection(connection)
        answer = await read_all(reader)
        assert answer.startswith(b"HTTP/1.1 502 ") and b"short" not in answer

    run(tmp_path, Judge(), work)
