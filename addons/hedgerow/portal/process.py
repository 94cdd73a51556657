"""The portal's process: ``python -m hedgerow.portal.process --config FILE``, kept by the supervisor like a worker.

The file is JSON with ``sockets`` (``{"fd": 5, "mode": "relay"}`` for the unix socket, any other mode for TCP),
``control``, ``state`` and ``snapshot``; the control socket speaks as a worker's does (``proxy.worker``). The sockets
belong to the supervisor, so that what waits in them outlives this process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from hedgerow.portal.app import make
from hedgerow.portal.deliver import deliver_forever
from hedgerow.portal.hasty import Hasty
from hedgerow.portal.house import House, open_house
from hedgerow.stores import control, logs

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 8.0
RELAYED, CONNECTIONS = 1000, 400
"""Open at once, from the workers and over TCP; more are told to come back (503)."""
_AGAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Config:
    """What the supervisor tells the portal."""

    state: Path
    snapshot: Path
    control: int
    relay: tuple[int, ...]  # file descriptors the workers speak to
    plain: tuple[int, ...]  # and those anybody may
    school: Path | None = None  # policies/local
    proxies: tuple[tuple[str, int], ...] = ()  # the addresses that devices may use as their proxy


def read_config(path: Path) -> Config:
    """Raises OSError, ValueError or KeyError: the supervisor writes this file, so any of them is a bug of ours."""
    raw: dict[str, Any] = json.loads(path.read_text())
    by_mode = [(str(item["mode"]) == "relay", int(item["fd"])) for item in raw["sockets"]]
    return Config(
        Path(raw["state"]),
        Path(raw["snapshot"]),
        int(raw["control"]),
        tuple(fd for relay, fd in by_mode if relay),
        tuple(fd for relay, fd in by_mode if not relay),
        Path(raw["policies"]) if raw.get("policies") else None,
        tuple((str(host), int(port)) for host, port in raw.get("proxies", ())),
    )


class _Server(uvicorn.Server):
    """Two of them run in one loop, and the signals are ours."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Portal:
    """Serves the app on the inherited sockets and answers the supervisor."""

    def __init__(self, config: Config, house: House) -> None:
        self._config, self._house = config, house
        self._servers = [
            (_server(make(house, relayed=relayed), relayed), [socket.socket(fileno=fd) for fd in fds])
            for relayed, fds in ((True, config.relay), (False, config.plain))
            if fds
        ]

    async def run(self) -> None:
        """Serve until told to end."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.stop)
        beside = [asyncio.create_task(self._talk()), asyncio.create_task(self._deliver())]
        await asyncio.gather(*(server.serve(sockets) for server, sockets in self._servers))
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        self._house.close()

    def stop(self) -> None:
        for server, _ in self._servers:
            server.should_exit = True

    async def _talk(self) -> None:
        """The control connection: beats out, commands in. Its end is our end."""
        reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=self._config.control))
        while not all(server.started for server, _ in self._servers):
            await asyncio.sleep(0.01)
        beat = asyncio.create_task(self._beat(writer))
        try:
            control.say(writer, ready=self._house.shown.version)
            while line := await reader.readline():
                await self._obey(json.loads(line), writer)
        except OSError:
            logger.error("the supervisor is gone")
        finally:
            beat.cancel()
            writer.close()
            self.stop()

    async def _deliver(self) -> None:
        """Reports go out as long as this process lives: a bug of ours begins the loop again, it does not end it."""
        house = self._house
        while True:
            try:
                await deliver_forever(
                    house.reports,
                    lambda: house.shown.site,
                    lambda language: house.shown.texts(language),
                    troubles=lambda: house.troubles,
                    alerts=house.state.alerts,
                )
            except Exception:
                logger.exception("the delivery of reports failed; it begins again")
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _beat(self, writer: asyncio.StreamWriter) -> None:
        while True:
            control.say(writer, alive=1)
            await asyncio.sleep(control.BEAT_SECONDS)

    async def _obey(self, command: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        if "load" in command:
            await control.load(writer, command["load"], self._house.load)
        elif "troubles" in command:
            self._house.troubles = tuple(map(str, command["troubles"]))
        elif "drain" in command:
            self.stop()


def _server(app: ASGIApp, relayed: bool) -> _Server:
    return _Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,  # who asked for help, and when, is written nowhere
            server_header=False,
            proxy_headers=False,  # nobody is believed about an address
            ws="none",
            lifespan="off",
            loop="asyncio",
            timeout_keep_alive=5,
            timeout_graceful_shutdown=int(DRAIN_SECONDS),
            limit_concurrency=RELAYED if relayed else CONNECTIONS,
            h11_max_incomplete_event_size=32 * 1024,
            http="h11" if relayed else Hasty,
        )
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """The process. 0 when it ended as told."""
    parser = argparse.ArgumentParser(prog="python -m hedgerow.portal.process")
    parser.add_argument("--config", type=Path, required=True)
    config = read_config(parser.parse_args(arguments).config)
    logs.begin()
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # its tracebacks may quote a form; ``app`` says where

    async def serve() -> None:
        await Portal(config, open_house(config.state, config.snapshot, config.school, config.proxies)).run()

    asyncio.run(serve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
