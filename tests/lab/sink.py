"""The internet beyond the web: ports that VPNs, clocks, calls and encrypted name servers speak to, each with an echo.

Run inside the internet's namespace: ``python -m tests.lab.sink FOLDER``. What arrives is a line of ``arrived.jsonl``.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from pathlib import Path

from . import names

UDP_PORTS = (80, 123, 443, 500, 784, 853, 1194, 1701, 3478, 4500, 5353, 8443, 8853, 19302, 51820)
TCP_PORTS = (853, 1194, 1701, 1723, 5228, 9100)
PROTOCOLS = (4, 41, 47, 50, 51, 115)
HOST = "allowed.test"
FREEBIND = 78  # IPV6_FREEBIND of linux/in6.h: the lab's addresses are local routes, not addresses of an interface


class Sink:
    def __init__(self, folder: Path) -> None:
        self._file = (folder / "arrived.jsonl").open("a", buffering=1)
        self._kept: list[object] = []

    async def run(self, folder: Path) -> None:
        for address in (names.v4(HOST), names.v6(HOST)):
            for port in UDP_PORTS:
                self._kept.append(await self._udp(address, port))
            for port in TCP_PORTS:
                self._kept.append(await asyncio.start_server(self._stream, sock=_bound(address, port, tcp=True)))
        loop = asyncio.get_running_loop()
        for protocol in PROTOCOLS:
            raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, protocol)
            raw.setblocking(False)
            loop.add_reader(raw, self._raw, raw, protocol)
        (folder / "sink-ready").touch()
        await asyncio.Event().wait()

    def add(self, kind: str, port: int, peer: str) -> None:
        self._file.write(json.dumps({"kind": kind, "port": port, "peer": peer}) + "\n")

    async def _udp(self, address: str, port: int) -> object:
        made = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Echo(self, port), sock=_bound(address, port, tcp=False)
        )
        return made[0]

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.add("tcp", writer.get_extra_info("sockname")[1], writer.get_extra_info("peername")[0])
        writer.write(b"sink\n")
        writer.close()

    def _raw(self, raw: socket.socket, protocol: int) -> None:
        _, peer = raw.recvfrom(4096)
        self.add("ip", protocol, peer[0])


class _Echo(asyncio.DatagramProtocol):
    def __init__(self, sink: Sink, port: int) -> None:
        self._sink, self._port = sink, port

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._sink.add("udp", self._port, addr[0])
        self._transport.sendto(data, addr)


def _bound(address: str, port: int, tcp: bool) -> socket.socket:
    six = ":" in address
    made = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if six:
        made.setsockopt(socket.IPPROTO_IPV6, FREEBIND, 1)
    made.setblocking(False)
    made.bind((address, port))
    return made


if __name__ == "__main__":
    asyncio.run(Sink(Path(sys.argv[1])).run(Path(sys.argv[1])))
