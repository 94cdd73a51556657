"""The addresses of site.yaml: whose they are, and which private ones pupils may reach."""

from __future__ import annotations

import ipaddress
import re

from hedgerow.core.hosts import is_public_suffix
from hedgerow.core.model import Capture
from hedgerow.stores import readers
from hedgerow.stores.identities import NetworkRule
from hedgerow.stores.policy_names import Network, host, network
from hedgerow.stores.yamlfile import MapNode, Node, Scalar

_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_WIDEST = {4: 8, 6: 16}
_NOBODYS = frozenset({"localhost", "com", "org", "net", "edu", "gov", "info", "int", "mil", "biz"})


def networks(node: Node | None, bands: tuple[str, ...], standalone: frozenset[str]) -> tuple[NetworkRule, ...]:
    """The networks of ``networks:``. One range belongs to one of them; ``standalone`` bands need ``staff-only``."""
    found: list[NetworkRule] = []
    taken: dict[Network, str] = {}
    for key, value in readers.mapping(node) if node else ():
        rule = _network(key, value, bands, standalone)
        for address, place in zip(rule.addresses, readers.items(_addresses(value)), strict=False):
            if (other := taken.setdefault(address, key.value)) != key.value:
                place.mistake(f"'{address}' belongs to the network {other!r} already")
        found.append(rule)
    return tuple(found)


def _addresses(value: Node) -> Node:
    return (value.get("addresses") if isinstance(value, MapNode) else None) or value


def _network(key: Scalar, value: Node, bands: tuple[str, ...], standalone: frozenset[str]) -> NetworkRule:
    node = readers.mapping(value, "addresses", "band", "capture", "staff-only")
    addresses, band = node.need("addresses"), node.need("band")
    capture, staff = node.get("capture"), node.get("staff-only")
    name = readers.choice(band, "band", bands) if band else ""
    staff_only = readers.boolean(staff) if staff else False
    if band and name in standalone and not staff_only:
        band.mistake(f"the band {name!r} by address needs a network that only staff can join: 'staff-only: true'")
    level = readers.choice(capture, "capture", tuple(map(str, Capture))) if capture else ""
    ranges = tuple(_clients(item) for item in readers.items(addresses)) if addresses else ()
    if addresses and not ranges:
        addresses.mistake("a network needs at least one address or range")
    return NetworkRule(
        key.value,
        tuple(found for found in ranges if found is not None),
        name or bands[0],
        Capture(level) if level else Capture.DECRYPTED,
        staff_only,
    )


def _clients(item: Node) -> Network | None:
    """A range of client addresses. Everyone at once is what ``default-band`` is for."""
    found = network(item)
    if found is not None and found.prefixlen == 0:
        item.mistake(f"'{found}' is everyone; whoever is in no network gets 'default-band'")
    if isinstance(found, ipaddress.IPv6Network) and found.subnet_of(_MAPPED):
        inside = ipaddress.IPv4Network((int(found.network_address) & 0xFFFFFFFF, found.prefixlen - 96))
        item.mistake(f"an IPv4 range written as IPv6 never matches: write '{inside}'")
    return found


def private(node: Node | None) -> tuple[str, ...]:
    """Ranges (CIDR) and canonical names of ``private:``."""
    return tuple(filter(None, map(inside, readers.items(node) if node else ())))


def inside(item: Node) -> str:
    """One of the school's own ranges (CIDR) or names. Fallback: ""."""
    value = readers.text(item)
    if re.fullmatch(r"[0-9a-fA-F:.]*[0-9a-fA-F:]/\d+|[0-9.]+|[0-9a-fA-F]*:[0-9a-fA-F:.]*", value):
        return _private_range(item)
    return _private_name(item) if value else ""


def _private_range(item: Node) -> str:
    """A range of the school's own: never so wide that it is no choice, never the gateway or what stands beside it."""
    found = network(item)
    if found is None:
        return ""
    if found.prefixlen < _WIDEST[found.version]:
        item.mistake(f"'{found}' is too wide; name what pupils need, at most a /{_WIDEST[found.version]}")
    elif found.is_loopback or found.is_link_local or found.is_multicast or found.is_unspecified:
        item.mistake(f"'{found}' is this gateway itself or its link; no pupil needs it")
    return str(found)


def _private_name(item: Node) -> str:
    name = host(item)
    if name and (name in _NOBODYS or ("." in name and is_public_suffix(name)) or len(name) == 2):
        item.mistake(f"{name!r} covers everything below it; name the school's own host")
    return name
