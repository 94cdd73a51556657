"""What a request must carry so that search engines, YouTube and sign-in pages do as the school asks."""

from __future__ import annotations

from mitmproxy import http

from hedgerow.core.safemode import Change, safe_change, with_cookies, with_parameters
from hedgerow.core.sniff import essence
from hedgerow.core.tenants import tenant_headers
from hedgerow.proxy.facts import judged_host
from hedgerow.proxy.judged import Judged

_FORM = "application/x-www-form-urlencoded"


def ask(flow: http.HTTPFlow, state: Judged) -> None:
    """Write it into the request line and the headers. What a pupil wrote of the same names is gone already
    (``headers.clean_request``)."""
    request, host = flow.request, judged_host(state.request)
    for name, value in tenant_headers(host, state.snapshot.site.tenants):
        request.headers[name] = value
    if (change := _change(state, host, state.request.query)) is None:
        return
    for name, value in change.headers:
        request.headers[name] = value
    path, mark, query = request.path.partition("?")
    if change.parameters and (mark or request.method != "POST"):
        request.path = f"{path}?{with_parameters(query, change.parameters)}"
    if change.cookies or change.inside:
        request.headers["cookie"] = with_cookies("; ".join(request.headers.get_all("cookie")), change)


def fill_form(flow: http.HTTPFlow, state: Judged) -> None:
    """The same for a search that is posted as a form: its body is here, and goes on with what the engine must read."""
    request = flow.request
    if flow.response is not None or request.stream or essence(request.headers.get("content-type", "")) != _FORM:
        return
    if "content-encoding" in request.headers:
        return
    body = (request.raw_content or b"").decode("ascii", "surrogateescape")
    change = _change(state, judged_host(state.request), body)
    if change is None or not change.parameters:
        return
    request.raw_content = with_parameters(body, change.parameters).encode("ascii", "surrogateescape")
    if "content-length" in request.headers:
        request.headers["content-length"] = str(len(request.raw_content))


def _change(state: Judged, host: str, fields: str) -> Change | None:
    band = state.snapshot.policy.bands.get(state.decision.band)
    return safe_change(host, state.request.path, fields, band.safe) if band is not None else None
