"""One name as lists and corrections write it: host, path, address, network or URL, in its one canonical form."""

from __future__ import annotations

import ipaddress
import re

from hedgerow.core.hosts import HostError, canonical_host
from hedgerow.core.urls import UrlError, canonical_path, parse_url
from hedgerow.stores.formats.model import Found, LineError, Listed, Scope, Unusable

LONGEST_NAME = 253
PLAIN = r"((?:[a-z0-9_-]{1,63}\.)*[a-z_][a-z0-9_-]{0,62})"
"""A host that is canonical as it stands, in a line of at most 253 characters: a fast way round ``canonical_host``.

It must never match what that would change; the tests hold the two together.
"""
_WIDEST = {4: 8, 6: 16}  # prefix lengths; anything wider is a slip of the pen that would close half the net
_NETWORK = re.compile(r"[0-9a-f:.]+/\d{1,3}", re.IGNORECASE)
_WITH_PORT = re.compile(r"[^/:\[\]]+:\d{1,5}(?:/|$)")
_NOT_UTF8 = re.compile("[\ud800-\udfff]")

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def parse_name(text: str) -> Listed:
    """A name as lists and corrections write it. Raises LineError."""
    scope, text = _scoped(text)
    if _NETWORK.fullmatch(text):
        return Listed(parse_network(text), "", scope)
    if "://" in text or _WITH_PORT.match(text):
        return _of_url(text, scope)
    if "?" in text:
        raise Unusable("a query cannot be listed, only a path")
    host, slash, path = text.partition("/")
    return Listed(host_of(host), path_of(path) if slash else "", scope)


def found(line: int, text: str, *, excepts: bool = False) -> Found:
    """``parse_name`` as a row. Raises LineError."""
    listed = parse_name(text)
    return Found(line, listed.host, listed.path, listed.scope, excepts)


def host_of(raw: str) -> str:
    """Raises LineError."""
    if not raw.isascii() and _NOT_UTF8.search(raw):
        raise LineError("bytes that are not UTF-8")
    if "*" in raw:  # a host to browsers (URL Standard), though none anybody means
        raise LineError(f"{raw[:80]!r}: a * stands only before a whole name, as in *.name")
    try:
        return canonical_host(raw)
    except HostError as error:
        raise LineError(f"{raw[:80]!r}: {error}") from None


def path_of(raw: str) -> str:
    """Lower case, no trailing slash: /R/NSFW must not get past an entry where the site reads it as /r/nsfw."""
    path = canonical_path(raw if raw.startswith("/") else f"/{raw}").rstrip("/")
    return path.lower()


def parse_network(text: str) -> str:
    """An address with its prefix length, as an index keeps it. Raises LineError."""
    try:
        return network_name(ipaddress.ip_network(text))
    except ValueError as error:
        raise LineError(str(error)) from None


def network_name(network: Network) -> str:
    """A network of one address is that address. Raises LineError where it is too wide to be meant."""
    if network.prefixlen < _WIDEST[network.version]:
        raise LineError(f"{network} is too wide to be meant")
    whole = network.prefixlen == network.max_prefixlen
    return canonical_host(str(network.network_address)) if whole else str(network)


def closes(address: str) -> bool:
    """True when an answer with this address closes a name: nowhere, this machine, a page in the own network.

    False for any other: ``216.239.38.120 www.google.com`` sends people to a strict search, it closes nothing. Raises
    LineError.
    """
    try:
        return not ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        raise LineError(f"{address[:80]!r} is no address") from None


def bare(line: str) -> str:
    """What a line says beside its comment. A comment may be in any encoding, a name may not. Raises LineError."""
    if line.startswith("#"):
        return ""
    if "#" in line:
        line = re.split(r"\s#", line, maxsplit=1)[0]
    return utf8(line).strip()


def utf8(line: str) -> str:
    """The line; LineError where it holds bytes that are no UTF-8."""
    if not line.isascii() and _NOT_UTF8.search(line):
        raise LineError("bytes that are not UTF-8")
    return line


def _scoped(text: str) -> tuple[Scope, str]:
    if text.startswith("*."):
        return Scope.BELOW, text[2:]
    if text.startswith("="):
        return Scope.EXACT, text[1:]
    return Scope.USUAL, text.removeprefix(".")


def _of_url(text: str, scope: Scope) -> Listed:
    try:
        target = parse_url(text)
    except UrlError as error:
        raise LineError(f"{text[:80]!r}: {error}") from None
    if target.query:
        raise Unusable("a query cannot be listed, only a path")
    return Listed(host_of(target.host_raw), path_of(target.path), scope)
