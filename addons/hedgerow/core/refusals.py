"""Step 0: what no policy needs to speak about, because it is not canonical, not reachable, or not HTTP."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from hedgerow.core.hosts import is_address, is_private, parents
from hedgerow.core.model import NameSource, Policy, Request

BUILTIN_STATUS: dict[str, int] = {
    "bad-request": 400,
    "bad-name": 400,
    "names-disagree": 421,
    "mixed-scripts": 403,
    "port": 403,
    "private-address": 403,
    "raw-tunnel": 403,
    "loop": 403,
    "not-canonical": 400,
    "undecodable": 403,
    "nested": 403,
    "certificate": 502,
    "upstream": 502,
    "timeout": 504,
    "fault": 503,
}
"""Every built-in reason and the status its page carries (RFC 9110; 421 lets an h2 client open a new connection)."""

SENTENCES = {
    "bad-request": "the request is not well formed",
    "bad-name": "the name of the site is not a legal host name",
    "mixed-scripts": "one word of the name mixes alphabets, as forged names do",
    "port": "this port is not one the school opens",
    "private-address": "the address belongs to the school's own or another private network",
    "raw-tunnel": "the connection would carry something other than web pages",
    "loop": "the request comes from this gateway itself",
    "not-canonical": "the request can be read in two ways",
    "undecodable": "the content cannot be decoded",
    "nested": "the address holds more addresses inside one another than can be judged",
}


def refusal(request: Request, policy: Policy) -> tuple[str, str] | None:
    """(reason, sentence) when the request must be refused whatever the band says, else None."""
    if request.faults:
        reason = request.faults[0]
        return reason, SENTENCES.get(reason, reason)
    if not request.names or any(n.host is None and n.source is not NameSource.DESTINATION for n in request.names):
        return "bad-name", SENTENCES["bad-name"]
    if request.port not in policy.ports:
        return "port", f"port {request.port}: {SENTENCES['port']}"
    for name in _names_that_are_dialled(request):
        if name and is_address(name) and is_private(name) and not private_allowed(policy.private_allowed, name):
            return "private-address", f"{name}: {SENTENCES['private-address']}"
    return None


def _names_that_are_dialled(request: Request) -> tuple[str | None, ...]:
    """The client's own dialled address is only used when it gave no name; else we dial our own resolution."""
    given = tuple(n.host for n in request.names if n.source is not NameSource.DESTINATION)
    return given or tuple(n.host for n in request.names)


@lru_cache(maxsize=64)
def _networks(allowed: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    networks = []
    for item in allowed:
        try:
            networks.append(ipaddress.ip_network(item, strict=False))
        except ValueError:
            continue  # a name, matched by private_name_allowed
    return tuple(networks)


def private_allowed(allowed: tuple[str, ...], address: str) -> bool:
    """True when ``site.yaml`` names this private address or its network."""
    if not allowed:
        return False
    parsed = ipaddress.ip_address(address)
    return any(parsed in network for network in _networks(allowed))


def private_name_allowed(allowed: tuple[str, ...], host: str) -> bool:
    """True when ``site.yaml`` names this host, or a parent of it, as one that may stand on a private address."""
    return any(parent in allowed for parent in parents(host))
