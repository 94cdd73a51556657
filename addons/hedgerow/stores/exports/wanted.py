"""The fewest names a resolver's file must hold, so that each name there is gets the verdict it has here.

A name is wanted when it, or what stands below it, is judged otherwise than its parent's unnamed children are. So each
name is looked at by itself, in whatever order they come, and three million of them need no memory.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from hedgerow.core.hosts import is_address, parents
from hedgerow.stores.exports.verdicts import ANY

_PLAIN = re.compile(r"[a-z0-9_.-]{1,240}")  # with room for "*." and the name of a zone in DNS's 253
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Node(NamedTuple):
    """What a file must say about one name. True is refused."""

    name: str
    itself: bool
    below: bool  # whatever stands below it and is not named itself
    inherited: bool  # what it would get if the file were silent about it

    @property
    def silent(self) -> bool:
        return self.itself == self.below == self.inherited


@dataclass(slots=True)
class Wanted:
    """``listed`` gives the lists' names (``MappedIndex.listed``), ``named`` are those of the policies.

    ``helplines`` are those of them that must never be refused; ``refused`` and ``address_refused`` are asked as
    ``Verdicts`` says. ``lost`` counts what no file of the format can say.
    """

    listed: Callable[[], Iterable[tuple[str, bool, bool]]]
    named: frozenset[str]
    helplines: Container[str]
    refused: Callable[[str], bool]
    address_refused: Callable[[str], bool]
    counts: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    _addresses: list[str] = field(default_factory=list)

    @property
    def closed(self) -> bool:
        """True when the band refuses whatever nobody has judged: all names there are, but for those named open."""
        return self.refused(ANY)

    def nodes(self, also: Callable[[Node], bool] = lambda node: False) -> Iterator[Node]:
        """The wanted names, those of the policies first; ``also`` picks more, about which a file may be silent."""
        inherited = lru_cache(maxsize=1 << 16)(self._below)
        for name, exact, wide in self._candidates():
            above, itself = inherited(name.partition(".")[2]), self.refused(name)
            below = self._below(name) if exact and wide else above if exact else itself
            node = Node(name, itself, below, above)
            if not node.silent or also(node):
                self.counts["refused" if node.itself else "let through"] += 1
                yield node

    def filled(self) -> Iterator[Node]:
        """``nodes``, with all names between a wanted one and the one above it that refuses, and what policies open.

        In a zone a wildcard ends where a name exists, even one that only leads to others (RFC 4592, 2.2.2 and 3.3.1).
        Some resolvers also look where an alias (CNAME) leads and which address it has: what a person opened is named.
        """
        led: set[str] = set()
        for node in self.nodes(self.opened):
            if node.inherited:
                yield from self._leading_to(node.name, led)
            yield node

    def opened(self, node: Node) -> bool:
        """True for what a policy names and lets through."""
        return not node.itself and node.name in self.named

    def addresses(self) -> Iterator[tuple[Network, bool]]:
        """Addresses and networks, those that a file must name; after ``nodes`` has given its last."""
        known: dict[Network, bool] = {}
        for network in sorted({ipaddress.ip_network(one) for one in self._addresses}, key=_widest_first):
            refused = known[network] = self.address_refused(_text(network))
            if refused != _around(network, known):
                yield network, refused

    def _candidates(self) -> Iterator[tuple[str, bool, bool]]:
        """Names to ask about, as ``listed`` gives them; sorts out what is no name."""
        for name in sorted(self.named):
            if self._usable(name):
                yield name, True, True
        for row in self.listed():
            self.counts["listed"] += 1
            if row[0] not in self.named and self._usable(row[0]):
                yield row

    def _usable(self, name: str) -> bool:
        plain = _PLAIN.fullmatch(name) is not None
        if (not plain or name[-1].isdigit()) and _is_network(name):
            self._addresses.append(name)
            return False
        if not plain:
            self.lost["paths" if "/" in name else "names"] += 1
        return plain

    def _below(self, name: str) -> bool:
        return self.refused(f"{ANY}.{name}" if name else ANY)

    def _leading_to(self, name: str, led: set[str]) -> Iterator[Node]:
        for parent in tuple(parents(name))[1:]:
            if parent in led or not (self.refused(parent) and self._below(parent) and self._inherits(parent)):
                return
            led.add(parent)
            yield Node(parent, True, True, True)

    def _inherits(self, name: str) -> bool:
        return self._below(name.partition(".")[2])


def _is_network(name: str) -> bool:
    if not is_address(name.partition("/")[0]):
        return False
    try:
        ipaddress.ip_network(name)
    except ValueError:
        return False
    return True


def _text(network: Network) -> str:
    """As the index knows it: an address without its length."""
    whole = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if whole else str(network)


def _widest_first(network: Network) -> tuple[int, int, int]:
    return network.version, network.prefixlen, int(network.network_address)


def _around(network: Network, known: dict[Network, bool]) -> bool:
    """What the narrowest known network around it says."""
    for length in range(network.prefixlen - 1, -1, -1):
        if (found := known.get(network.supernet(new_prefix=length))) is not None:
            return found
    return False
