"""Who a request comes from. Now from the client's address; leases, login and RADIUS will implement ``Source`` too."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from hedgerow.core.model import Capture, Identity

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_MOST_KEPT = 20_000
"""Addresses remembered: a school's devices many times over, and a bound for IPv6 privacy addresses."""


@dataclass(frozen=True, slots=True)
class NetworkRule:
    """One network of ``site.yaml``: its addresses and what holds for whoever has one of them."""

    name: str
    addresses: tuple[Network, ...]
    band: str
    level: Capture = Capture.DECRYPTED
    staff_only: bool = False


class Source(Protocol):
    """A way to tell who somebody is. To add one: implement this, and give it to ``Identities`` before the address."""

    def identify(self, address: Address) -> Identity | None:
        """The person or device behind this address, or None when this source does not know."""


class Identities:
    """Asks each source in turn; whoever none of them knows gets the default (strictest) band."""

    def __init__(self, networks: Iterable[NetworkRule], default_band: str, sources: tuple[Source, ...] = ()) -> None:
        self._default_band = default_band
        self._sources = sources
        ranges = [(network, rule) for rule in networks for network in rule.addresses]
        self._ranges = tuple(sorted(ranges, key=lambda item: item[0].prefixlen, reverse=True))
        self._by_address: dict[str, Identity] = {}  # what the networks alone say; they never change here

    def resolve(self, address: str) -> Identity:
        """The identity behind a client address (never a header); the longest matching prefix decides.

        Raises ValueError when ``address`` is no IP address.
        """
        known = self._by_address.get(address) if not self._sources else None
        return known if known is not None else self._resolve(address)

    def _resolve(self, address: str) -> Identity:
        parsed = canonical_address(address)
        for source in self._sources:
            if (identity := source.identify(parsed)) is not None:
                return identity
        found = self._by_network(parsed)
        if len(self._by_address) < _MOST_KEPT:
            self._by_address[address] = found
        return found

    def _by_network(self, parsed: Address) -> Identity:
        for network, rule in self._ranges:
            if parsed.version == network.version and parsed in network:
                return Identity(str(parsed), rule.band, rule.name, rule.level, rule.staff_only)
        return Identity(str(parsed), self._default_band)

    def known(self, address: str) -> bool:
        """True when some network of ``site.yaml`` holds this address: others are not served (open proxy)."""
        parsed = canonical_address(address)
        return any(parsed.version == network.version and parsed in network for network, _ in self._ranges)


def canonical_address(address: str) -> Address:
    """The address without zone id, v4-mapped unwrapped (RFC 4291 2.5.5.2). Raises ValueError."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped
    return parsed
