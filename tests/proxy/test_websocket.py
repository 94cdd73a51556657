"""WebSocket through the engine: messages pass and are heard, faults and floods close it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from mitmproxy import http
from mitmproxy.tls import ClientHelloData
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.proxy.lab import Lab, lab, make_origin_context


class Listener:
    """Lets everything through, keeps what it heard, fails where it is told to."""

    def __init__(self, failing: str = "") -> None:
        self.messages: list[bytes] = []
        self._failing = failing

    def tls_clienthello(self, data: ClientHelloData) -> None:
        data.establish_server_tls_first = True

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        flow.request.data.host = "allowed.test"

    def websocket_start(self, flow: http.HTTPFlow) -> None:
        self._fail("websocket_start")

    def websocket_message(self, flow: http.HTTPFlow) -> None:
        self._fail("websocket_message")
        assert flow.websocket is not None
        self.messages.append(flow.websocket.messages[-1].content)
        del flow.websocket.messages[:-1]

    def response(self, flow: http.HTTPFlow) -> None:
        self._fail("response")

    def _fail(self, name: str) -> None:
        if name == self._failing:
            raise ZeroDivisionError


def run(tmp_path: Path, listener: Listener, work: Callable[[ClientConnection], Awaitable[None]]) -> list[object]:
    """Open a WebSocket through the engine to an origin that says everything again; what the origin heard."""
    heard: list[object] = []

    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            heard.append(message)
            await connection.send(message)

    async def main() -> None:
        async with lab(tmp_path, [listener]) as here:
            async with serve(
                echo, "127.0.0.1", 0, ssl=make_origin_context(tmp_path, ["allowed.test"]), max_size=None
            ) as origin:
                await talk(here, next(iter(origin.sockets)).getsockname()[1])

    async def talk(here: Lab, port: int) -> None:
        from hedgerow.proxy.tls import Tls  # the origin's certificate is new

        here.engine.hooks = {**here.engine.hooks}
        fresh = Tls(here.made_ca, tmp_path / "origin.pem")
        here.engine.hooks["tls_start_server"] = (fresh.tls_start_server,)
        context = ssl.create_default_context(cadata=here.ca.decode())
        proxy = f"http://127.0.0.1:{here.port}"
        async with connect(f"wss://allowed.test:{port}/", ssl=context, proxy=proxy, max_size=None) as client:
            await work(client)

    asyncio.run(main())
    return heard


def test_messages_pass_both_ways_and_are_heard(tmp_path: Path) -> None:
    listener = Listener()

    async def work(client: ClientConnection) -> None:
        for message in ("xin chào", b"\x00\xff", "x" * 200_000):
            await client.send(message)
            assert await client.recv() == message

    run(tmp_path, listener, work)
    assert len(listener.messages) == 6 and "xin chào".encode() in listener.messages


@pytest.mark.parametrize("failing", ["websocket_message", "websocket_start"])
def test_a_fault_closes_the_conversation(tmp_path: Path, failing: str) -> None:
    async def work(client: ClientConnection) -> None:
        with pytest.raises(ConnectionClosed):
            await client.send("secret")
            await client.recv()

    assert run(tmp_path, Listener(failing), work) == []


def test_a_fault_at_the_handshake_opens_nothing(tmp_path: Path) -> None:
    async def work(client: ClientConnection) -> None:
        raise AssertionError("opened")

    with pytest.raises(Exception) as caught:
        run(tmp_path, Listener("response"), work)
    assert not isinstance(caught.value, AssertionError)


@pytest.mark.parametrize("compressible", [True, False])
def test_a_message_without_bounds_closes_it(tmp_path: Path, compressible: bool) -> None:
    """A bomb of zeros (permessage-deflate) or plainly too much: not held in memory."""
    import os

    block = b"\0" * 1_000_000 if compressible else os.urandom(1_000_000)
    listener = Listener()

    async def work(client: ClientConnection) -> None:
        with pytest.raises(ConnectionClosed):
            await client.send([block] * 40)
            await client.recv()

    assert run(tmp_path, listener, work) == []
    assert listener.messages == []
