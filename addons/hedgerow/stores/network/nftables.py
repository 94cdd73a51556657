"""The gateway's firewall as one nftables file (nft(8)), made from site.yaml. The same site gives the same text.

One table of our own, ``inet hedgerow``: IPv4 and IPv6 in one, deleted and made anew in one transaction, other tables
left alone. ``deploy/NETWORK.md`` says what each rule is for; ``nftables_rules`` holds their texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hedgerow.core.plain import plain
from hedgerow.stores.identities import Network
from hedgerow.stores.network import nftables_rules as rules
from hedgerow.stores.network.addresses import PRIVATE4, belonging, of, private6
from hedgerow.stores.network.model import Opening, Ports
from hedgerow.stores.site import Site

TABLE = "hedgerow"
FAMILIES = ((4, "ip", "ipv4_addr"), (6, "ip6", "ipv6_addr"))


class NoOutside(ValueError):
    """site.yaml does not say by which interface the gateway reaches the internet: no rules can be made."""


@dataclass(frozen=True, slots=True)
class Box:
    """What is true of the machine, not of the school: the filter's account and the ports it listens on.

    A port that nobody listens on costs nothing: it is closed to whoever has no business there.
    """

    user: str = "hedgerow"
    explicit: int = 8080
    transparent: int = 8081
    portal: int = 80
    metrics: int = 9160
    also: tuple[int, ...] = ()  # more listeners

    @property
    def listeners(self) -> tuple[int, ...]:
        """The ports for the school's devices, none of which is for the internet."""
        return tuple(sorted({self.explicit, self.transparent, self.portal, *self.also}))


def ruleset(site: Site, box: Box = Box()) -> str:
    """The file for ``nft -f``. Raises NoOutside."""
    if not site.firewall.outside:
        raise NoOutside("firewall: outside")
    return "".join(f"{line}\n" for line in _lines(site, box))


def _lines(site: Site, box: Box) -> Iterator[str]:
    yield "#!/usr/sbin/nft -f"
    yield "# Hedgerow: the school's firewall. Made by `hedgerow network nftables` from site.yaml; do not edit."
    yield "# One transaction: the table is made (if it is not there), deleted, and made anew."
    yield f"table inet {TABLE} {{}}"
    yield f"delete table inet {TABLE}"
    yield f"table inet {TABLE} {{"
    yield from _sets(site)
    yield from rules.arriving(site, box.explicit, box.transparent)
    yield from rules.passing(site, _exceptions(site))
    yield from rules.own(site, box.listeners, box.metrics)
    yield from rules.account(site, box.user, box.explicit, box.transparent, _reached(site))
    yield from rules.leaving(site)
    yield "}"


def _sets(site: Site) -> Iterator[str]:
    """Named sets, one a family: a rule then reads like what it is for."""
    everyone = [address for rule in site.networks for address in rule.addresses]
    yield from _set("school", everyone, "every network of site.yaml")
    own = belonging(site.networks)
    for number, rule in enumerate(site.networks, 1):
        yield from _set(f"net{number}_", own[rule.name], f"the network {plain(rule.name, 60)}, {rule.band}")
    yield from _set("private", [*PRIVATE4, *private6()], "nobody's on the internet")
    yield from _set("servers", site.firewall.name_servers, "the school's own name servers")
    yield from _set("clocks", site.firewall.time_servers, "time servers that may be asked")
    yield from _set("watchers", site.firewall.metrics_from, "who may ask for the metrics")


def _set(name: str, held: Sequence[Network], about: str) -> Iterator[str]:
    yield f"  # {about}"
    for version, _, kind in FAMILIES:
        elements = ", ".join(map(str, of(version, held)))
        inside = f" elements = {{ {elements} }};" if elements else ""
        yield f"  set {name}{version} {{ type {kind}; flags interval; auto-merge;{inside} }}"


def _exceptions(site: Site) -> Iterator[str]:
    """A rule for each family, source network and protocol of each exception."""
    numbers = {rule.name: number for number, rule in enumerate(site.networks, 1)}
    for opening in site.firewall.exceptions:
        sources = [f"net{numbers[name]}_" for name in opening.networks] or ["school"]
        for version, family, _ in FAMILIES:
            for source in sources:
                whom = f"{family} saddr @{source}{version}"
                for where in _destinations(site, opening, version, family):
                    for ports in _protocols(opening):
                        yield f'{whom} {where} {ports} counter accept comment "{opening.name}"'


def _destinations(site: Site, opening: Opening, version: int, family: str) -> Iterator[str]:
    """Named addresses, wherever they are; else the internet: out by the outside, and no private address."""
    if not opening.to:
        yield f"oifname {rules.interfaces(site)} {family} daddr != @private{version}"
    elif named := of(version, opening.to):
        yield f"{family} daddr {{ {', '.join(map(str, named))} }}"


def _protocols(opening: Opening) -> Iterator[str]:
    for protocol, ports in (("tcp", opening.tcp), ("udp", opening.udp)):
        if ports:
            yield f"{protocol} dport {{ {_ports(ports)} }}"


def _ports(ports: Ports) -> str:
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ports)


def _reached(site: Site) -> Iterator[str]:
    """What the filter's own account may reach inside: ``private:`` on the web's ports, and ``firewall: filter:``."""
    web = ", ".join(map(str, sorted(site.ports)))
    inside = [found for found in map(rules.literal, site.private) if found is not None]
    for version, family, _ in FAMILIES:
        if named := of(version, inside):
            elements = ", ".join(map(str, named))
            yield f'{family} daddr {{ {elements} }} tcp dport {{ {web} }} accept comment "private: of site.yaml"'
        for opening in site.firewall.filter:
            for where in _destinations(site, opening, version, family):
                for ports in _protocols(opening):
                    yield f'{where} {ports} accept comment "{opening.name}"'
    yield from rules.parent(site)
