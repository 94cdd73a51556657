"""The part of site.yaml that says what passes the gateway beside the web: ``firewall``.

::

    firewall:
      outside: [eth0]                  # the interface towards the internet
      masquerade: true                 # IPv4 leaves with the gateway's own address (default)
      name-servers: [10.1.0.5]         # the school's own, which devices may ask as well
      time: any                        # any (default), none, or the addresses of time servers
      metrics-from: [10.1.0.7]         # who may ask for the gateway's metrics, besides the gateway itself
      exceptions:
        calls: {networks: [staff-room], udp: [3478-3481], to: [198.51.100.0/24]}
      filter:
        mail: {tcp: 587, to: [10.1.0.25]}
"""

from __future__ import annotations

import re
from collections.abc import Collection

from hedgerow.stores import readers
from hedgerow.stores.identities import Network
from hedgerow.stores.network.model import VPN, Firewall, Opening, Ports
from hedgerow.stores.policy_names import network
from hedgerow.stores.yamlfile import MapNode, Node, Scalar, SeqNode, legal

FIREWALL_KEYS = ("outside", "masquerade", "name-servers", "time", "metrics-from", "exceptions", "filter")
OPENING_KEYS = ("networks", "tcp", "udp", "to")
_INTERFACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,14}", re.ASCII)  # 15 characters: IFNAMSIZ of Linux
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,29}", re.ASCII)
_RANGE = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?", re.ASCII)
_MOST_PORTS = 1000
_OURS = {
    53: "name servers: see 'name-servers'",
    80: "the web's; it goes through the filter",
    443: "the web's; it goes through the filter, and over UDP (QUIC) browsers fall back to it",
    853: "that of encrypted name servers, which would answer in place of the school's",
}
"""Ports no exception opens, and what they are."""


def firewall(node: Node | None, networks: Collection[str] = ()) -> Firewall:
    """What stands under ``firewall:``; ``networks`` are the names under ``networks:``."""
    if node is None:
        return Firewall()
    found = readers.mapping(node, *FIREWALL_KEYS)
    outside, masquerade, servers = found.get("outside"), found.get("masquerade"), found.get("name-servers")
    watchers = found.get("metrics-from")
    time, servers_of_time = _time(found.get("time"))
    exceptions = _openings(found.get("exceptions"), networks)
    return Firewall(
        outside=tuple(filter(None, readers.some(outside, _interface))) if outside else (),
        masquerade=readers.boolean(masquerade) if masquerade else True,
        name_servers=_ranges(servers) if servers else (),
        time=time,
        time_servers=servers_of_time,
        metrics_from=_ranges(watchers) if watchers else (),
        exceptions=tuple(opening for opening, _ in exceptions),
        filter=tuple(opening for opening, _ in _openings(found.get("filter"), None)),
        places={opening.name: str(place.where) for opening, place in exceptions},
    )


def _interface(node: Node) -> str:
    value = readers.text(node)
    if value and (value == "lo" or not _INTERFACE.fullmatch(value)):
        node.mistake(f"the name of a network interface such as 'eth0' expected (`ip link` lists them), not {value!r}")
        return ""
    return value


def _ranges(node: Node) -> tuple[Network, ...]:
    return tuple(found for found in readers.some(node, network) if found is not None)


def _time(node: Node | None) -> tuple[str, tuple[Network, ...]]:
    if node is None:
        return "any", ()
    if isinstance(node, Scalar) and node.value.strip() in ("any", "none"):
        return node.value.strip(), ()
    if isinstance(node, Scalar) and not re.search(r"[.:/\d]", node.value):
        node.mistake(legal("value of 'time'", readers.text(node), ("any", "none")) + ", or addresses of time servers")
        return "none", ()
    return "some", _ranges(node)


def _openings(node: Node | None, networks: Collection[str] | None) -> list[tuple[Opening, MapNode]]:
    """``networks`` None: of the filter itself, which has one place and needs a destination."""
    found = []
    for key, value in readers.mapping(node) if node else ():
        if not _NAME.fullmatch(key.value):
            key.mistake(f"a name of small letters, digits and '-' expected, at most 30, not {key.value!r}")
        keys = OPENING_KEYS if networks is not None else OPENING_KEYS[1:]
        found.append((_opening(key, place := readers.mapping(value, *keys), networks), place))
    return found


def _opening(key: Scalar, node: MapNode, networks: Collection[str] | None) -> Opening:
    to, named, before = node.get("to"), node.get("networks"), len(node.source.mistakes.found)
    ranges = _ranges(to) if to else ()
    ports = {protocol: _ports(node.get(protocol), protocol, networks is not None) for protocol in ("tcp", "udp")}
    members = readers.some(named, lambda item: readers.choice(item, "network", networks or ())) if named else ()
    opening = Opening(key.value, ports["tcp"], ports["udp"], ranges, tuple(filter(None, members)))
    if len(node.source.mistakes.found) == before:
        _whole(key, node, opening, networks is None)
    return opening


def _whole(key: Scalar, node: MapNode, opening: Opening, own: bool) -> None:
    """What only the whole exception shows."""
    if not opening.tcp and not opening.udp:
        key.mistake("an exception needs 'udp:' or 'tcp:' with its ports, such as 'udp: [3478, 8801-8810]'")
    if own and not opening.to:
        key.mistake("'to:' expected: the addresses inside that the filter's own account may reach")
    wide = sum(last - first + 1 for first, last in (*opening.tcp, *opening.udp))
    if not opening.to and wide > _MOST_PORTS:
        key.mistake(f"{wide} ports to any address is an open door; at most {_MOST_PORTS}, or name addresses with 'to:'")
    if any(found.prefixlen == 0 for found in opening.to) and (to := node.get("to")):
        to.mistake("everyone is what an exception without 'to:' reaches; leave it out")


def _ports(node: Node | None, protocol: str, pupils: bool) -> Ports:
    if node is None:
        return ()
    items = node.items if isinstance(node, SeqNode) else (node,)
    return tuple(found for item in items if (found := _port_range(item, protocol, pupils)) is not None)


def _port_range(node: Node, protocol: str, pupils: bool) -> tuple[int, int] | None:
    value = readers.text(node)
    match = _RANGE.fullmatch(value)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= first <= last <= 65535:
        if value:
            node.mistake(f"a port or a range of ports such as 3478 or 8801-8810 expected, not {value!r}")
        return None
    if pupils and (ours := next((port for port in _OURS if first <= port <= last), None)):
        node.mistake(f"no exception opens port {ours}: it is {_OURS[ours]}")
        return None
    hidden = [port for port in VPN[protocol] if first <= port <= last]
    if pupils and hidden and last > first:
        what = f"{hidden[0]} ({VPN[protocol][hidden[0]]})"
        node.mistake(f"{value} holds {what}; write that port by itself if you mean it")
        return None
    return first, last
