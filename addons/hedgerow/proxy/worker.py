"""One worker: ``python -m hedgerow.proxy.worker --config FILE``, started by the supervisor with sockets it holds.

The file is JSON::

    {"worker": 0, "control": 7, "sockets": [{"fd": 5, "mode": "regular"}, {"fd": 6, "mode": "transparent"}],
     "state": "/var/lib/hedgerow", "snapshot": "...", "upstream_ca": "" , "own_addresses": ["192.0.2.1"],
     "own_ports": [8080, 9100], "portal": "/dev/shm/.../portal.sock", "canary": "..."}

``control`` is a socket (one end of a socketpair) with one JSON object a line. The worker says ``{"ready": version}``
once it accepts, ``{"alive": n}`` each second from its event loop, ``{"loaded": version}`` or ``{"refused": reason}``
after ``{"load": path}``. ``{"drain": seconds}`` ends it; so do SIGTERM and the control's end, for a worker without
its supervisor would serve an old policy for ever.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from hedgerow.proxy.ahead import work_ahead
from hedgerow.proxy.guard import Guard
from hedgerow.proxy.master import Engine, Pages
from hedgerow.proxy.resolver import Resolver
from hedgerow.proxy.tls import Tls
from hedgerow.proxy.upstream import Dialer, Own
from hedgerow.stores import control, logs
from hedgerow.stores.ca import ensure_ca

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 30.0
CANARY_MODE = "canary"
"""Of the one listener whose clients say themselves who they are (``proxy.canary``)."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A listening socket inherited from the supervisor, and what its clients believe to speak to."""

    fd: int
    mode: str


@dataclass(frozen=True, slots=True)
class Config:
    """What the supervisor tells a worker."""

    state: Path
    sockets: tuple[Listener, ...]
    control: int = -1
    worker: int = 0
    snapshot: Path | None = None
    upstream_ca: Path | None = None
    portal: Path | None = None
    canary: Path | None = None
    own: Own = field(default_factory=Own)


def read_config(path: Path) -> Config:
    """Raises OSError, ValueError or KeyError: the supervisor writes this file, so any of them is a bug of ours."""
    raw: dict[str, Any] = json.loads(path.read_text())
    listeners = tuple(Listener(int(item["fd"]), str(item["mode"])) for item in raw["sockets"])
    own = Own(frozenset(raw.get("own_ports", ())), frozenset(raw.get("own_addresses", ())))
    return Config(
        state=Path(raw["state"]),
        sockets=listeners,
        control=int(raw.get("control", -1)),
        worker=int(raw.get("worker", 0)),
        snapshot=_path(raw.get("snapshot")),
        upstream_ca=_path(raw.get("upstream_ca")),
        portal=_path(raw.get("portal")),
        canary=_path(raw.get("canary")),
        own=own,
    )


def _path(value: str | None) -> Path | None:
    return Path(value) if value else None


class House(Protocol):
    """What a worker serves: the addons and pages, and how a new snapshot comes into force."""

    @property
    def addons(self) -> Sequence[object]:
        """In the order they hear each hook."""

    @property
    def pages(self) -> Pages:
        """For what the engine itself refuses."""

    @property
    def name(self) -> str:
        """What a parent proxy knows this box by."""

    @property
    def version(self) -> str:
        """Of the snapshot in force."""

    def private(self) -> tuple[str, ...]:
        """Private addresses, networks and names site.yaml names."""

    def parent(self) -> tuple[str, int] | None:
        """The parent proxy in force, if any."""

    def load(self, path: Path) -> str:
        """Read a snapshot in a thread and put it in force; returns its version. Raises ValueError or OSError."""

    def close(self) -> None:
        """Write out what waits (events, grants)."""


class Worker:
    """Runs an engine on inherited sockets and answers the supervisor."""

    def __init__(self, config: Config, house: House) -> None:
        self._config = config
        self._house = house
        self._guard = Guard()
        self._resolver = Resolver()
        tls = Tls(ensure_ca(config.state / "ca"), config.upstream_ca)
        dialer = Dialer(self._resolver, config.own, house.private, house.parent, name=house.name)
        dialer.portal, dialer.canary = config.portal, config.canary
        self.engine = Engine(tls, house.addons, dialer, self._guard, house.pages, work_ahead)
        self._end = asyncio.Event()
        self._drain_seconds = DRAIN_SECONDS

    async def run(self) -> None:
        """Serve until told to end, then drain."""
        self._guard.watch()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._end.set)
        servers = [await self._listen(listener) for listener in self._config.sockets]
        tasks = [asyncio.create_task(self.engine.tick()), asyncio.create_task(self._talk())]
        await self._end.wait()
        for server in servers:
            server.close()
        await self.engine.drain(self._drain_seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._close()

    def _close(self) -> None:
        self._resolver.close()
        self._guard.stop()
        self._house.close()

    async def _listen(self, listener: Listener) -> asyncio.Server:
        sock = socket.socket(fileno=listener.fd)
        sock.setblocking(False)

        if listener.mode == CANARY_MODE:
            return await asyncio.start_unix_server(self.engine.accept_canary, sock=sock, backlog=64)

        async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self.engine.accept(reader, writer, listener.mode)

        return await asyncio.start_server(accepted, sock=sock, backlog=1024)

    async def _talk(self) -> None:
        """The control connection: beats out, commands in. Its end is our end."""
        if self._config.control < 0:
            return
        sock = socket.socket(fileno=self._config.control)
        reader, writer = await asyncio.open_connection(sock=sock)
        beat = asyncio.create_task(self._beat(writer))
        try:
            control.say(writer, ready=self._house.version)
            while line := await reader.readline():
                await self._obey(json.loads(line), writer)
        except OSError:
            logger.error("the supervisor is gone; draining")
        finally:
            beat.cancel()
            self._end.set()

    async def _beat(self, writer: asyncio.StreamWriter) -> None:
        count = 0
        while True:
            count += 1
            control.say(writer, alive=count, connections=len(self.engine.handlers))
            await asyncio.sleep(control.BEAT_SECONDS)

    async def _obey(self, command: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if "load" in command:
            await control.load(writer, command["load"], self._house.load)
        elif "drain" in command:
            self._drain_seconds = float(command["drain"])
            self._end.set()


_TURN_SECONDS = 0.0005
"""How long a thread that loads a snapshot keeps the interpreter when the event loop wants it. A request wakes the loop
a dozen times, and at Python's 5 ms each a reload made it wait for 55 ms."""


def settle() -> None:
    """What was made so far lives as long as the worker: the collector need not walk over it again and again.

    A connection makes thousands of objects and nearly all go without the collector, so it is asked less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
    sys.setswitchinterval(_TURN_SECONDS)


def main(arguments: Sequence[str] | None = None) -> int:
    """The process. 0 when it ended as told, 1 when it could not start."""
    parser = argparse.ArgumentParser(prog="python -m hedgerow.proxy.worker")
    parser.add_argument("--config", type=Path, required=True)
    config = read_config(parser.parse_args(arguments).config)
    logs.begin()
    from hedgerow.proxy.house import build

    async def serve() -> None:
        assert config.snapshot is not None
        worker = Worker(config, build(config.state, config.snapshot, config.worker))
        settle()
        await worker.run()

    asyncio.run(serve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
