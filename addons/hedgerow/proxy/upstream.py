"""Opening connections to origins: at our own answer for the judged name, never at a private address or ourselves.

The check stands here, on the very address that is dialled, because a name may answer differently at every question
(DNS rebinding) and because changing the address in ``server_connect`` opens an upstream for every request.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from hedgerow.core.hosts import is_private
from hedgerow.core.refusals import private_allowed, private_name_allowed
from hedgerow.proxy.limits import CONNECT_SECONDS
from hedgerow.proxy.resolver import NoAddress, Resolver
from hedgerow.proxy.via import via
from hedgerow.stores.own_addresses import is_local

_STAGGER = 0.25
"""Seconds an address has to answer before the next is tried beside it (RFC 8305 5)."""
_STREAM_LIMIT = 256 * 1024

PORTAL = ("//portal", 0)
"""Where ``proxy.relay`` sends what is for the gateway itself. No client can name it: every host a client gives is
canonical before it is dialled, and a slash is in no canonical host."""

CANARY = ("//canary", 0)
"""Where ``proxy.canary`` sends what must not leave the box: as unsayable as ``PORTAL``."""

type Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Unreachable(enum.StrEnum):
    """Why an origin was not reached: a closed set, for pages and metrics."""

    PRIVATE = "private-address"
    LOOP = "loop"
    NO_ADDRESS = "no-address"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    PARENT = "parent-proxy"
    CERTIFICATE = "certificate"
    PROTOCOL = "protocol"
    FAULT = "fault"

    @property
    def status(self) -> int:
        """The page's HTTP status."""
        return {"private-address": 403, "loop": 403, "timeout": 504, "fault": 503}.get(self.value, 502)


class UpstreamError(Exception):
    """The origin was not reached; ``reason`` says why. The outside world's fault, or step 0's refusal."""

    def __init__(self, reason: Unreachable) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Own:
    """Where the gateway itself listens: never dialled, whatever a policy says."""

    ports: frozenset[int] = frozenset()
    addresses: frozenset[str] = frozenset()

    def is_self(self, address: str, port: int) -> bool:
        return port in self.ports and (address in self.addresses or is_local(address))


@dataclass(slots=True)
class Dialer:
    """Resolve, check, connect. ``private`` gives site.yaml's list in force; ``parent`` an upstream proxy, or None."""

    resolver: Resolver
    own: Own = field(default_factory=Own)
    private: Callable[[], tuple[str, ...]] = tuple
    parent: Callable[[], tuple[str, int] | None] = lambda: None
    seconds: float = CONNECT_SECONDS
    portal: Path | None = None  # the unix socket the portal answers on
    canary: Path | None = None  # the one the self-test's origin answers on
    name: str = ""  # what a parent proxy knows this box by (``proxy.via``)

    async def open(self, host: str, port: int, client: str, hops: tuple[str, ...] = ()) -> Streams:
        """Streams to the origin, within ``seconds``; ``hops`` are the gateways it came by. Raises UpstreamError."""
        try:
            async with asyncio.timeout(self.seconds):
                if (host, port) in (PORTAL, CANARY):
                    return await _unix(self.portal if (host, port) == PORTAL else self.canary)
                if (parent := self.parent()) is not None:
                    return await self._through_parent(parent, host, port, client, hops)
                return await _first(await self._addresses(host, port, client), port)
        except TimeoutError:
            raise UpstreamError(Unreachable.TIMEOUT) from None

    async def _addresses(self, host: str, port: int, client: str) -> tuple[str, ...]:
        try:
            found = await self.resolver.resolve(host, client)
        except NoAddress:
            raise UpstreamError(Unreachable.NO_ADDRESS) from None
        if any(self.own.is_self(address, port) for address in found):
            raise UpstreamError(Unreachable.LOOP)
        allowed = self.private()
        usable = tuple(a for a in found if not is_private(a) or _named(allowed, host, a))
        if not usable:
            raise UpstreamError(Unreachable.PRIVATE)
        return usable

    async def _through_parent(
        self, parent: tuple[str, int], host: str, port: int, client: str, hops: tuple[str, ...]
    ) -> Streams:
        """CONNECT by the parent proxy, which does the resolving; literals are checked here all the same."""
        allowed = self.private()
        if is_private(host) and not _named(allowed, host, host):
            raise UpstreamError(Unreachable.PRIVATE)
        name, parent_port = parent
        try:
            addresses = await self.resolver.resolve(name, client)
        except NoAddress:
            raise UpstreamError(Unreachable.PARENT) from None
        if any(self.own.is_self(address, parent_port) for address in addresses):
            raise UpstreamError(Unreachable.LOOP)
        reader, writer = await _first(addresses, parent_port)
        agreed = False
        try:
            target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            agreed = await _connect_through(reader, writer, target, via(self.name, hops))
        finally:
            if not agreed:
                writer.close()
        if not agreed:
            raise UpstreamError(Unreachable.PARENT)
        return reader, writer


async def _unix(path: Path | None) -> Streams:
    """A socket of this box's own. Raises UpstreamError."""
    if path is None:
        raise UpstreamError(Unreachable.REFUSED)
    try:
        return await asyncio.open_unix_connection(path, limit=_STREAM_LIMIT)
    except OSError:
        raise UpstreamError(Unreachable.REFUSED) from None


async def _connect_through(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: str, way: str) -> bool:
    """Ask a parent proxy for a tunnel; True when it agrees."""
    told = f"Via: {way}\r\n" if way else ""
    writer.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{told}\r\n".encode("ascii"))
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (OSError, EOFError, asyncio.LimitOverrunError):
        return False
    return head[:12] in (b"HTTP/1.1 200", b"HTTP/1.0 200")


def parent_address(url: str) -> tuple[str, int] | None:
    """``http://host:port`` as host and port (3128 when it says none); None for an empty one. Raises ValueError."""
    if not url:
        return None
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.hostname is None:
        raise ValueError("a parent proxy without a host")
    return parts.hostname, parts.port or 3128


def _named(allowed: tuple[str, ...], host: str, address: str) -> bool:
    """True when site.yaml names the private address, or a name that may stand on one."""
    plain = address.partition("%")[0]
    return bool(allowed) and (private_allowed(allowed, plain) or private_name_allowed(allowed, host))


async def _first(addresses: Sequence[str], port: int) -> Streams:
    """The first address that answers, each tried a little after the one before. Raises UpstreamError."""
    if len(addresses) == 1:
        try:
            return await _connect(addresses[0], port, 0)
        except OSError:
            raise UpstreamError(Unreachable.REFUSED) from None
    return await _race([_connect(address, port, n * _STAGGER) for n, address in enumerate(addresses[:6])])


async def _connect(address: str, port: int, after: float) -> Streams:
    if after:
        await asyncio.sleep(after)
    return await asyncio.open_connection(address, port, limit=_STREAM_LIMIT)


async def _race(attempts: list[Coroutine[object, object, Streams]]) -> Streams:
    tasks = [asyncio.ensure_future(attempt) for attempt in attempts]
    won: Streams | None = None
    try:
        for done in asyncio.as_completed(tasks):
            try:
                won = await done
            except OSError:
                continue
            return won
        raise UpstreamError(Unreachable.REFUSED)
    finally:
        for task in tasks:
            if not task.cancel() and not task.cancelled() and task.exception() is None and task.result() is not won:
                task.result()[1].close()  # a second one answered in the same turn
