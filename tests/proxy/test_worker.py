"""A worker process, started as the supervisor starts it: inherited sockets, a control line, an end."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hedgerow.proxy.worker import Listener, read_config, settle
from tests.proxy.lab import read_all

SERVE = """
import asyncio, sys
from pathlib import Path
from hedgerow.proxy.master import Pages
from hedgerow.proxy.worker import Worker, read_config
from mitmproxy import http

class Blocks:
    def requestheaders(self, flow):
        flow.response = http.Response.make(403, b"our page")

class House:
    addons, pages, version, name = [Blocks()], Pages(), "one", ""
    def private(self): return ()
    def parent(self): return None
    def close(self): Path(sys.argv[2]).write_text("closed")
    def load(self, path):
        if not path.exists(): raise OSError("no such file")
        self.version = path.read_text()
        return self.version

async def main():
    await Worker(read_config(Path(sys.argv[1])), House()).run()

asyncio.run(main())
"""


@dataclass
class Running:
    """A worker, its port, and our end of its control connection."""

    process: subprocess.Popen[bytes]
    port: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    folder: Path

    async def heard(self, key: str) -> object:
        """The next message that has ``key``."""
        while True:
            message = json.loads(await asyncio.wait_for(self.reader.readline(), 60))
            if key in message:
                return message[key]

    def say(self, **message: object) -> None:
        self.writer.write(json.dumps(message).encode() + b"\n")

    async def ended(self) -> int:
        return await asyncio.to_thread(self.process.wait, 10)


@asynccontextmanager
async def worker(folder: Path, mode: str = "regular") -> AsyncIterator[Running]:
    listening = socket.create_server(("127.0.0.1", 0))
    ours, theirs = socket.socketpair()
    config = {
        "worker": 1,
        "control": theirs.fileno(),
        "sockets": [{"fd": listening.fileno(), "mode": mode}],
        "state": str(folder / "state"),
        "own_ports": [listening.getsockname()[1]],
    }
    (folder / "config.json").write_text(json.dumps(config))
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(folder / "config.json"), str(folder / "closed")],
        pass_fds=[listening.fileno(), theirs.fileno()],
        env={**os.environ, "SSLKEYLOGFILE": ""},
    )
    theirs.close()
    reader, writer = await asyncio.open_connection(sock=ours)
    try:
        yield Running(process, listening.getsockname()[1], reader, writer, folder)
    finally:
        writer.close()
        listening.close()
        process.kill()
        process.wait()


async def ask(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET http://blocked.test/ HTTP/1.1\r\nHost: blocked.test\r\n\r\n")
    answer = await read_all(reader)
    writer.close()
    return answer


def test_it_serves_beats_loads_and_drains(tmp_path: Path) -> None:
    async def run() -> None:
        async with worker(tmp_path) as running:
            assert await running.heard("ready") == "one"
            assert (await ask(running.port)).endswith(b"our page")
            beats = [await running.heard("alive") for _ in range(2)]
            assert beats[1] == beats[0] + 1  # type: ignore[operator]
            (tmp_path / "next").write_text("two")
            running.say(load=str(tmp_path / "next"))
            assert await running.heard("loaded") == "two"
            running.say(load=str(tmp_path / "missing"))
            assert await running.heard("refused") == "no such file"
            running.say(drain=1)
            assert await running.ended() == 0
            assert (tmp_path / "closed").read_text() == "closed"

    asyncio.run(run())


def test_it_ends_with_its_supervisor(tmp_path: Path) -> None:
    async def run() -> None:
        async with worker(tmp_path) as running:
            await running.heard("ready")
            running.writer.close()
            assert await running.ended() == 0

    asyncio.run(run())


def test_sigterm_drains(tmp_path: Path) -> None:
    async def run() -> None:
        async with worker(tmp_path) as running:
            await running.heard("ready")
            running.process.terminate()
            assert await running.ended() == 0

    asyncio.run(run())


def test_whoever_was_not_redirected_is_closed(tmp_path: Path) -> None:
    """Dialling the transparent port itself would make the gateway dial itself."""

    async def run() -> None:
        async with worker(tmp_path, "transparent") as running:
            await running.heard("ready")
            assert await ask(running.port) == b""

    asyncio.run(run())


def test_the_config_is_read(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text('{"sockets": [{"fd": 5, "mode": "regular"}], "state": "/s", "own_ports": [80], "upstream_ca": ""}')
    config = read_config(path)
    assert config.sockets == (Listener(5, "regular"),)
    assert config.own.ports == {80} and config.upstream_ca is None and config.control == -1


@pytest.mark.parametrize("text", ["", "{}", '{"sockets": [{}], "state": ""}'])
def test_a_broken_config_is_a_bug_that_shows(tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(text)
    with pytest.raises((ValueError, KeyError)):
        read_config(path)


def test_what_lives_as_long_as_the_worker_is_not_walked_over_again() -> None:
    before = gc.get_threshold()
    try:
        settle()
        assert gc.get_freeze_count() > 1000 and gc.get_threshold()[0] > before[0]
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
