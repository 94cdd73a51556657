"""A response policy zone (draft-vixie-dnsop-dns-rpz), for Unbound, BIND, Knot Resolver and PowerDNS.

Says everything: a name and what stands below it are two records. Addresses refuse whatever name leads to them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from hedgerow.stores.exports.wanted import Network, Wanted

_PASS = "CNAME rpz-passthru."


def rpz(wanted: Wanted, answer: str, serial: int) -> Iterator[str]:
    """The zone's records, relative to whatever the resolver calls it. ``answer`` is an address or "": no such name."""
    refuse = f"{_record_type(answer)} {answer}" if answer else "CNAME ."
    yield from zone_head(serial)
    if wanted.closed:
        yield f"* {refuse}"
    for node in wanted.filled():
        told = node.inherited or wanted.opened(node)
        if node.itself or told:
            yield f"{node.name} {refuse if node.itself else _PASS}"
        if node.below or told:
            yield f"*.{node.name} {refuse if node.below else _PASS}"
    for network, refused in wanted.addresses():
        yield f"{trigger(network)} {refuse if refused else _PASS}"


def zone_head(serial: int) -> Iterator[str]:
    """What every zone begins with."""
    yield "$TTL 60"
    yield f"@ SOA localhost. hostmaster.localhost. {serial} 3600 600 604800 60"
    yield "@ NS localhost."


def trigger(network: Network) -> str:
    """An address or network as RPZ writes it: length, then the parts backwards; ``zz`` is the ``::`` of IPv6."""
    address = network.network_address
    if isinstance(address, ipaddress.IPv4Address):
        parts = str(address).split(".")
    else:
        parts = [part for part in str(address).replace("::", ":zz:").split(":") if part]
    return f"{network.prefixlen}.{'.'.join(reversed(parts))}.rpz-ip"


def _record_type(answer: str) -> str:
    return "AAAA" if ":" in answer else "A"
