"""The one thing a pupil may ask of the gateway inside another site's name: to go on past a warning.

The form on the warning page POSTs a signed token to a path of the blocked site itself; the request ends here and
never reaches the origin. What the token grants is kept by ``stores.grants``, bound to person, site and rule.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs

from mitmproxy import http

from hedgerow import metrics
from hedgerow.core.hosts import registrable
from hedgerow.core.model import Kind, NameSource, Request, Step
from hedgerow.core.parts import EVERY_SITE, opens_parts
from hedgerow.core.policy import decide
from hedgerow.core.urls import canonical_path, same_site_path
from hedgerow.proxy import apply
from hedgerow.proxy.context import CONTINUE_PATH
from hedgerow.proxy.facts import authority, judged_host
from hedgerow.proxy.judged import Judged
from hedgerow.proxy.pages.model import CONTINUE_SECONDS
from hedgerow.proxy.services import Services

PATH = CONTINUE_PATH
SECONDS = CONTINUE_SECONDS

_REASONS = frozenset({"schoolwork", "sent-to-me", "curious", "other", "help"})
_MAX_FORM = 8192
_SENT_BY_A_PERSON = (
    ("sec-fetch-site", ("same-origin", "none")),
    ("sec-fetch-mode", ("navigate",)),
    ("sec-fetch-dest", ("document",)),
)


def is_continue(request: Request) -> bool:
    """True for the form's target on any host: whatever the method, it never leaves the gateway."""
    return request.path == PATH


def answer(flow: http.HTTPFlow, state: Judged, services: Services) -> None:
    """Grant what the token says and lead back to the page, or show the page that asked again."""
    form = _form(flow) if flow.request.method == "POST" and _same_site(flow, state) else {}
    state.to = form.get("to", "/")
    if state.decision.step is Step.BUILTIN:
        apply.answer(flow, state, services)
        return
    person, site = state.identity.key, registrable(judged_host(state.request))
    wall = services.clock().timestamp()
    granted = services.tokens.verify(form.get("token", ""), person, site, wall)
    if granted is None:
        _ask_again(flow, state, services)
        return
    _grant(state, services, granted.site, granted.digest, granted.issued + SECONDS - wall)
    reason = form.get("reason", "") if granted.kind == "warn" else "help"
    metrics.CONTINUES.labels(state.identity.band, reason if reason in _REASONS else "other").inc()
    apply.lead_back(flow, state, state.to)


def _grant(state: Judged, services: Services, site: str, digest: str, seconds: float) -> None:
    """The rule on this site and, where it was about the page, the unknown parts the page is drawn with."""
    person, band = state.identity.key, state.snapshot.policy.bands[state.identity.band]
    services.grants.add(person, site, digest, seconds)
    if opens_parts(band, digest):
        services.grants.add(person, EVERY_SITE, band.unknown_part.digest, seconds)


def _ask_again(flow: http.HTTPFlow, state: Judged, services: Services) -> None:
    """The form came late, twice or from elsewhere: the page itself is judged anew, and its warning asks once more."""
    path, _, query = same_site_path(state.to).partition("?")
    snapshot = state.snapshot
    asked = replace(state.request, path=canonical_path(path), raw_path=path, query=query)
    state.request = replace(asked, method="GET", kind=Kind.PAGE)
    state.decision = decide(state.request, state.identity, snapshot.policy, snapshot.index, state.now, services.grants)
    if state.decision.action.forbids:
        apply.answer(flow, state, services, expired=True)
    else:
        apply.lead_back(flow, state, state.to)


def _form(flow: http.HTTPFlow) -> dict[str, str]:
    body = flow.request.raw_content or b""
    if len(body) > _MAX_FORM:
        return {}
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=8) if body.count(b"&") < 8 else {}
    return {name: values[0] for name, values in fields.items()}


def _same_site(flow: http.HTTPFlow, state: Judged) -> bool:
    """A form of ours is same-origin; browsers say so in Origin, or leave it "null" under our referrer policy.

    Where the origin is secure they say more, which no page can leave out or forge (W3C Fetch Metadata): sent by this
    very site, as a navigation of the whole window. A script that answers in a person's name cannot say so.
    """
    headers = flow.request.headers
    if any(headers.get(name, allowed[0]).lower() not in allowed for name, allowed in _SENT_BY_A_PERSON):
        return False
    origin = flow.request.headers.get("origin", "null")
    if origin == "null":
        return True
    name, _ = authority(NameSource.HOST, origin.partition("://")[2], "https")
    return name.host == judged_host(state.request)
