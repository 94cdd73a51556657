"""``gateway:`` of site.yaml: the gateway's own names, and what ``/proxy.pac`` says to devices that ask it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hedgerow.core.hosts import HostError, canonical_host, is_public_suffix
from hedgerow.core.model import Where
from hedgerow.stores import readers
from hedgerow.stores.policy_helplines import shared_platform
from hedgerow.stores.policy_names import host
from hedgerow.stores.site_networks import inside
from hedgerow.stores.yamlfile import Node

_PORT = re.compile(r"(.+):([1-9]\d{0,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class GatewayRules:
    """Names by the place they are written at; ``proxies`` are "HOST:PORT"; ``direct`` ranges (CIDR) and names."""

    names: Mapping[str, Where] = field(default_factory=dict)
    proxies: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()


def gateway(node: Node | None) -> GatewayRules:
    """What stands under ``gateway:``; every mistake is noted with its place."""
    if node is None:
        return GatewayRules()
    rules = readers.mapping(node, "names", "proxy", "direct")
    names, proxy, direct = rules.get("names"), rules.get("proxy"), rules.get("direct")
    proxies = tuple(filter(None, readers.some(proxy, _proxy))) if proxy else ()
    return GatewayRules(
        _names(names), proxies, tuple(filter(None, map(_direct, readers.items(direct) if direct else ())))
    )


def _names(node: Node | None) -> Mapping[str, Where]:
    found = {}
    for item in readers.items(node) if node else ():
        name = host(item)
        if name and (is_public_suffix(name) and "." in name or shared_platform(name)):
            item.mistake(f"{name!r} is not the gateway's own: it belongs to everyone")
        elif name:
            found[name] = item.where
    return found


def _direct(item: Node) -> str:
    found = inside(item)
    if ":" in found and not found.endswith("/128"):
        item.mistake("a proxy script can tell single IPv6 addresses apart, and no ranges: name the hosts")
    if "*" in found:
        item.mistake(f"no '*' here: {found.replace('*', '').strip('.')!r} covers everything below it")
    return found


def _proxy(node: Node) -> str:
    """HOST:PORT in canonical form, an IPv6 address in brackets (RFC 3986). Fallback: ""."""
    value = readers.text(node)
    found = _PORT.fullmatch(value)
    try:
        if value and (not found or int(found[2]) > 65535):
            raise HostError("without a port")
        name = canonical_host(found[1]) if found else ""
    except HostError:
        node.mistake(f"'HOST:PORT' expected, such as proxy.school.example:8080, not {value!r}")
        return ""
    return f"{f'[{name}]' if ':' in name else name}:{int(found[2])}" if found else ""
