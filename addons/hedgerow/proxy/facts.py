"""mitmproxy's flow and ClientHello -> ``core.model``: the one translation table.

Every name the client wrote becomes a ``Name``: CONNECT target, SNI, Host, ``:authority``, absolute URI, and the
address it dialled. What cannot be read in one way becomes a fault, which step 0 refuses.
"""

from __future__ import annotations

import re
from dataclasses import replace

from mitmproxy import http

from hedgerow.core.doh import asks_names
from hedgerow.core.hosts import HostError, canonical_host, suspicious
from hedgerow.core.model import Kind, Name, NameSource, Request
from hedgerow.core.search import typed_in_url
from hedgerow.core.text import file_type
from hedgerow.core.urls import UrlError, canonical_path, split_host_header
from hedgerow.proxy.connections import Connection

_MAX_URL = 64 * 1024
"""Bytes of a request target we read; longer ones are refused (RFC 9110 4.1 asks for 8,000 at least)."""


def name_of(source: NameSource, raw: str) -> Name:
    """The canonical name, or one with ``host=None`` when ``raw`` is no legal host."""
    try:
        return Name(source, canonical_host(raw), raw)
    except HostError:
        return Name(source, None, raw)


def authority(source: NameSource, raw: str, scheme: str) -> tuple[Name, int | None]:
    """``host[:port]`` as a Name and a port; anything else in it (userinfo, a list, an empty port) is no name."""
    try:
        host, port = split_host_header(raw, scheme)
    except UrlError:
        return Name(source, None, raw), None
    return name_of(source, host), port


def request_facts(flow: http.HTTPFlow, connection: Connection, transparent: bool) -> Request:
    """The request's headers as facts. Never raises on hostile input: what is odd becomes a fault."""
    request = flow.request
    if transparent and connection.destination is None:
        connection.destination = name_of(NameSource.DESTINATION, request.data.host)
        connection.destination_port = request.data.port
    scheme = request.scheme or ("https" if flow.client_conn.tls else "http")
    names, ports, faults = _http_names(flow, connection, scheme)
    path, _, query = request.path.partition("?")
    if len(request.path) > _MAX_URL or not request.path.startswith(("/", "*")) or _has_controls(request.path):
        faults.append("bad-request")
    all_names = tuple(dict.fromkeys((*connection.names, *names)))
    if any(name.host is not None and suspicious(name.host) for name in all_names):
        faults.append("mixed-scripts")
    port = ports[0] if ports else flow.request.data.port
    if len(set(ports)) > 1:
        faults.append("not-canonical")
    canonical = canonical_path(path)
    return Request(
        names=all_names,
        scheme=scheme,
        method=request.method.upper(),
        port=port,
        path=canonical,
        query=query,
        raw_path=path,
        kind=Kind.PART if _upgrade(request) else Kind.UNKNOWN,
        file_type=file_type(canonical, "", ""),
        faults=tuple(faults),
        upgrade=_upgrade(request),
        asks_names=asks_names(
            canonical, query, request.headers.get("content-type", ""), request.headers.get("accept", "")
        ),
    )


def _http_names(flow: http.HTTPFlow, connection: Connection, scheme: str) -> tuple[list[Name], list[int], list[str]]:
    """Names and ports from the request itself, and what is wrong with them."""
    names: list[Name] = []
    ports: list[int] = []
    faults: list[str] = []
    hosts = flow.request.headers.get_all("host")
    if len(hosts) > 1 or any("," in host for host in hosts):
        faults.append("bad-request")
    given = [(NameSource.HOST, host) for host in hosts]
    if flow.request.authority:
        given.append((NameSource.AUTHORITY, flow.request.authority))
    for source, raw in given:
        name, port = authority(source, raw, scheme)
        names.append(name)
        ports.append(port if port is not None else -1)
        if name.host is None:
            faults.append("bad-name")
    if connection.connect is None and connection.destination is None:
        names.append(name_of(NameSource.URI, flow.request.data.host))
        ports.append(flow.request.data.port)
    else:
        ports.append(connection.connect_port if connection.connect is not None else connection.destination_port)
    if not hosts and flow.request.is_http11 and not flow.request.authority:
        faults.append("bad-request")
    return names, ports, faults


def _upgrade(request: http.Request) -> str:
    asked = request.headers.get("upgrade", "").strip().lower()
    extended = request.method.upper() == "CONNECT" and request.headers.get(":protocol", "")
    return "websocket" if asked == "websocket" or extended == "websocket" else ""


_CONTROLS = re.compile("[\x00-\x20#\x7f]")


def _has_controls(target: str) -> bool:
    return _CONTROLS.search(target) is not None


def with_typed(request: Request) -> Request:
    """The request with its URL words and searches: only asked for once a verdict depends on words."""
    host = judged_host(request)
    return replace(request, typed=typed_in_url(host, request.path, request.query, request.method))


def judged_host(request: Request) -> str:
    """The host that is dialled and shown: the request's own name before the connection's, the address last."""
    order = (NameSource.AUTHORITY, NameSource.HOST, NameSource.URI, NameSource.SNI, NameSource.CONNECT)
    by_source = {name.source: name.host for name in request.names if name.host}
    for source in (*order, NameSource.DESTINATION):
        if source in by_source:
            return by_source[source]
    return ""
