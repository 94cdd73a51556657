"""Names in policy files: a site key (``=github.io``, ``youtube.com/kids``), a network, a URL."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from hedgerow.core.hosts import HostError, canonical_host
from hedgerow.core.urls import UrlError, canonical_path, parse_url
from hedgerow.stores import readers
from hedgerow.stores.yamlfile import Node, Scalar

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class SiteName:
    """A host in canonical form, with a path prefix ("" = all of it); ``exact`` = nothing below the host."""

    host: str
    path: str = ""
    exact: bool = False

    def __str__(self) -> str:
        return f"{'=' if self.exact else ''}{self.host}{self.path}"


def site_name(node: Scalar) -> SiteName | None:
    """A host or host/path, with a leading "=" for exactly this host. None after a mistake."""
    raw = node.value.strip()
    if found := _SCHEME.match(raw):
        node.mistake(f"a site is written without {found[0]!r}: {raw[found.end() :]!r}")
        return None
    exact, raw = raw.startswith("="), raw.removeprefix("=")
    host, slash, path = raw.partition("/")
    if "*" in host:
        node.mistake(f"no '*' in a site: {host.replace('*', '').strip('.')!r} covers everything below it")
        return None
    if "?" in raw or "#" in raw:
        node.mistake(f"a site is a host or host/path, without {'?' if '?' in raw else '#'!r}: {raw!r}")
        return None
    canonical = _host(node, host)
    if canonical is None:
        return None
    return SiteName(canonical, canonical_path(slash + path).rstrip("/") if path else "", exact)


def _host(node: Node, raw: str) -> str | None:
    if re.fullmatch(r"[^\[\]:]+:\d+", raw):
        node.mistake(f"a site is written without a port: {raw!r}")
        return None
    try:
        return canonical_host(raw)
    except HostError as error:
        node.mistake(f"{raw!r} is no host name: {error}")
        return None


def host(node: Node) -> str:
    """A host name or IP address in canonical form. Fallback: ""."""
    value = readers.text(node)
    return (value and _host(node, value)) or ""


def network(node: Node) -> Network | None:
    """An address or a range in CIDR notation (RFC 4632, RFC 4291). None after a mistake."""
    value = readers.text(node)
    if not value:
        return None
    try:
        return ipaddress.ip_network(value)
    except ValueError:
        node.mistake(_network_mistake(value))
        return None


def _network_mistake(value: str) -> str:
    try:
        meant = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return f"{value!r} is no address or range; write 10.20.0.0/16, 10.20.0.7 or fd00:20::/48"
    return f"{value!r} does not begin where its range begins; did you mean '{meant}'?"


def url(node: Node) -> str:
    """A URL with a legal host, as written. Fallback: ""."""
    value = readers.text(node)
    if not value:
        return ""
    try:
        if not parse_url(value).host:
            raise UrlError("no host")
    except (UrlError, HostError) as error:
        node.mistake(f"{value!r} is no URL: {error}")
        return ""
    return value
