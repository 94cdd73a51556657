"""Blocklist formats. To add one: write a parser, name it in FORMATS by its file suffix, add a row to the test.

A parser gets one line without its end and gives what it lists: nothing for blank lines and comments. It raises
LineError for a line that means nothing; the caller counts it with file and line, and reads on.
"""

from __future__ import annotations

import enum
import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hedgerow.core.hosts import HostError, canonical_host
from hedgerow.core.urls import UrlError, canonical_path, parse_url

LONGEST_LINE = 4096  # characters; longer ones are no line of a list
_WIDEST = {4: 8, 6: 16}  # prefix lengths; anything wider is a slip of the pen that would close half the net
_NETWORK = re.compile(r"[0-9a-f:.]+/\d{1,3}", re.IGNORECASE)
_NOT_UTF8 = re.compile("[\ud800-\udfff]")
_NOT_NAMES = frozenset({"localhost", "localhost.localdomain", "local", "broadcasthost", "0.0.0.0"})


class LineError(ValueError):
    """One line lists nothing that can be used; the message says why."""


class Scope(enum.StrEnum):
    """How far below a listed host its entry reaches."""

    USUAL = "usual"  # the host and all below it; a public suffix: only itself
    BELOW = "below"  # "*.name": the host and all below it, also of a public suffix
    EXACT = "exact"  # "=name": only this very host


@dataclass(frozen=True, slots=True)
class Listed:
    """One listed name: a canonical host, address or network (CIDR), and a path prefix ("" = the whole host)."""

    host: str
    path: str = ""
    scope: Scope = Scope.USUAL


type LineParser = Callable[[str], tuple[Listed, ...]]


def parse_domains(line: str) -> tuple[Listed, ...]:
    """One name a line: host, host/path, address, network, or a URL; ``*.name``, ``=name``; ``#`` begins a comment."""
    text = _bare(line)
    return (parse_name(text),) if text else ()


def parse_hosts(line: str) -> tuple[Listed, ...]:
    """A line of a hosts file (hosts(5)): an address, then names. The machine's own names list nothing."""
    words = _bare(line).split()
    if not words:
        return ()
    try:
        ipaddress.ip_address(words[0].partition("%")[0])
    except ValueError:
        raise LineError(f"{words[0]!r} is no address") from None
    if len(words) == 1:
        raise LineError("an address without a name")
    return tuple(Listed(_host(word)) for word in words[1:] if word not in _NOT_NAMES and not word.startswith("ip6-"))


FORMATS: dict[str, LineParser] = {"txt": parse_domains, "hosts": parse_hosts}
"""By file suffix: seed/gambling.txt is read by parse_domains."""


def parse_name(text: str) -> Listed:
    """A name as lists and corrections write it. Raises LineError."""
    scope, text = _scoped(text)
    if _NETWORK.fullmatch(text):
        return Listed(_network(text), "", scope)
    if "://" in text:
        return _of_url(text, scope)
    if "?" in text:
        raise LineError("a query cannot be listed, only a path")
    host, slash, path = text.partition("/")
    return Listed(_host(host), _path(path) if slash else "", scope)


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(line number from 1, line) of a UTF-8 file. Raises OSError.

    Bytes that are none become halves of surrogate pairs, so that the parser can say so. Of a line without an end only
    its beginning is held, one character more than a line may have.
    """
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            yield number, line
            while len(line) > LONGEST_LINE and not line.endswith("\n"):
                line = file.readline(LONGEST_LINE + 1)


def _bare(line: str) -> str:
    """What the line says beside its comment. A comment may be in any encoding, a name may not."""
    if len(line) > LONGEST_LINE:
        raise LineError(f"a line of more than {LONGEST_LINE} characters")
    if line.startswith("#"):
        return ""
    if "#" in line:
        line = re.split(r"\s#", line, maxsplit=1)[0]
    if not line.isascii() and _NOT_UTF8.search(line):
        raise LineError("bytes that are not UTF-8")
    return line.strip()


def _scoped(text: str) -> tuple[Scope, str]:
    if text.startswith("*."):
        return Scope.BELOW, text[2:]
    if text.startswith("="):
        return Scope.EXACT, text[1:]
    return Scope.USUAL, text.removeprefix(".")


def _host(raw: str) -> str:
    try:
        return canonical_host(raw)
    except HostError as error:
        raise LineError(f"{raw[:80]!r}: {error}") from None


def _network(text: str) -> str:
    try:
        network = ipaddress.ip_network(text)
    except ValueError as error:
        raise LineError(str(error)) from None
    if network.prefixlen < _WIDEST[network.version]:
        raise LineError(f"{text} is too wide to be meant")
    whole = network.prefixlen == network.max_prefixlen
    return canonical_host(str(network.network_address)) if whole else str(network)


def _of_url(text: str, scope: Scope) -> Listed:
    try:
        target = parse_url(text)
    except UrlError as error:
        raise LineError(f"{text[:80]!r}: {error}") from None
    if target.query:
        raise LineError("a query cannot be listed, only a path")
    return Listed(_host(target.host_raw), _path(target.path), scope)


def _path(raw: str) -> str:
    """Lower case, no trailing slash: /R/NSFW must not get past an entry where the site reads it as /r/nsfw."""
    path = canonical_path(raw if raw.startswith("/") else f"/{raw}").rstrip("/")
    return path.lower()
