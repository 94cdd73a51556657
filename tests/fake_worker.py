"""A worker that filters nothing: it answers each connection with its number and version, and obeys its control socket.

``FAKE`` in the environment chooses a fault: ``mute`` (never ready), ``stubborn`` (never loads what it is told).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from pathlib import Path


class Fake:
    def __init__(self, config: dict[str, object]) -> None:
        self.config = config
        self.version = Path(str(config["snapshot"])).read_text()
        self.fault = os.environ.get("FAKE", "")

    async def answer(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"{self.config['worker']} {self.version} {os.getpid()}".encode())
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()

    async def run(self) -> None:
        sockets = self.config["sockets"]
        assert isinstance(sockets, list)
        servers = [await asyncio.start_server(self.answer, sock=socket.socket(fileno=s["fd"])) for s in sockets]
        control = socket.socket(fileno=int(str(self.config["control"])))
        reader, writer = await asyncio.open_connection(sock=control)
        if self.fault != "mute":
            writer.write(json.dumps({"ready": self.version}).encode() + b"\nnonsense\n")
        beat = asyncio.create_task(self.beat(writer))
        while line := await reader.readline():
            message = json.loads(line)
            if "drain" in message:
                break
            if "load" in message and self.fault != "stubborn":
                self.version = Path(message["load"]).read_text()
                writer.write(json.dumps({"loaded": self.version}).encode() + b"\n")
        beat.cancel()
        for server in servers:
            server.close()

    async def beat(self, writer: asyncio.StreamWriter) -> None:
        while self.fault != "mute":
            writer.write(b'{"alive": 1}\n')
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    path = Path(sys.argv[sys.argv.index("--config") + 1])
    asyncio.run(Fake(json.loads(path.read_text())).run())
