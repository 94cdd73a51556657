"""The options mitmproxy's layers read, as plain attributes: its own manager deep-copies a value at every read.

Nothing here is for a user to set. The comments say what the filter loses when a line is changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from mitmproxy import http
from mitmproxy.options import Options
from mitmproxy.proxy.context import Context

type Answer = tuple[int, tuple[tuple[str, str], ...], bytes]
"""Status, headers, body."""

type ErrorPage = Callable[[int, str, http.HTTPFlow | None, str], Answer]
"""(status, reason, flow if there is one, Accept-Language) -> the page in place of mitmproxy's own."""


def plain_error(status: int, reason: str, flow: http.HTTPFlow | None = None, languages: str = "") -> Answer:
    """The page when there is no better one: says nothing that came from outside."""
    headers = (
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("X-Hedgerow-Action", "block"),
        ("X-Hedgerow-Code", f"{status}-{reason}"),
    )
    return status, headers, f"{status} {reason}\n".encode()


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``context.options`` is in every layer."""

    error_page: ErrorPage = plain_error
    connection_strategy: str = "lazy"  # eager contacts blocked hosts
    rawtcp: bool = False  # true tunnels SSH, VPNs and every 101
    websocket: bool = True
    http2: bool = True
    validate_inbound_headers: bool = True  # smuggling
    normalize_outbound_headers: bool = True
    keep_host_header: bool = False
    store_streamed_bodies: bool = False  # memory
    stream_large_bodies: None = None  # with it, deciding in ``request`` is a full bypass
    body_size_limit: None = None  # layers.py bounds bodies itself
    http2_ping_keepalive: int = 0  # one timer task per origin; IDLE_SECONDS closes what is dead
    http_connect_send_host_header: bool = True
    proxy_debug: bool = False
    tcp_timeout: int = 600  # read once by mitmproxy's handler, whose watchdog ours does not start

    def for_layers(self) -> Options:
        """Itself, under the type mitmproxy's annotations ask for."""
        return cast(Options, self)


def settings(context: Context) -> Settings:
    """The settings a layer was made with."""
    return cast(Settings, context.options)
