"""A name server of a few lines (RFC 1035: one question, A and AAAA), over UDP and TCP."""

from __future__ import annotations

import asyncio
import ipaddress
import struct
from collections import Counter
from collections.abc import Callable

from . import names

A, AAAA = 1, 28
asked: Counter[tuple[str, int]] = Counter()


def question(query: bytes) -> tuple[str, int, bytes]:
    """Name (lower case), type and the question's own bytes."""
    labels, at = [], 12
    while length := query[at]:
        labels.append(query[at + 1 : at + 1 + length].decode("ascii"))
        at += 1 + length
    kind = struct.unpack_from("!H", query, at + 1)[0]
    return ".".join(labels).lower(), kind, query[12 : at + 5]


def respond(query: bytes) -> bytes | None:
    """The answer to one query; None when the lab plays dead."""
    name, kind, asked_for = question(query)
    found = names.answers(name, asked[name, kind])
    asked[name, kind] += 1
    if found is None:
        return None
    addresses = [ipaddress.ip_address(text) for text in found]
    wanted = [a.packed for a in addresses if (kind == A and a.version == 4) or (kind == AAAA and a.version == 6)]
    flags = 0x8180 if found else 0x8183
    header = query[:2] + struct.pack("!HHHHH", flags, 1, len(wanted), 0, 0)
    records = [struct.pack("!HHHIH", 0xC00C, kind, 1, 1, len(packed)) + packed for packed in wanted]
    return header + asked_for + b"".join(records)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, seen: Callable[[str], None]) -> None:
        self._seen = seen

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._seen(question(data)[0])
        if answer := respond(data):
            self._transport.sendto(answer, addr)


async def serve(address: str, seen: Callable[[str], None]) -> None:
    """Listen on port 53 of ``address``; ``seen`` gets each name asked for."""

    async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        length = struct.unpack("!H", await reader.readexactly(2))[0]
        query = await reader.readexactly(length)
        seen(question(query)[0])
        if answer := respond(query):
            writer.write(struct.pack("!H", len(answer)) + answer)
        writer.close()

    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: _Datagrams(seen), local_addr=(address, 53))
    await asyncio.start_server(stream, address, 53)
