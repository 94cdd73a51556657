"""Which device answers for which address on the gateway's own links: the kernel's neighbour tables, over rtnetlink(7).

Only addresses on a link of the gateway stand there; behind a router all of them are the router's. Linux only.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

_GETNEIGH, _NEWNEIGH, _DONE, _ERROR = 30, 28, 3, 2
_DUMP = 0x301  # NLM_F_REQUEST | NLM_F_DUMP
_DESTINATION, _LINK_ADDRESS = 1, 2
_KNOWN = 0x02 | 0x04 | 0x08 | 0x10 | 0x80
"""Reachable, stale, delay, probe, permanent: an answer was seen, or somebody wrote it down."""
_HEADER, _NEIGHBOUR, _ATTRIBUTE = struct.Struct("=IHHII"), struct.Struct("=BxxxiHBB"), struct.Struct("=HH")
_SECONDS = 2.0
_LONGEST = 1 << 16


def neighbours() -> Iterator[tuple[str, bytes]]:
    """(address, link address) of each device that answered on a link. Raises OSError."""
    for family in (socket.AF_INET, socket.AF_INET6):
        yield from _of_family(family)


def _of_family(family: int) -> Iterator[tuple[str, bytes]]:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE) as link:
        link.settimeout(_SECONDS)
        asked = _NEIGHBOUR.pack(family, 0, 0, 0, 0)
        link.send(_HEADER.pack(_HEADER.size + len(asked), _GETNEIGH, _DUMP, 1, 0) + asked)
        while True:
            for kind, body in messages(link.recv(_LONGEST)):
                if kind == _DONE:
                    return
                if kind == _ERROR:
                    raise OSError(-struct.unpack_from("=i", body)[0], "the neighbour table cannot be read")
                if kind == _NEWNEIGH and (found := neighbour(body)):
                    yield found


def messages(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, body) of each message of one datagram."""
    while len(raw) >= _HEADER.size:
        length, kind, *_ = _HEADER.unpack_from(raw)
        if length < _HEADER.size:
            return
        yield kind, raw[_HEADER.size : length]
        raw = raw[_aligned(length) :]


def neighbour(body: bytes) -> tuple[str, bytes] | None:
    """What one message says; None when no device has answered for the address."""
    family, _, state, _, _ = _NEIGHBOUR.unpack_from(body)
    said = dict(_attributes(body[_NEIGHBOUR.size :]))
    address, link = said.get(_DESTINATION, b""), said.get(_LINK_ADDRESS, b"")
    if not state & _KNOWN or not any(link) or len(address) not in (4, 16):
        return None
    return socket.inet_ntop(family, address), link


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    while len(raw) >= _ATTRIBUTE.size:
        length, kind = _ATTRIBUTE.unpack_from(raw)
        if length < _ATTRIBUTE.size:
            return
        yield kind, raw[_ATTRIBUTE.size : length]
        raw = raw[_aligned(length) :]


def _aligned(length: int) -> int:
    return length + 3 & ~3
