"""The rules themselves, chain by chain. Why each stands where it stands is said beside it.

"From the school" is whatever does not come in from the outside, and whoever has one of the school's addresses: so a
gateway with one cable for both sides filters as well, and an address nobody wrote down is filtered, not let past.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from hedgerow.stores.identities import Network
from hedgerow.stores.network.addresses import STAND_IN, STAND_IN6
from hedgerow.stores.network.model import VPN
from hedgerow.stores.site import Site

WEB = (80, 443)
NTP_LENGTHS = "{ 76, 96 }"
"""A plain NTP packet with its IPv4 or IPv6 header: 48 bytes (RFC 5905 7.3), 8 of UDP, 20 or 40. No tunnel fits in."""
_NO = "counter reject with icmpx admin-prohibited"
_NO_PORT = "counter reject with icmpx port-unreachable"
_RESET = "counter reject with tcp reset"
_DNS = "meta l4proto { tcp, udp } th dport 53"
TUNNELS = "{ 4, 41, 47, 50, 51, 115 }"
"""IP protocols that carry other networks: IP in IP, 6in4, GRE (PPTP), ESP and AH (IPsec), L2TPv3 (IANA numbers)."""


def interfaces(site: Site) -> str:
    return "{ " + ", ".join(f'"{name}"' for name in site.firewall.outside) + " }"


def chain(name: str, hook: str, lines: Iterable[str]) -> Iterator[str]:
    """``hook`` "" for one that is only jumped to."""
    yield f"  chain {name} {{"
    if hook:
        yield f"    {hook}"
    yield from (f"    {line}" for line in lines)
    yield "  }"


def from_school(site: Site, target: str) -> Iterator[str]:
    yield f"iifname != {interfaces(site)} jump {target}"
    yield f"ip saddr @school4 jump {target}"
    yield f"ip6 saddr @school6 jump {target}"


def arriving(site: Site, explicit: int, transparent: int) -> Iterator[str]:
    """Before routing: the web to the filter, names to the gateway's name server."""
    more = ", ".join(str(port) for port in sorted(site.ports.difference(WEB)))
    yield from chain(
        "arriving",
        "type nat hook prerouting priority dstnat; policy accept;",
        ['iifname "lo" return', *from_school(site, "led")],
    )
    yield from chain(
        "led",
        "",
        [
            f"{_DNS} jump names",
            # also to the gateway's own addresses: its pages answer by name. With nobody listening: refused
            f'tcp dport {{ 80, 443 }} counter redirect to :{transparent} comment "the web"',
            *([f"fib daddr type != local tcp dport {{ {more} }} counter redirect to :{transparent}"] if more else []),
            f"ip daddr {STAND_IN} tcp dport {explicit} redirect to :{explicit}",
            f"ip6 daddr {STAND_IN6} tcp dport {explicit} redirect to :{explicit}",
        ],
    )
    yield from chain(
        "names",
        "",
        [
            "fib daddr type local return",
            "ip daddr @servers4 return",
            "ip6 daddr @servers6 return",
            'meta l4proto { tcp, udp } counter redirect to :53 comment "foreign name servers"',
        ],
    )


def passing(site: Site, exceptions: Iterable[str]) -> Iterator[str]:
    """What is routed through: nothing but the school's exceptions, and answers."""
    yield from chain(
        "passing",
        "type filter hook forward priority filter; policy drop;",
        [
            # before "established": packet by packet, or a tunnel would begin as a clock
            "udp dport 123 ct direction original jump clock",
            f"udp sport 123 ct direction reply meta length != {NTP_LENGTHS} drop",
            "ct state established,related accept",
            "ct state invalid drop",
            *from_school(site, "beside_the_web"),
        ],
    )
    yield from chain("clock", "", _clock(site))
    servers = [f"{family} daddr @servers{version} {_DNS} accept" for version, family in ((4, "ip"), (6, "ip6"))]
    yield from chain("beside_the_web", "", [*servers, *exceptions, "jump closed"])
    yield from chain("closed", "", _closed())


