"""The one thing a pupil may ask of the gateway inside another site's name: to go on past a warning.

The form on the warning page POSTs a signed token to a path of the blocked site itself; the request ends here and
never reaches the origin. What the token grants is kept by ``stores.grants``, bound to person, site and rule.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from mitmproxy import http

from hedgerow import metrics
from hedgerow.core.hosts import registrable
from hedgerow.core.model import Request, Step
from hedgerow.core.refusals import refusal
from hedgerow.proxy import apply
from hedgerow.proxy.facts import judged_host
from hedgerow.proxy.judged import Judged
from hedgerow.proxy.services import Services

PATH = apply.CONTINUE_PATH
SECONDS = 30 * 60
"""How long a continued warning holds: a lesson's half, then the question is asked again."""

_REASONS = frozenset({"schoolwork", "sent-to-me", "curious", "other"})
_MAX_FORM = 8192


def is_continue(request: Request) -> bool:
    """True for the form's target on any host: whatever the method, it never leaves the gateway."""
    return request.path == PATH


def answer(flow: http.HTTPFlow, state: Judged, services: Services) -> None:
    """Grant what the token says and lead back to the page, or show the page that asked again."""
    form = _form(flow) if flow.request.method == "POST" and _same_site(flow, state) else {}
    site = registrable(judged_host(state.request))
    person = state.identity.key
    wall = services.clock().timestamp()
    granted = services.tokens.verify(form.get("token", ""), person, site, wall)
    if granted is None or state.decision.step is Step.BUILTIN or refusal(state.request, state.snapshot.policy):
        apply.answer(flow, state, services, expired=True)
        return
    reason = form.get("reason", "")
    reason = reason if reason in _REASONS else "other"
    services.grants.add(person, site, granted.digest, SECONDS)
    metrics.CONTINUES.labels(state.identity.band, reason if granted.kind == "warn" else "help").inc()
    apply.lead_back(flow, state, form.get("to", "/"))


def _form(flow: http.HTTPFlow) -> dict[str, str]:
    body = flow.request.raw_content or b""
    if len(body) > _MAX_FORM:
        return {}
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=8) if body.count(b"&") < 8 else {}
    return {name: values[0] for name, values in fields.items()}


def _same_site(flow: http.HTTPFlow, state: Judged) -> bool:
    """A form of ours is same-origin; browsers say so in Origin, or leave it "null" under our referrer policy."""
    origin = flow.request.headers.get("origin", "null")
    host = judged_host(state.request)
    return origin == "null" or origin.partition("://")[2].partition(":")[0].lower() in (host, "")
