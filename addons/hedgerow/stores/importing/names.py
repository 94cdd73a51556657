"""Names as other filters list them, in the spelling our lists use: ``host``, ``host/path``, ``*.host``, a network."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote

from hedgerow.core.hosts import canonical_host, is_address
from hedgerow.stores.formats import LineError, Listed, Scope, parse_name
from hedgerow.stores.index_suffixes import is_suffix

MOST_NETWORKS = 64  # a range of addresses that needs more than these is told, not spelled out
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PORT = re.compile(r"^([^/\[\]:]+):\d{1,5}(?=/|$)")
_RANGE = re.compile(r"\s*([0-9a-fA-F.:]+)\s*-\s*([0-9a-fA-F.:]+)\s*")
_SAFE = "/-._~"
SMALL = "the path is in small letters now; in a band's sites upper and lower case count"
SUFFIX = "others have their sites below this name: only the name itself is meant here; write '*.' before it to mean all"


class NoListSaysIt(LineError):
    """A line the other filter understood, and for which our lists have no form."""


def listed(text: str, below_suffix: bool = False) -> tuple[Listed, str]:
    """The name a line lists, and what had to be changed about it ("" = nothing). Raises LineError.

    ``below_suffix``: the other filter's own word for "everything below" (``.gov``) was used.
    """
    if "?" in text:
        raise NoListSaysIt("a query cannot be listed, only a path")
    bare = _SCHEME.sub("", text.strip(), count=1)
    how = "the scheme is left out: http and https are judged alike" if bare != text.strip() else ""
    if _PORT.match(bare):
        bare, how = _PORT.sub(r"\1", bare), "the port is left out: every port of the site is meant"
    dotted = bare.startswith(".")
    name = parse_name(bare.removeprefix("."))
    if name.scope is Scope.USUAL and not name.path and is_suffix(name.host):
        if dotted or below_suffix or "." not in name.host:
            return Listed(name.host, "", Scope.BELOW), how
        return name, SUFFIX
    if name.path and re.search("[A-Z]", bare.partition("/")[2]):
        how = SMALL
    return name, how


def spelled(name: Listed) -> str:
    """As ``parse_name`` reads it again."""
    sign = {Scope.BELOW: "*.", Scope.EXACT: "=", Scope.USUAL: ""}[name.scope]
    return f"{sign}{name.host}{quote(name.path, safe=_SAFE)}"


def site_key(name: Listed) -> str:
    """As a band's ``sites:`` name it, where a host always covers what is below: a public suffix needs its "="."""
    exact = name.scope is Scope.EXACT or (name.scope is Scope.USUAL and not name.path and is_suffix(name.host))
    return f"{'=' if exact else ''}{name.host}{quote(name.path, safe=_SAFE)}"


def networks(text: str) -> tuple[str, ...]:
    """An address, ``address/24``, ``address/255.255.255.0`` or ``first-last`` as addresses and networks.

    Raises LineError.
    """
    try:
        if found := _RANGE.fullmatch(text):
            first, last = (ipaddress.ip_address(part) for part in found.groups())
            parts = tuple(ipaddress.summarize_address_range(first, last))
        else:
            parts = (ipaddress.ip_network(text.strip(), strict=False),)
    except (ValueError, TypeError) as error:
        raise LineError(str(error)) from None
    if len(parts) > MOST_NETWORKS:
        raise NoListSaysIt(f"{text.strip()} is no range that {MOST_NETWORKS} networks could spell")
    return tuple(_plain(str(part)) for part in parts)


def _plain(network: str) -> str:
    address, _, length = network.partition("/")
    return canonical_host(address) if length in ("32", "128") and not (":" in address and length == "32") else network


def is_network(host: str) -> bool:
    """True for a range; False for a single address or a name."""
    return "/" in host and (is_address(host.partition("/")[0]))
