"""One canonical form of a URL's parts: scheme, port, path. ``core.hosts`` has the host's, ``core.query`` the query's.

What clients and origins may read differently is refused here (UrlError), so that nobody judges one URL and fetches
another. Standards: RFC 9112 section 3.2 (request targets), https://url.spec.whatwg.org/ (parts, default ports).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from hedgerow.core.hosts import canonical_host, display_host
from hedgerow.core.query import query_words, readable, wire_bytes

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}

_ABSOLUTE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?]*)([^?]*)(?:\?(.*))?")
_HAS_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d+(?:[/?#]|$))")  # "host:8080/" has none
_AUTHORITY = re.compile(r"(?:(.*)@)?(\[[^\]]*\]|[^:\[\]@]*)(?::([^:@]*))?")
_NOT_IN_A_TARGET = re.compile(r"[\x00-\x20\x7f#]")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_SLUG = str.maketrans("-_+./:=;,", "         ")


class UrlError(ValueError):
    """The text is no URL a request may be sent to. The message says why, in words for the decision log."""


@dataclass(frozen=True, slots=True)
class Target:
    """A request target in its parts, each as the client wrote it but for the scheme's case and the port."""

    scheme: str  # lower case; "" in origin form
    userinfo: str  # "" = none
    host_raw: str  # "" in origin form; for ``host``
    port: int  # 0 in origin form
    path: str  # raw; for ``clean_path``
    query: str  # raw, without "?"

    @property
    def host(self) -> str:
        """The canonical host. Raises ``core.hosts.HostError``."""
        return canonical_host(self.host_raw)

    @property
    def clean_path(self) -> str:
        return canonical_path(self.path)


def split_target(raw: str) -> Target:
    """A request line's target in origin form (``/path?query``), absolute form, or ``*``.

    Raises UrlError for white space, control characters and a fragment anywhere, a backslash in the authority, a
    scheme without a default port, and what ``split_authority`` refuses.
    """
    if found := _NOT_IN_A_TARGET.search(raw):
        raise UrlError(f"request target with a forbidden character: {found.group()!r}")
    if raw.startswith("/") or raw == "*":
        path, _, query = raw.partition("?")
        return Target("", "", "", 0, path, query)
    if not (parts := _ABSOLUTE.fullmatch(raw)):
        raise UrlError("request target is neither a path nor an absolute URL")
    scheme = parts[1].lower()
    if scheme not in DEFAULT_PORTS:
        raise UrlError(f"scheme {scheme!r} is none of {', '.join(DEFAULT_PORTS)}")
    userinfo, host, port = split_authority(parts[2], scheme)
    return Target(scheme, userinfo, host, port, parts[3] or "/", parts[4] or "")


def parse_url(url: str) -> Target:
    """A URL as a person types or pastes it: the scheme may be missing (https), a fragment and outer blanks go away.

    Raises UrlError as ``split_target`` does; blanks inside the path are percent-encoded first.
    """
    text = url.strip().partition("#")[0]
    if not _HAS_SCHEME.match(text):
        text = "https:" + (text if text.startswith("//") else f"//{text}")
    head, separator, rest = text.partition("?")
    return split_target(head.replace(" ", "%20") + separator + rest.replace(" ", "+"))


def split_authority(raw: str, scheme: str) -> tuple[str, str, int]:
    """``userinfo@host:port`` -> (userinfo, host as written, port); for a CONNECT target, a Host header, a URL.

    Raises UrlError for an empty host, a backslash, a port ``canonical_port`` refuses, or a second ``:`` or ``@``.
    """
    parts = _AUTHORITY.fullmatch(raw)
    if not parts or "\\" in raw or "@" in (parts[1] or ""):
        raise UrlError("host and port cannot be told apart")
    if not parts[2]:
        raise UrlError("host is empty")
    return parts[1] or "", parts[2], canonical_port(parts[3] or "", scheme)


def split_host_header(raw: str, scheme: str) -> tuple[str, int]:
    """A Host header or ``:authority`` -> (host as written, port). Raises UrlError, also for a user name."""
    if "@" in raw:
        raise UrlError("user name in the Host header")
    _, host, port = split_authority(raw, scheme)
    return host, port


def canonical_port(raw: str | int, scheme: str) -> int:
    """The port, 1 to 65535; the scheme's default when empty. Raises UrlError: 0, 99999, "08080", "+80", "８０"."""
    text = str(raw)
    if not text:
        if scheme.lower() not in DEFAULT_PORTS:
            raise UrlError(f"no port, and scheme {scheme!r} has no default")
        return DEFAULT_PORTS[scheme.lower()]
    if not _PORT.fullmatch(text) or int(text) > 65_535:
        raise UrlError("port is no number from 1 to 65535")
    return int(text)


def canonical_path(raw: str) -> str:
    """The path by which rules and lists judge: begins with "/", percent-decoded once, without dot segments.

    Also ``\\`` is ``/``, slashes are merged first (as nginx and Apache do), ``;parameters`` of a segment dropped; bytes
    that are no UTF-8 become U+FFFD. A trailing slash stays. Never raises. An origin that serves ``/a%2fb`` otherwise
    than ``/a/b`` is judged by the latter. Not idempotent (``%2541``): call it once, on what came over the wire.
    """
    text = raw if raw.isascii() and "%" not in raw else _decoded_once(raw)
    segments = [segment.partition(";")[0] for segment in text.replace("\\", "/").split("/")]
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    slash = "/" if kept and segments[-1] in ("", ".", "..") else ""
    return "/" + "/".join(kept) + slash


def _decoded_once(raw: str) -> str:
    return unicodedata.normalize("NFC", unquote_to_bytes(wire_bytes(raw)).decode("utf-8", "replace"))


def url_words(host: str, path: str, query: str) -> str:
    """What the words judge reads of a URL, one passage a line: the host's labels, the path, keys and values.

    ``host`` is canonical, ``path`` raw or canonical, ``query`` raw. Hyphens, underscores and dots of host and path
    separate words there, so they are read as blanks.
    """
    lines = (display_host(host).translate(_SLUG), *(text.translate(_SLUG) for text in readable(path)))
    return "\n".join((*lines, query_words(query))).strip()


def same_site_path(to: str) -> str:
    """A path and query on this same site, percent-encoded; "/" for whatever could lead elsewhere."""
    if not to.startswith("/") or to.startswith("//") or "\\" in to or not to.isprintable():
        return "/"
    return quote(to, safe="/?&=%:@!$'()*+,;~-._")
