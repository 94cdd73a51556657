"""Headers that end at the gateway: hop-by-hop, identity, what would lead round the filter, and our own."""

from __future__ import annotations

from collections.abc import Iterable

from mitmproxy import http

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
_CONDITIONAL = ("if-none-match", "if-modified-since", "if-range")
_FROM_ORIGIN = ("alt-svc", "alternate-protocol", "proxy-connection", "proxy-authenticate", "x-hedgerow-action")
_CODINGS = frozenset({"gzip", "deflate", "br", "zstd", "identity", "x-gzip"})


def clean_request(request: http.Request, websocket: bool, pending: bool) -> None:
    """Remove what a pupil may not send on and what the origin must not learn.

    ``pending``: the verdict waits for the response's type, so a 304 would tell nothing.
    """
    headers = request.headers
    _drop(headers, _listed_in_connection(headers, websocket))
    _drop(headers, (*_HOP, *_IDENTITY, *_DICTIONARIES))
    if pending:
        _drop(headers, _CONDITIONAL)
    if not websocket:
        _drop(headers, ("upgrade",))
        if request.is_http2 or request.is_http3 or "connection" in headers:
            _drop(headers, ("connection",))
    _drop(headers, [name for name in headers if name.lower().startswith("x-hedgerow-")])
    if "accept-encoding" in headers:
        headers["accept-encoding"] = readable_codings(headers["accept-encoding"])


def clean_response(response: http.Response) -> None:
    """Remove what would lead a browser round the filter (Alt-Svc, RFC 7838), and headers that are ours to set."""
    _drop(response.headers, _FROM_ORIGIN)
    _drop(response.headers, [name for name in response.headers if name.lower().startswith("x-hedgerow-")])


def readable_codings(accept: str) -> str:
    """Accept-Encoding without codings we could not read, shared dictionaries (RFC 9842) among them."""
    kept = [part.strip() for part in accept.split(",") if part.partition(";")[0].strip().lower() in _CODINGS]
    return ", ".join(kept) or "identity"


def _listed_in_connection(headers: http.Headers, websocket: bool) -> list[str]:
    """Header names the client declared hop-by-hop (RFC 9110 7.6.1); Upgrade stays for a WebSocket."""
    listed = [name.strip().lower() for name in headers.get("connection", "").split(",")]
    kept = {"", "close", "keep-alive", "host", "content-length", "transfer-encoding", "cookie", "authorization"}
    return [name for name in listed if name not in kept and not (websocket and name == "upgrade")]


def _drop(headers: http.Headers, names: Iterable[str]) -> None:
    for name in names:
        if name in headers:
            del headers[name]