def _clock(site: Site) -> Iterator[str]:
    if site.firewall.time != "none":
        out, limit = f"oifname {interfaces(site)}", "limit rate 50/second burst 200 packets"
        some = site.firewall.time == "some"
        for version, family in ((4, "ip"), (6, "ip6")):
            whom = f"@clocks{version}" if some else f"!= @private{version}"
            where = "" if some else f"{out} "
            yield (
                f"{where}{family} saddr @school{version} {family} daddr {whom} meta length {NTP_LENGTHS} {limit} accept"
            )
    for version, family in ((4, "ip"), (6, "ip6")):
        # as all that comes from outside: no word. Here, for an established one would pass behind this chain
        yield f'iifname {interfaces(site)} {family} saddr != @school{version} counter drop comment "time, from outside"'
    yield f'{_NO} comment "time"'


def _closed() -> Iterator[str]:
    """Each by itself, so that the counters tell what was tried; refused, not dropped, so that nobody waits."""
    yield f'udp dport {{ 80, 443, 8443 }} {_NO_PORT} comment "QUIC: browsers fall back to TCP at once"'
    yield f'tcp dport 853 {_RESET} comment "DNS over TLS"'
    yield f'udp dport {{ 784, 853, 8853 }} {_NO_PORT} comment "DNS over QUIC"'
    tcp, udp = (", ".join(map(str, sorted(VPN[protocol]))) for protocol in ("tcp", "udp"))
    yield f'tcp dport {{ {tcp} }} {_RESET} comment "VPN"'
    yield f'udp dport {{ {udp} }} {_NO_PORT} comment "VPN"'
    yield f'meta l4proto {TUNNELS} {_NO} comment "tunnels"'
    yield f'meta l4proto tcp {_RESET} comment "everything else"'
    yield f'{_NO} comment "everything else"'


def own(site: Site, listeners: Iterable[int], metrics: int) -> Iterator[str]:
    """The gateway itself: nothing of ours is open to the outside, and the metrics to nobody but who watches them.

    What else listens on the machine (ssh) is not ours to close.
    """
    yield from chain(
        "own",
        "type filter hook input priority filter; policy accept;",
        [
            f"tcp dport {metrics} ct state new jump metrics",
            f"iifname {interfaces(site)} ct state new jump from_outside",
        ],
    )
    yield from chain(
        "metrics",
        "",
        [
            'iifname "lo" accept',
            "ip saddr @watchers4 accept",
            "ip6 saddr @watchers6 accept",
            f"iifname {interfaces(site)} counter drop",
            f'{_RESET} comment "metrics"',
        ],
    )
    yield from chain(
        "from_outside",
        "",
        [
            "ip saddr @school4 return",
            "ip6 saddr @school6 return",
            f"tcp dport {{ {', '.join(map(str, sorted({53, *listeners})))} }} counter drop",
            "udp dport 53 counter drop",
        ],
    )


def account(site: Site, user: str, explicit: int, transparent: int, reached: Iterable[str]) -> Iterator[str]:
    """What the filter's own account may dial: the internet, its name server, its own listeners."""
    yield from chain(
        "account",
        "type filter hook output priority filter; policy accept;",
        [f'meta skuid "{user}" jump kept_in'],
    )
    yield from chain(
        "kept_in",
        "",
        [
            "ct state established,related accept",
            f"fib daddr type local {_DNS} accept",
            f"ip daddr @servers4 {_DNS} accept",
            f"ip6 daddr @servers6 {_DNS} accept",
            f'fib daddr type local tcp dport {{ {explicit}, {transparent} }} accept comment "its own listeners"',
            *reached,
            "fib daddr type local jump refused",
            "ip daddr @private4 jump refused",
            "ip6 daddr @private6 jump refused",
        ],
    )
    yield from chain("refused", "", [f"meta l4proto tcp {_RESET}", _NO])


def leaving(site: Site) -> Iterator[str]:
    """IPv4 of the school leaves with the gateway's address; it would find no way back else."""
    lines = [f"oifname {interfaces(site)} ip saddr @private4 masquerade"] if site.firewall.masquerade else []
    yield from chain("leaving", "type nat hook postrouting priority srcnat; policy accept;", lines)


def parent(site: Site) -> Iterator[str]:
    """The parent proxy, where site.yaml gives its address; one that has a name is told in a note."""
    parts = urlsplit(site.parent_proxy)
    if site.parent_proxy and (address := literal(parts.hostname or "")) is not None:
        family = "ip" if address.version == 4 else "ip6"
        yield f'{family} daddr {address} tcp dport {parts.port or 3128} accept comment "parent proxy"'


def literal(text: str) -> Network | None:
    """An address or range, None for a name."""
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None
