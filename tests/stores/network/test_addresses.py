"""The firewall's private addresses are the filter's, and a range inside another's belongs to one network."""

from __future__ import annotations

import ipaddress

from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.addresses import is_private
from hedgerow.stores.network.addresses import PRIVATE4, belonging, of, private6
from tests.stores.network.site import site

EDGES = [address for network in PRIVATE4 for address in (network[0], network[-1])]


@settings(deadline=None)
@given(st.ip_addresses(v=4) | st.sampled_from(EDGES))
def test_v4_is_what_the_filter_refuses(address: ipaddress.IPv4Address) -> None:
    assert any(address in network for network in PRIVATE4) is is_private(str(address))


GLOBAL_OR_NAT64 = st.integers(0, 2**125 - 1).map(lambda n: ipaddress.IPv6Address(n | 1 << 125)) | st.integers(
    0, 2**32 - 1
).map(lambda n: ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | n))
CARRIED = st.sampled_from(EDGES).map(
    lambda a: ipaddress.IPv6Address(int(ipaddress.IPv6Address("2002::")) | int(a) << 80)
)


@settings(deadline=None)
@given(GLOBAL_OR_NAT64 | CARRIED)
def test_v6_is_what_the_filter_refuses(address: ipaddress.IPv6Address) -> None:
    assert any(address in network for network in private6()) is is_private(str(address))


@settings(deadline=None)
@given(st.ip_addresses(v=6))
def test_nothing_the_filter_dials_is_closed(address: ipaddress.IPv6Address) -> None:
    mapped = address.ipv4_mapped is not None  # dialled, it is an IPv4 packet
    assert mapped or is_private(str(address)) or not any(address in network for network in private6())


def test_the_longest_range_decides() -> None:
    own = belonging(site().networks)
    inside = ipaddress.ip_address("10.20.5.7")
    holders = [name for name, networks in own.items() if any(inside in network for network in networks)]
    assert holders == ["exam\nroom"]
    assert sum(network.num_addresses for network in own["young"] if network.version == 4) == 2**16 - 2**8


def test_families_apart_and_joined() -> None:
    networks = [*map(ipaddress.ip_network, ("10.0.0.0/9", "10.128.0.0/9", "fd00::/8"))]
    assert [*map(str, of(4, networks))] == ["10.0.0.0/8"] and [*map(str, of(6, networks))] == ["fd00::/8"]
