"""Headers that end at the gateway: hop-by-hop, identity, what would lead round the filter, and our own."""

from __future__ import annotations

from collections.abc import Set

from mitmproxy import http

from hedgerow.core.sniff import essence
from hedgerow.core.tenants import SET_BY_US

_HOP = ("proxy-connection", "proxy-authorization", "proxy-authenticate", "keep-alive", "te")
_IDENTITY = (
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-user",
    "forwarded",
    "x-real-ip",
    "client-ip",
    "true-client-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-authenticated-user",
    "x-remote-user",
    "x-proxyuser-ip",
    "cf-connecting-ip",
    "fastly-client-ip",
    "x-originating-ip",
    "x-remote-ip",
    "x-remote-addr",
    "remote-user",
    "via",
)
_DICTIONARIES = ("available-dictionary", "dictionary-id", "http2-settings")
_NEVER = frozenset(name.encode() for name in (*_HOP, *_IDENTITY, *_DICTIONARIES, *SET_BY_US))
_CONDITIONAL = (b"if-none-match", b"if-modified-since", b"if-range")
_FROM_ORIGIN = frozenset({b"alt-svc", b"alternate-protocol", b"proxy-connection", b"proxy-authenticate"})
_OURS = b"x-hedgerow-"
_MEANT = frozenset({b"host", b"content-length", b"transfer-encoding", b"cookie", b"authorization"})
"""What a request means: Connection cannot take it away."""
_CODINGS = frozenset({"gzip", "deflate", "br", "zstd", "identity", "x-gzip"})


def clean_request(request: http.Request, websocket: bool, whole: bool) -> None:
    """Remove what a pupil may not send on and what the origin must not learn.

    ``whole``: the verdict needs the answer's type or words. A 304 would tell neither, and show a page that was kept
    under another policy.
    """
    headers = request.headers
    listed = _listed_in_connection(headers)
    dropped = {*_NEVER, *(name for name in listed if name not in _MEANT and not (websocket and name == b"upgrade"))}
    if whole:
        dropped.update(_CONDITIONAL)
    if not websocket:
        dropped.update((b"upgrade", b"connection"))
    _drop(headers, dropped)
    if b"close" in listed and not websocket:
        headers["connection"] = "close"  # the client asked for the end of its connection (RFC 9112 9.6)
    if "accept-encoding" in headers:
        headers["accept-encoding"] = readable_codings(headers["accept-encoding"])


def clean_response(response: http.Response) -> None:
    """Remove what would lead a browser round the filter (Alt-Svc, RFC 7838), and headers that are ours to set."""
    _drop(response.headers, _FROM_ORIGIN)
    types = response.headers.get_all("content-type")
    if len(types) > 1 or (types and "," in types[0]):
        _one_type(response.headers, types)


def _one_type(headers: http.Headers, types: list[str]) -> None:
    """A list in Content-Type is read in as many ways as there are browsers: send on the one type that is judged.

    The last valid one, as the Fetch Standard extracts it (https://fetch.spec.whatwg.org/#content-type-header).
    """
    parts = [part.strip() for value in types for part in value.split(",")]
    last = next((part for part in reversed(parts) if essence(part)), "application/octet-stream")
    headers["content-type"] = last


def readable_codings(accept: str) -> str:
    """Accept-Encoding without codings we could not read, shared dictionaries (RFC 9842) among them."""
    kept = [part.strip() for part in accept.split(",") if part.partition(";")[0].strip().lower() in _CODINGS]
    return ", ".join(kept) or "identity"


def _listed_in_connection(headers: http.Headers) -> frozenset[bytes]:
    """What the client wrote in Connection: names it declared hop-by-hop (RFC 9110 7.6.1), and options."""
    listed = headers.get("connection", "").encode("utf-8", "surrogateescape").lower().split(b",")
    return frozenset(name.strip() for name in listed)


def _drop(headers: http.Headers, names: Set[bytes]) -> None:
    """Remove these (lower case) and whatever is ours to set, in one pass."""
    kept = tuple(f for f in headers.fields if (name := f[0].lower()) not in names and not name.startswith(_OURS))
    if len(kept) != len(headers.fields):
        headers.fields = kept
