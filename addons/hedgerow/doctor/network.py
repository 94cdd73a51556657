"""The network around the gateway: names, firewall, what passes it by."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from typing import Any

from hedgerow.core.model import Capture
from hedgerow.doctor.model import check
from hedgerow.doctor.patient import Patient
from hedgerow.stores.network.addresses import STAND_IN, STAND_IN6
from hedgerow.stores.own_addresses import is_local

_NAMES = ("www.wikipedia.org", "www.google.com")
_SECONDS = 8.0
_STAND_INS = {str(STAND_IN), str(STAND_IN6)}
"""What `hedgerow network unbound` answers. The firewall leads them here; `redirect-missing` tells when it does not."""
_V6 = ("inet", "ip6")
_V4 = ("inet", "ip")


def lookup(name: str) -> tuple[str, ...]:
    """The addresses of a name; () when it has none, or no server answers in time."""
    pool = ThreadPoolExecutor(1)
    try:
        found = pool.submit(socket.getaddrinfo, name, None, 0, socket.SOCK_STREAM).result(_SECONDS)
        return tuple(dict.fromkeys(str(one[4][0]) for one in found))
    except (OSError, UnicodeError, TooLate):
        return ()
    finally:
        pool.shutdown(wait=False)


@check(
    "dns-broken",
    "broken",
    "no name can be resolved: no site can be reached",
    "`resolvectl status`, /etc/resolv.conf: name a server that answers, and see that the "
    "firewall lets the gateway ask it.",
)
def dns_broken(patient: Patient) -> Iterator[str]:
    helplines = patient.files.loaded.helplines if patient.files else ()
    names = (*_NAMES, *(host.partition("/")[0] for line in helplines for host in line.hosts))
    if not any(lookup(name) for name in names[:4]):
        yield f"none of {', '.join(names[:4])} has an address"


@check(
    "gateway-name",
    "soon",
    "the gateway's own name leads elsewhere, or nowhere: forms and help pages do not open",
    "`hedgerow network unbound` answers it (NETWORK.md, step 6); another name server has to answer that name "
    "(`gateway:` in site.yaml) with the gateway's address in the pupils' networks.",
)
def gateway_name(patient: Patient) -> Iterator[str]:
    for name in patient.site.gateway_names:
        addresses = lookup(name)
        if not addresses:
            yield f"{name} has no address"
        elif not any(address in _STAND_INS or is_local(address) for address in addresses):
            yield f"{name} leads to {', '.join(addresses)}, which is not this machine"


@check(
    "parent-proxy",
    "broken",
    "the proxy that site.yaml names does not answer: no site can be reached",
    "Correct `proxy: {parent: ...}` in site.yaml, or ask who runs it.",
)
def parent_proxy(patient: Patient) -> Iterator[str]:
    url = patient.site.parent_proxy
    host, _, port = url.rpartition("//")[2].rstrip("/").partition(":")
    if not host:
        return
    try:
        socket.create_connection((host, int(port or 3128)), 5).close()
    except OSError as error:
        yield f"{url}: {error.strerror or error}"


def _parts(rule: Mapping[str, Any], word: str) -> Iterator[Any]:
    for one in rule.get("expr", ()):
        if isinstance(one, dict) and word in one:
            yield one[word]


def _rules(patient: Patient, families: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    for item in patient.rules:
        rule = item.get("rule")
        if rule and rule["family"] in families:
            yield rule


def redirected(patient: Patient, families: Iterable[str]) -> set[int]:
    """Ports that some rule redirects to."""
    told = (part for rule in _rules(patient, families) for part in _parts(rule, "redirect"))
    return {part["port"] for part in told if isinstance(part, dict) and isinstance(part.get("port"), int)}


def drops_forward(patient: Patient, families: Iterable[str]) -> bool:
    """Is there a forward chain that refuses what no rule names?"""
    chains = (item["chain"] for item in patient.rules if "chain" in item)
    return any(
        chain.get("hook") == "forward" and chain.get("policy") == "drop" and chain["family"] in families
        for chain in chains
    )


def _transparent(patient: Patient) -> set[int]:
    return {port for _, port, mode in patient.served if mode == "transparent"}


@check(
    "redirect-missing",
    "broken",
    "no firewall rule leads pupils' connections to the gateway: they pass it by",
    "`hedgerow network nftables --apply --out /etc/hedgerow/firewall.nft` loads them (NETWORK.md); `nft list ruleset` "
    "shows what holds now.",
)
def redirect_missing(patient: Patient) -> Iterator[str]:
    for port in sorted(_transparent(patient) - redirected(patient, _V4)):
        yield f"the gateway waits for redirected clients on port {port}, and no IPv4 rule redirects to it"


@check(
    "redirect-deaf",
    "broken",
    "the firewall leads pupils to a port on which nobody listens: no page opens",
    "Start the gateway on that port (`--listen :PORT/transparent`), or correct the rule.",
)
def redirect_deaf(patient: Patient) -> Iterator[str]:
    wanted = redirected(patient, (*_V4, *_V6))
    if wanted:
        for port in sorted(wanted - patient.listeners("tcp", "tcp6", "udp", "udp6")):
            yield f"rules redirect to port {port}, and nobody listens there"


@check(
    "ipv6-leak",
    "broken",
    "IPv6 passes the filter by: this machine forwards it and no rule stops or redirects it",
    "Redirect and drop IPv6 as IPv4 (`table inet`, not `table ip`), or `sysctl -w net.ipv6.conf.all.forwarding=0`.",
)
def ipv6_leak(patient: Patient) -> Iterator[str]:
    if patient.setting("sys/net/ipv6/conf/all/forwarding") != "1":
        return
    if not drops_forward(patient, _V6):
        yield "IPv6 is forwarded, and no forward chain drops what it does not name"
    elif _transparent(patient) - redirected(patient, _V6):
        yield "IPv6 is forwarded, and no IPv6 rule redirects to the gateway"


@check(
    "forward-open",
    "broken",
    "IPv4 passes the filter by: other ports, QUIC, VPNs and foreign name servers are open",
    "`hedgerow network nftables --apply --out /etc/hedgerow/firewall.nft` closes all but the school's exceptions "
    "(NETWORK.md); in a firewall of your own: a forward chain with `policy drop`.",
)
def forward_open(patient: Patient) -> Iterator[str]:
    if patient.setting("sys/net/ipv4/ip_forward") == "1" and _transparent(patient) and not drops_forward(patient, _V4):
        yield "IPv4 is forwarded, and no forward chain drops what it does not name"


@check(
    "quic-slow",
    "hint",
    "QUIC is dropped without a word: browsers wait for it before they fall back",
    "Reject it instead: `hedgerow network nftables --apply` does, or `nft insert rule inet hedgerow closed udp dport "
    "443 reject`; in a firewall of your own the same rule before what drops it.",
)
def quic_slow(patient: Patient) -> Iterator[str]:
    if _transparent(patient) and drops_forward(patient, _V4) and not any(map(_rejects_quic, _rules(patient, _V4))):
        yield "no rule rejects udp port 443"


def _rejects_quic(rule: Mapping[str, Any]) -> bool:
    ports = [match["right"] for match in _parts(rule, "match") if _is_dport(match["left"], "udp")]
    held = any(port == 443 or (isinstance(port, dict) and 443 in port.get("set", ())) for port in ports)
    return held and any(True for _ in _parts(rule, "reject"))


def _is_dport(left: Any, protocol: str) -> bool:
    payload = left.get("payload", {}) if isinstance(left, dict) else {}
    return payload.get("field") == "dport" and payload.get("protocol") in (protocol, "th")


@check(
    "names-only-without-resolver",
    "broken",
    "a names-only network has no resolver of ours: its names are judged by nobody",
    "Run Unbound with our verdicts: `hedgerow network unbound --out /etc/unbound/hedgerow` (NETWORK.md, step 6).",
)
def names_only(patient: Patient) -> Iterator[str]:
    networks = [rule.name for rule in patient.site.networks if rule.level is Capture.NAMES_ONLY]
    if networks and not _transparent(patient) and 53 not in patient.listeners("udp", "udp6"):
        yield f"{', '.join(networks)}: not redirected to the gateway, and no resolver runs here"
