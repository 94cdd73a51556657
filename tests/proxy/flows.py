"""Flows as mitmproxy hands them to addons, built by hand for tests of the translation."""

from __future__ import annotations

from collections.abc import Iterable

from mitmproxy import http
from mitmproxy.test import tflow


def flow(
    path: str = "/",
    headers: Iterable[tuple[str, str]] = (("host", "site.test"),),
    method: str = "GET",
    host: str = "site.test",
    port: int = 80,
    scheme: str = "http",
    authority: str = "",
    version: str = "HTTP/1.1",
    body: bytes = b"",
) -> http.HTTPFlow:
    made = tflow.tflow()
    fields = [(name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in headers]
    made.request = http.Request(
        host=host,
        port=port,
        method=method.encode(),
        scheme=scheme.encode(),
        authority=authority.encode(),
        path=path.encode(),
        http_version=version.encode(),
        headers=http.Headers(fields),
        content=body,
        trailers=None,
        timestamp_start=0,
        timestamp_end=0,
    )
    made.client_conn.peername = ("10.8.0.7", 40000)
    made.response = None
    return made


def response(status: int = 200, headers: Iterable[tuple[str, str]] = (), body: bytes = b"") -> http.Response:
    fields = [(name.encode(), value.encode()) for name, value in headers]
    made = http.Response.make(status, body)
    made.headers = http.Headers(fields)
    return made
