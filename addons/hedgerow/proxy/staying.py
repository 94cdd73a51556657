"""What must not leave the box: requests of the gateway's own test clients, and everybody's for the test hosts.

They end at an origin of the self-test's own, which answers on a unix socket (``supervisor_selftest``). No other origin
has a name below ``TEST_ZONE``, so whatever a policy lets through there is answered here, whoever asks.
"""

from __future__ import annotations

from mitmproxy import http
from mitmproxy.connection import Client

from hedgerow.core.model import Request
from hedgerow.proxy.facts import judged_host
from hedgerow.proxy.guest import canary_of
from hedgerow.proxy.upstream import CANARY
from hedgerow.stores.site import TEST_ZONE


def stays(client: Client, request: Request) -> bool:
    """True for a canary's request, unless it was sent away, and for one to a test host."""
    canary = canary_of(client)
    return (canary is not None and not canary.away) or judged_host(request).endswith(f".{TEST_ZONE}")


def lead(flow: http.HTTPFlow) -> None:
    """To the self-test's origin, in clear: the way there is a socket of this very box."""
    flow.request.headers["connection"] = "close"  # a kept one might end as the next request is written to it
    flow.request.data.scheme, (flow.request.data.host, flow.request.data.port) = b"http", CANARY


def dialled(client: Client, host: str) -> bool:
    """May a connection of this client be dialled there? The last word: a canary that stays reaches sockets only."""
    canary = canary_of(client)
    return canary is None or canary.away or host.startswith("//")
