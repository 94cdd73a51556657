"""Where a list may be fetched from: names that answer with addresses outside, each dialled as it was checked."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from pathlib import Path

import httpx

from hedgerow.core.addresses import is_private
from hedgerow.core.hosts import HostError, canonical_host
from hedgerow.stores.sources.faults import NotFetched

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Way:
    """How the school goes out."""

    proxy: str = ""  # "http://host:port", "" = directly
    ca: Path | None = None  # trusted beside the system's authorities, where the way out is decrypted


def checked_url(url: httpx.URL, before: httpx.URL | None = None) -> None:
    """``before`` is the address that sent us here. Raises NotFetched for an address no list is fetched from."""
    if url.scheme not in _PORTS or not url.host:
        raise NotFetched(f"{_shown(url)}: only http and https are fetched")
    if before is not None and before.scheme == "https" and url.scheme == "http":
        raise NotFetched(f"{_shown(url)}: a redirect from https to http is not followed")
    if url.userinfo:
        raise NotFetched(f"{url.host}: an address with a user name is not fetched")


async def addresses(url: httpx.URL, way: Way) -> tuple[str, ...]:
    """The addresses to dial, () when a proxy looks the name up. Raises NotFetched when one of them is inside.

    With a proxy the name is looked up here as well where that works: a proxy reaches what stands inside.
    """
    host = _canonical(url.host)
    if is_private(host):
        raise NotFetched(f"{host} is an address inside: lists are fetched from outside only")
    found = await _looked_up(host, url.port or _PORTS[url.scheme])
    if not found and not way.proxy:
        raise NotFetched(f"{host}: no such name, or no name server answers", again=True, nobody=url.host)
    for address in found:
        if is_private(address):
            raise NotFetched(f"{host} leads to {address}, an address inside: lists are fetched from outside only")
    return () if way.proxy else found


async def _looked_up(host: str, port: int) -> tuple[str, ...]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return ()
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _canonical(host: str) -> str:
    """httpx gives an IPv6 address without brackets."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return canonical_host(host)
    except HostError as error:
        raise NotFetched(f"{host[:80]!r} is no host name: {error}") from None


def _shown(url: httpx.URL) -> str:
    return str(url)[:120]
