"""One line of a member-only list, and the forms under which a request is asked about: never kept in clear.

A form is a text with a letter before it that says what it is about; only its keyed digest is ever stored
(``stores.member``). Both sides make their forms here, so that an address has one spelling: scheme, port, fragment, a
leading ``www.``, a trailing slash and letters' case do not count, percent-encoding is decoded once, and the order of a
query's fields is none. Those who publish such lists ask for blocking by URL, and by whole domain only where they name
one (https://www.iwf.org.uk/our-technology/our-services/url-list/url-blocking-good-practice/); of case they say nothing.
RFC 3986 6.2.2.1 keeps it in paths, many origins do not: what is missed weighs more here than what is like it but for
case, on the same host.

::

    ?tail        something is listed whose last two labels are these: the first question, and nearly always the last
    =stem        this very host, with or without "www."
    .host        this host with all below it
    /stem        pages of this host are listed
    >stem/path   this page and all below it, whatever the query
    &stem/path   this page is listed with a query; followed by a line: a field of one
    !stem/path   followed by all fields of one query, in order
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from hedgerow.core.hosts import HostError, is_public_suffix, parents
from hedgerow.core.query import pairs, wire_bytes
from hedgerow.core.urls import UrlError, parse_url

LONGEST = 4096
"""Characters of a path or a query that are looked at: a list with a longer one says so by the line's number."""
_DEEPEST = 64
"""Folders of a path that are asked about; with ``LONGEST`` the bound of what one request can cost."""
_LINE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)?(\*\.)?(.*)", re.DOTALL)


class EntryError(ValueError):
    """The line names no address. The message never holds any of it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line, as forms. ``page``: it names a page, which is seen only where connections are opened."""

    forms: tuple[str, ...]
    page: bool


def listed(line: str) -> Listed:
    """A URL, a host (with all below it) or ``*.host``. Raises EntryError.

    A URL without path and query is its whole host: publishers name a domain when all of it is meant. A host below
    which strangers register (``github.io``) stands for itself alone, unless ``*.`` stands before it.
    """
    parts = _LINE.fullmatch(line.strip())
    assert parts is not None  # whatever stands there, the last part takes it
    scheme, below, rest = parts[1] or "", bool(parts[2]), parts[3]
    try:
        target = parse_url(scheme + rest)
        host, path, query = target.host, folded(target.clean_path), fields(target.query)
    except (UrlError, HostError):
        raise EntryError("no address") from None  # the cause would carry the text
    if "." not in host and ":" not in host:
        raise EntryError("a name without a dot")
    if len(path) > LONGEST or len(target.query) > LONGEST or path.count("/") > _DEEPEST:
        raise EntryError("too long")
    if not path and not query:
        return Listed(tuple(_whole(stem(host), below)), False)
    if below:
        raise EntryError("a page of every host")
    return Listed(tuple(_page(stem(host), path, query)), True)


def _whole(host: str, below: bool) -> Iterator[str]:
    yield first(host)
    yield f"={host}"
    if below or not is_public_suffix(host):
        yield f".{host}"


def _page(name: str, path: str, query: tuple[str, ...]) -> Iterator[str]:
    yield first(name)
    yield f"/{name}"
    if not query:
        yield f">{name}{path}"
        return
    yield f"&{name}{path}"
    yield from (field_form(name, path, field) for field in query)
    yield query_form(name, path, query)


def first(host: str) -> str:
    """What is asked before anything else: one digest tells nearly every request that no list is about it."""
    labels = host.rsplit(".", 2)
    return f"?{labels[-2]}.{labels[-1]}" if len(labels) > 1 else f"?{host}"


def stem(host: str) -> str:
    """The host without a leading ``www.``, where something is left that is a site of its own."""
    rest = host.removeprefix("www.")
    return host if rest is host or is_public_suffix(rest) else rest


def host_forms(host: str) -> Iterator[str]:
    """What may be listed of a host as a whole."""
    yield f"={stem(host)}"
    yield from (f".{parent}" for parent in parents(host))


def page_forms(name: str, path: str) -> Iterator[str]:
    """The page and each folder above it; ``path`` is ``folded``."""
    at = path.find("/", 1)
    for _ in range(_DEEPEST):
        if at < 0 or at > LONGEST:
            break
        yield f">{name}{path[:at]}"
        at = path.find("/", at + 1)
    if len(path) <= LONGEST:
        yield f">{name}{path}"


def field_form(name: str, path: str, field: str) -> str:
    return f"&{name}{path}\n{field}"


def query_form(name: str, path: str, query: tuple[str, ...]) -> str:
    return f"!{name}{path}\n" + "\n".join(query)


def folded(path: str) -> str:
    """A canonical path (``core.urls``) without case and trailing slash; "" for the root."""
    return path.lower().rstrip("/")


def fields(query: str) -> tuple[str, ...]:
    """The query's fields, each once, in order: decoded once, without case."""
    return tuple(sorted({f"{_read(key)}={_read(value)}" for key, value in pairs(query)})) if query else ()


def _read(text: str) -> str:
    if text.isascii() and "%" not in text:
        return text.replace("+", " ").lower()
    raw = unquote_to_bytes(wire_bytes(text.replace("+", " ")))
    return unicodedata.normalize("NFC", raw.decode("utf-8", "replace")).lower()
