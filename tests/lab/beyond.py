"""A device's attempts to leave the school beside the web, and how each ended as the device sees it."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .net import Namespace
from .sink import FREEBIND

ANSWERED, REFUSED, SILENCE = "answered", "refused", "silence"
_REFUSALS = {errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.EACCES, errno.EPERM, errno.ENOPROTOOPT, errno.ENETUNREACH,
             errno.ECONNRESET, errno.EPROTO}  # fmt: skip
AT_ONCE = 0.5
"""Seconds: a browser that is refused sooner does not make anybody wait."""


@contextmanager
def _opened(host: Namespace, address: str, kind: int, protocol: int, source: str) -> Iterator[socket.socket]:
    with host.entered():
        made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind, protocol)
    try:
        if ":" in source:
            made.setsockopt(socket.IPPROTO_IPV6, FREEBIND, 1)
        if source:
            made.bind((source, 0))
        yield made
    finally:
        made.close()


def attempt(
    host: Namespace, kind: str, address: str, port: int, payload: bytes = bytes(48), wait: float = 1.5, source: str = ""
) -> tuple[str, float]:
    """How ``kind`` (udp, tcp, ip: ``port`` is the protocol then) ended, and after how many seconds."""
    begun = time.monotonic()
    ended = _attempt(host, kind, address, port, payload, wait, source)
    return ended, time.monotonic() - begun


def connected(host: Namespace, address: str, port: int, wait: float = 0.4, source: str = "") -> str:
    """Does anybody take the connection? Whoever waits for a request says nothing by himself, as for ``attempt``."""

    def ask(link: socket.socket) -> str:
        link.connect((address, port))
        return ANSWERED

    with _opened(host, address, socket.SOCK_STREAM, 0, source) as link:
        return _ended(link, wait, ask)


def _attempt(host: Namespace, kind: str, address: str, port: int, payload: bytes, wait: float, source: str) -> str:
    types = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM, "ip": socket.SOCK_RAW}

    def ask(link: socket.socket) -> str:
        link.connect((address, 0 if kind == "ip" else port))
        if kind != "tcp":
            link.send(payload)
        return ANSWERED if link.recv(2048) or kind == "tcp" else SILENCE

    with _opened(host, address, types[kind], port if kind == "ip" else 0, source) as link:
        return _ended(link, wait, ask)


def _ended(link: socket.socket, wait: float, ask: Callable[[socket.socket], str]) -> str:
    """What was asked within so many seconds, as whoever asks sees it."""
    link.settimeout(wait)
    try:
        return ask(link)
    except TimeoutError:
        return SILENCE
    except OSError as error:
        if error.errno in _REFUSALS:
            return REFUSED
        raise
