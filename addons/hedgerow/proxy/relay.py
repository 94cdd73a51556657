"""Requests that are for the gateway itself: led to the portal's unix socket, never to an origin.

They come in on the gateway's own names, as ``WPAD``, and below ``PREFIX`` on any site: a form on a page of ours posts
to its own origin, and a redirected device may know none of our names. Whoever can be led to our name is led there.
Who asks is told in one header that only a worker writes; what a client wrote under that name, its cookies and its
credentials end here. A visit to the portal is a protected one: no event, no person.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from urllib.parse import quote

from mitmproxy import http

from hedgerow.core.model import Action, Capture, Decision, Kind, NameSource, Policy, Request, Step
from hedgerow.proxy import apply, context, headers, pages
from hedgerow.proxy.facts import judged_host
from hedgerow.proxy.guest import Guest
from hedgerow.proxy.judged import Judged
from hedgerow.proxy.upstream import PORTAL

PREFIX = "/.well-known/hedgerow/"
WHO = "x-hedgerow-who"
WPAD = "/wpad.dat"
"""Web Proxy Auto-Discovery (draft-ietf-wrec-wpad-01): answered by us, whoever else would."""
OWN = "portal"
BODY_LIMIT = 64 * 1024
"""Bytes of a form; a report's text is far smaller."""
WAIT_SECONDS = 6.0
"""How long the portal may take: a restart is shorter, and a child should not look at an empty window."""

_KEPT_BACK = ("cookie", "authorization", "range", "expect")


def is_ours(request: Request, decision: Decision, policy: Policy) -> bool:
    """True for a request no origin may see: under our path, or to a name of the gateway itself.

    What step 0 refuses stays refused, and a request that names two destinations is nobody's.
    """
    if decision.step is Step.BUILTIN:
        return False
    if request.path == WPAD and len(_named(request)) == 1 and all(map(_is_wpad, _named(request))):
        return True
    if request.path.startswith(PREFIX) or request.path == PREFIX.rstrip("/"):
        return len(_named(request)) < 2  # none: a transparent client that gave an address only
    return names_the_gateway(request, policy)


def _is_wpad(host: str | None) -> bool:
    """Devices look for proxy settings at ``wpad`` in each domain above them: a foreign one could lead them past us."""
    return host is not None and (host == "wpad" or host.startswith("wpad."))


def names_the_gateway(request: Request, policy: Policy) -> bool:
    """True when the one name the client gave is the gateway's own; an address it dialled is none."""
    named = _named(request)
    return len(named) == 1 and named <= policy.gateway_names


def _named(request: Request) -> set[str | None]:
    return {name.host for name in request.names if name.source is not NameSource.DESTINATION}


def send(flow: http.HTTPFlow, state: Judged) -> None:
    """Lead the request to the portal; its verdict is now that of a protected visit."""
    state.own = OWN
    state.decision = _visit(state.decision)
    state.request = replace(state.request, kind=Kind.PAGE, file_type="", upgrade="")
    request = flow.request
    headers.clean_request(request, websocket=False, whole=False)
    for name in _KEPT_BACK:
        request.headers.pop(name, None)
    request.headers[WHO] = who(flow, state)
    request.headers["connection"] = "close"  # a kept one might end as the next request is written to it
    query = f"?{state.request.query}" if state.request.query else ""
    request.path = quote(state.request.path, safe="/") + query
    request.data.scheme, (request.data.host, request.data.port) = b"http", PORTAL
    if not (request.is_http2 or request.is_http3):
        request.authority = ""
    if _declared(request) > BODY_LIMIT:
        apply.too_large(flow, state)


def complete(flow: http.HTTPFlow) -> None:
    """The form is here, whole: its length is said in one way, and nothing follows it."""
    request = flow.request
    request.trailers = None
    request.headers.pop("transfer-encoding", None)
    if request.raw_content or "content-length" in request.headers:  # an h2 client need not say it
        request.headers["content-length"] = str(len(request.raw_content or b""))


def who(flow: http.HTTPFlow, state: Judged) -> str:
    """Whom the portal speaks to, as base64url JSON (RFC 4648 5). Believed on the unix socket only."""
    offered = state.snapshot.languages(state.identity.band)
    told = {
        "key": state.identity.key,
        "band": state.identity.band,
        "network": state.identity.network,
        "language": pages.choose_language(flow.request.headers.get("accept-language", ""), offered),
        "host": _told_host(state),
        "scheme": state.request.scheme,
        "own": context.own_address(state.snapshot, flow),
        "at": flow.client_conn.at if isinstance(flow.client_conn, Guest) else "",
    }
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


def _told_host(state: Judged) -> str:
    """The site a report is about; "" where a member-only list knows the host: no report may name it for the child."""
    host, illegal = judged_host(state.request), state.snapshot.policy.illegal
    return "" if illegal is not None and host and illegal.knows(host) else host


def take(flow: http.HTTPFlow) -> None:
    """The portal's answer: passed on as it comes. It sets no cookie on anybody's site."""
    assert flow.response is not None
    for name in ("set-cookie", "alt-svc", "server", *(("connection",) if flow.request.is_http2 else ())):
        flow.response.headers.pop(name, None)
    flow.response.stream = True


def _visit(decision: Decision) -> Decision:
    return Decision(
        action=Action.ALLOW,
        capture=Capture.DECRYPTED,
        band=decision.band,
        step=Step.PROTECTED,
        rule="protected:portal",
        where="builtin:portal",
        evidence="the gateway itself",
        host=decision.host,
        policy=decision.policy,
        protected=True,
    )


def _declared(request: http.Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 19 else 0
