"""Addresses inside an address: ``/web/2020/http://site.example/``, ``?u=http%3A%2F%2Fsite.example``, base64 of either.

Reading only; what becomes of them is ``core.inside``'s. A service reads its own URL more leniently than a browser
does, so every reading is taken that leads to a host: percent-encoded up to three times, any number and kind of slashes,
tabs and line ends inside (https://url.spec.whatwg.org/#concept-basic-url-parser removes those), a user name before the
host. Linear in the text, which is cut where that does no harm; never raises.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote

from hedgerow.core.hosts import HostError, canonical_host, is_address
from hedgerow.core.query import pairs

LONGEST = 4_096
"""Characters of one inner address that are read: its host stands at the beginning."""

_LAYERS = 3  # encodings of encodings: http%253A has two
_MOST_FIELDS = 1_024  # read one by one; further ones together
_MOST_TOGETHER = 64  # addresses of those, and coded ones of one text
_SCHEME = re.compile(r"https?:[\\/]+", re.IGNORECASE)
_SLASHES = re.compile(r"[\\/]{2,}")
_PROSE = re.compile(r"[\s+]")
_END = re.compile(r"[\\/?#]")
_PORT = re.compile(r":\d*$")
_DOTTED = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
_REMOVED = str.maketrans("", "", "\t\r\n")
_SLASH = r"(?:[/\\]|%(?:25)*(?:2[fF]|5[cC]|0[9aAdD]))"
# Escaped, however often: a colon or a slash before a slash, or one of the letters of "https", which nobody needs to.
_ESCAPED = re.compile(rf"%(?:25)*(?:(?:3[aA]|2[fF]|5[cC]){_SLASH}|[46]8|[57][034])")
_CODED = re.compile(r"(?:aHR0c|Oi8v)[A-Za-z0-9+/_-]+|68747470(?:73)?3[aA]2[fF][0-9A-Fa-f]+|hvtrs?8[^&?#]*")
# No top-level domains, so that "favicon.ico" below a reader's root is a file and no site.
_FILES = frozenset("aspx bmp css gif html htm ico jpeg jpg js json jsp mjs php png svg txt webp woff woff2 xml".split())


@dataclass(frozen=True, slots=True)
class Address:
    """One address found inside another. ``path`` and ``query`` are raw, as its own server gets them."""

    host: str  # canonical; "" = something stands behind ``http://`` that is no legal name
    path: str = "/"
    query: str = ""


def may_hold(text: str) -> bool:
    """False when no address can stand inside this raw path and query: the cheap question, asked on every request."""
    plain = ":/" in text or "//" in text or ":\\" in text or "\\\\" in text or ":%" in text  # one by one: the quickest
    coded = "aHR0c" in text or "Oi8v" in text or "hvtr" in text or "68747470" in text
    program = "browse.php" in text or "nph-" in text
    return plain or coded or program or ("%" in text and _ESCAPED.search(text) is not None)


def found_in(path: str, query: str) -> Iterator[Address]:
    """The outermost address in the raw path and in each value of the raw query; those inside them are theirs to tell.

    Prose before it makes it something that is spoken about ("is http://site.example safe?") and not asked for.
    """
    if may_hold(path):
        yield from _outermost(path, f"?{query}" if query else "")
    told = fields(query) if may_hold(query) else []
    for key, value in told[:_MOST_FIELDS]:
        if may_hold(value):
            yield from _outermost(value, "")
        if ":" in key or "%" in key:  # ?http://site.example/?a=b
            yield from _outermost(f"{key}={value}", "")
    if len(told) > _MOST_FIELDS:
        yield from _all_together("&".join(f"{key}={value}" for key, value in told[_MOST_FIELDS:]))


def fields(query: str) -> list[tuple[str, str]]:
    """Keys and values, raw; where a ``;`` may or may not part two fields, read both ways."""
    found = pairs(query)
    if ";" in query:
        parted = (field.partition("=") for field in query.split("&") if ";" in field)
        found += [(key, value) if equals else ("", key) for key, equals, value in parted]
    return found


def readings(text: str) -> Iterator[str]:
    """The text percent-decoded once, twice and three times, as long as that changes it."""
    for _ in range(_LAYERS):
        again = unquote(text)
        yield again
        if again == text or "%" not in again:
            return
        text = again


def address(text: str, *, bare: bool = False) -> Address | None:
    """The address that ``text`` is, or None. ``bare``: also without a scheme, where it looks like a host."""
    text = _as_parsed(text[:LONGEST]).strip()
    if found := _SCHEME.match(text):
        return _parted(text[found.end() :]) if found.end() < len(text) else None
    if (bare or _SLASHES.match(text)) and "." in _END.split(text.lstrip("/\\"), 1)[0]:
        told = _parted(text.lstrip("/\\"))
        return told if _looks_like_a_host(told.host) else None
    return None


def _outermost(text: str, rest: str) -> Iterator[Address]:
    for reading in readings(text):
        plain = _as_parsed(reading)
        found = _SCHEME.search(plain) or _SLASHES.search(plain)
        if found is not None and not _PROSE.search(plain, 0, found.start()):
            told = address(plain[found.start() : found.start() + LONGEST] + rest)
            if told is not None and told.host:
                yield told
        yield from _decoded(plain)


def _as_parsed(text: str) -> str:
    """Without the tabs and line ends that a URL parser drops; hardly any text has one."""
    return text if text.isprintable() else text.translate(_REMOVED)


def _all_together(text: str) -> Iterator[Address]:
    for reading in readings(text):
        for found in islice(_SCHEME.finditer(reading), _MOST_TOGETHER):
            told = address(reading[found.start() : found.start() + LONGEST].partition("&")[0])
            if told is not None and told.host:
                yield told


def _decoded(text: str) -> Iterator[Address]:
    """Addresses that well-known web proxies write in base64, in hex, or with every second letter changed."""
    for found in islice(_CODED.finditer(text), _MOST_TOGETHER):
        if (told := address(_clear(found.group()[:LONGEST]))) is not None and told.host:
            yield told


def _clear(coded: str) -> str:
    if coded.startswith("68"):
        return bytes.fromhex(coded[: len(coded) // 2 * 2]).decode("utf-8", "replace")
    if coded.startswith("hvtr"):  # Ultraviolet
        return "".join(chr(ord(char) ^ 2) if place % 2 else char for place, char in enumerate(coded))
    whole = coded.rstrip("=")[: LONGEST // 4 * 4]
    try:
        text = base64.b64decode(whole + "=" * (-len(whole) % 4), altchars=b"-_").decode("utf-8", "replace")
    except (ValueError, binascii.Error):  # one letter too many
        text = base64.b64decode(whole[: len(whole) // 4 * 4], altchars=b"-_").decode("utf-8", "replace")
    return f"http{text}" if text.startswith("://") else text  # Glype leaves "http" away


def _parted(rest: str) -> Address:
    """What stands behind ``http://``: user name and port are dropped, a name rule counts for every port."""
    end = _END.search(rest)
    authority, tail = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    name = (unquote(authority) if "%" in authority else authority).rpartition("@")[2]
    try:
        host = canonical_host(_PORT.sub("", name) if ":" in name else name)
    except HostError:
        host = ""
    path, _, query = tail.partition("#")[0].partition("?")
    return Address(host, path if path[:1] in ("/", "\\") else "/", query)


def _looks_like_a_host(host: str) -> bool:
    return is_address(host) or _DOTTED.fullmatch(host) is not None and host.rpartition(".")[2] not in _FILES
