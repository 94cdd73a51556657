"""Names to addresses: cached, with a deadline, so that a dead name server or one client's dead names hurt nobody else.

The system's own resolver does the asking (``getaddrinfo``: hosts file, search list, whatever the box is set to), in
threads of ours: asyncio's default executor has six on a small gateway, and twelve dead names held everyone 19.5 s.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from hedgerow.core.hosts import is_address
from hedgerow.proxy.limits import LOOKUPS_PER_CLIENT, RESOLVE_SECONDS, RESOLVER_THREADS

_KEPT = 30.0
"""Seconds an answer is believed; getaddrinfo does not tell the record's own TTL."""
_KEPT_FAILURE = 5.0
_ENTRIES = 20_000

type Lookup = Callable[[str], tuple[str, ...]]


class NoAddress(Exception):
    """The name has no address, or none came in time."""


@dataclass(slots=True)
class _Answer:
    addresses: tuple[str, ...]  # empty: there is none
    until: float


def system_lookup(name: str) -> tuple[str, ...]:
    """All addresses of a name in the order the system prefers. Blocks; () when there is none."""
    try:
        found = socket.getaddrinfo(name.encode("ascii"), None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(info[4][0]) for info in found))


class Resolver:
    """One worker's resolver. Every lookup runs once at a time, whoever asks."""

    def __init__(self, lookup: Lookup = system_lookup, seconds: float = RESOLVE_SECONDS) -> None:
        self._lookup = lookup
        self._seconds = seconds
        self._answers: dict[str, _Answer] = {}
        self._running: dict[str, asyncio.Future[tuple[str, ...]]] = {}
        self._begun: Counter[str] = Counter()  # running lookups by the client that began them
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, "resolver")

    async def resolve(self, host: str, client: str) -> tuple[str, ...]:
        """The addresses of a canonical host; a literal is its own. Raises NoAddress."""
        if is_address(host):
            return (host,)
        answer = self._answers.get(host)
        if answer is None or answer.until < time.monotonic():
            found = await self._ask(host, client)
        else:
            found = answer.addresses
        if not found:
            raise NoAddress(host)
        return found

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _ask(self, host: str, client: str) -> tuple[str, ...]:
        running = self._running.get(host) or self._begin(host, client)
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(running)
        except TimeoutError:
            self._keep(host, ())
            raise NoAddress(host) from None

    def _begin(self, host: str, client: str) -> asyncio.Future[tuple[str, ...]]:
        """Start a lookup on a client's account; joining one that runs already costs nobody anything."""
        if self._begun[client] >= LOOKUPS_PER_CLIENT:
            raise NoAddress(host)
        self._begun[client] += 1
        loop = asyncio.get_running_loop()
        running = self._running[host] = loop.run_in_executor(self._threads, self._lookup, host)
        running.add_done_callback(lambda done: self._finish(host, client, done))
        return running

    def _finish(self, host: str, client: str, done: asyncio.Future[tuple[str, ...]]) -> None:
        self._running.pop(host, None)
        self._begun[client] -= 1
        if not self._begun[client]:
            del self._begun[client]
        if not done.cancelled():
            self._keep(host, done.result())

    def _keep(self, host: str, addresses: tuple[str, ...]) -> None:
        while len(self._answers) >= _ENTRIES:
            self._answers.pop(next(iter(self._answers)))
        self._answers.pop(host, None)
        self._answers[host] = _Answer(addresses, time.monotonic() + (_KEPT if addresses else _KEPT_FAILURE))
