"""What the school's firewall lets through besides the web: the part ``firewall:`` of site.yaml, read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hedgerow.stores.identities import Network

type Ports = tuple[tuple[int, int], ...]
"""First and last port of each range."""

VPN = {
    "tcp": {1194: "OpenVPN", 1701: "L2TP", 1723: "PPTP"},
    "udp": {500: "IKE", 1194: "OpenVPN", 1701: "L2TP", 4500: "IPsec", 51820: "WireGuard"},
}
"""Where VPNs listen unless told otherwise (IANA service names; wireguard.com for 51820)."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One thing that passes the firewall beside the filter. Empty ``networks``: all; empty ``to``: the internet."""

    name: str
    tcp: Ports = ()
    udp: Ports = ()
    to: tuple[Network, ...] = ()
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Firewall:
    """``outside`` are the gateway's interfaces towards the internet; without them no rules can be made."""

    outside: tuple[str, ...] = ()
    masquerade: bool = True
    name_servers: tuple[Network, ...] = ()  # the school's own, beside the gateway
    time: str = "any"  # none | any | some: whom devices may ask for the time (NTP)
    time_servers: tuple[Network, ...] = ()
    exceptions: tuple[Opening, ...] = ()
    metrics_from: tuple[Network, ...] = ()  # who else than the gateway itself may ask for its metrics
    filter: tuple[Opening, ...] = ()  # what the filter's own account may reach inside, beside ``private:``
    places: Mapping[str, str] = field(default_factory=dict)  # where an exception stands, for notes about it
