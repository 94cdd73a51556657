"""Addresses that are nobody's on the internet, as the firewall needs them: the school's own and other private ones.

They are what ``core.addresses.is_private`` refuses to dial (IANA special-purpose registries, RFC 6890), IPv4 ones also
where IPv6 carries them (RFC 4291 2.5.5, RFC 6052, RFC 3056). A test holds the two together.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from hedgerow.stores.identities import Network, NetworkRule

STAND_IN = ipaddress.IPv4Address("192.0.2.1")
STAND_IN6 = ipaddress.IPv6Address("2001:db8::1")
"""What the name server answers for the gateway's own names (documentation ranges, RFC 5737, RFC 3849): nobody's
address, so a device in any network sends it to its gateway as the way out, which leads it to itself."""

PRIVATE4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
            *("224.0.0.0/4", "240.0.0.0/4"),
        ),
    )
)
PRIVATE6 = tuple(  # all but 2000::/3 and NAT64, and what of 2000::/3 is no global address
    map(
        ipaddress.IPv6Network,
        (
            *("::/10", "64:ff9b:1::/48", "80::/9", "100::/8", "200::/7", "400::/6", "800::/5", "1000::/4"),
            *("4000::/2", "8000::/1", "2001::/23", "2001:db8::/32", "3fff::/20"),
        ),
    )
)
_NAT64, _SIX_TO_FOUR = int(ipaddress.IPv6Address("64:ff9b::")), int(ipaddress.IPv6Address("2002::"))


def carried(network: ipaddress.IPv4Network) -> tuple[ipaddress.IPv6Network, ...]:
    """The IPv6 ranges that lead to an IPv4 one: NAT64 and 6to4."""
    address = int(network.network_address)
    return (
        ipaddress.IPv6Network((_NAT64 | address, 96 + network.prefixlen)),
        ipaddress.IPv6Network((_SIX_TO_FOUR | address << 80, 16 + network.prefixlen)),
    )


def private6() -> tuple[ipaddress.IPv6Network, ...]:
    """All private ranges of IPv6."""
    return PRIVATE6 + tuple(found for network in PRIVATE4 for found in carried(network))


def of(version: int, networks: Iterable[Network]) -> tuple[Network, ...]:
    """Those of one family, overlapping ones joined, in order."""
    if version == 4:
        return tuple(ipaddress.collapse_addresses(n for n in networks if isinstance(n, ipaddress.IPv4Network)))
    return tuple(ipaddress.collapse_addresses(n for n in networks if isinstance(n, ipaddress.IPv6Network)))


def belonging(networks: Iterable[NetworkRule]) -> dict[str, tuple[Network, ...]]:
    """Name of each network -> what is really its own: without the narrower ranges that other networks hold inside.

    ``Identities`` lets the longest matching range decide; sets of the firewall know no order.
    """
    rules = tuple(networks)
    taken = [(address, rule.name) for rule in rules for address in rule.addresses]
    return {
        rule.name: tuple(
            left
            for address in rule.addresses
            for left in _without(address, [other for other, name in taken if name != rule.name])
        )
        for rule in rules
    }


def _without(whole: Network, others: Iterable[Network]) -> Iterable[Network]:
    left: list[Network] = [whole]
    for other in others:
        left = [piece for one in left for piece in _split(one, other)]
    return left


def _split(one: Network, other: Network) -> Iterable[Network]:
    if isinstance(one, ipaddress.IPv4Network) and isinstance(other, ipaddress.IPv4Network):
        return one.address_exclude(other) if one != other and other.subnet_of(one) else (one,)
    if isinstance(one, ipaddress.IPv6Network) and isinstance(other, ipaddress.IPv6Network):
        return one.address_exclude(other) if one != other and other.subnet_of(one) else (one,)
    return (one,)
