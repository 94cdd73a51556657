"""Decision -> answer: the page, image, script or JSON a client gets in place of what was refused."""

from __future__ import annotations

from mitmproxy import http

from hedgerow.core.hosts import display_host
from hedgerow.core.model import Action, Decision, Step
from hedgerow.core.urls import same_site_path
from hedgerow.proxy import headers, pages
from hedgerow.proxy.facts import judged_host
from hedgerow.proxy.judged import KEY, Judged
from hedgerow.proxy.pages.model import Answer, AnswerType, HelplineView, PageContext, PageKind
from hedgerow.proxy.services import Services
from hedgerow.runtime import Snapshot
from hedgerow.stores.tokens import Continue

CONTINUE_PATH = "/.well-known/hedgerow/continue"

_KINDS = {
    Action.BLOCK: PageKind.BLOCK,
    Action.WARN: PageKind.WARN,
    Action.LIMIT: PageKind.LIMIT,
    Action.HELP: PageKind.HELP,
}
_BUILTIN_KINDS = {
    400: PageKind.BAD_REQUEST,
    421: PageKind.DISAGREE,
    502: PageKind.CERTIFICATE,
    503: PageKind.FAULT,
    504: PageKind.UPSTREAM,
}
_ERROR_KINDS = {
    "bad-request": PageKind.BAD_REQUEST,
    "too-large": PageKind.BAD_REQUEST,
    "certificate": PageKind.CERTIFICATE,
    "fault": PageKind.FAULT,
    "portal": PageKind.FAULT,
    "private-address": PageKind.BLOCK,
    "loop": PageKind.BLOCK,
}
_CAN_CONTINUE = (Step.SITE, Step.CATEGORY, Step.DEFAULT, Step.WORDS)


def answer(flow: http.HTTPFlow, state: Judged, services: Services, expired: bool = False) -> None:
    """Put our answer in place of the response. ``expired``: the continue form came too late or from elsewhere."""
    decision = state.decision
    context = _context(flow, state, services, expired)
    set_response(flow, pages.render(kind_of_page(decision), decision, context))
    state.answered = True


def kind_of_page(decision: Decision) -> PageKind:
    """Which page tells this decision."""
    if decision.step is Step.BUILTIN and decision.status in _BUILTIN_KINDS:
        return _BUILTIN_KINDS[decision.status]
    return _KINDS.get(decision.action, PageKind.BLOCK)


def set_response(flow: http.HTTPFlow, made: Answer) -> None:
    """Our answer as the flow's response, whole: nothing of an upstream response stays."""
    fields = [(name.encode(), value.encode()) for name, value in made.headers]
    flow.response = http.Response(
        http_version=b"HTTP/1.1",
        status_code=made.status,
        reason=b"",
        headers=http.Headers(fields),
        content=made.body,
        trailers=None,
        timestamp_start=0,
        timestamp_end=0,
    )


def lead_back(flow: http.HTTPFlow, state: Judged, to: str) -> None:
    """After a continued warning: to the page that was asked for, on this same site and nowhere else."""
    fields = (("location", same_site_path(to)), ("cache-control", "no-store"))
    set_response(flow, Answer(303, (*fields, ("content-length", "0")), b""))
    state.answered = True


def keep_to_type(response: http.Response, media: str) -> None:
    """What was opened as this type must not become another in the browser.

    An SVG picture is a document too: inside a page it is drawn as ever, on its own it is downloaded, not shown.
    """
    response.headers["x-content-type-options"] = "nosniff"
    if media == "image/svg+xml":
        response.headers["content-disposition"] = "attachment"
        response.headers["content-security-policy"] = "sandbox"


def connect_refused(decision: Decision) -> http.Response:
    """The answer to a CONNECT that step 0 refuses. Browsers show no page for it, so it is one line of text."""
    text = f"{decision.evidence}\n".encode()
    fields = {
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "no-store",
        "x-hedgerow-action": str(decision.action),
        "x-hedgerow-code": decision.code,
        "connection": "close",
    }
    return http.Response.make(400 if decision.status == 400 else 403, text, fields)


def clean_request(flow: http.HTTPFlow, state: Judged) -> None:
    """Make the request fit to leave the school."""
    headers.clean_request(flow.request, bool(state.request.upgrade), state.decision.pending)
    if flow.request.authority and not (flow.request.is_http2 or flow.request.is_http3):
        flow.request.authority = ""  # origin form: some servers refuse the absolute one


def clean_response(flow: http.HTTPFlow) -> None:
    """Make the response fit to enter it."""
    assert flow.response is not None
    headers.clean_response(flow.response)


def fault(flow: http.HTTPFlow) -> None:
    """Our own code failed: a page that says so, made without policy or snapshot. Called by the guard only."""
    context = PageContext(
        language=pages.choose_language(flow.request.headers.get("accept-language", ""), pages.LANGUAGES),
        answer=pages.choose_answer(flow.request.method, flow.request.headers, ""),
        status=503,
    )
    set_response(flow, pages.render(PageKind.FAULT, None, context))
    state: Judged | None = flow.metadata.get(KEY)
    if state is not None:
        state.answered = True


def error_page(status: int, reason: str, flow: http.HTTPFlow | None, languages: str, snapshot: Snapshot) -> Answer:
    """Our page in place of mitmproxy's own. ``reason`` is one of ``BUILTIN_STATUS``; a flow gives it name and code."""
    state: Judged | None = flow.metadata.get(KEY) if flow is not None else None
    if state is not None and state.own and status >= 500:
        status, reason = 503, "portal"  # our own process, not an origin: it is back in a moment
    context = PageContext(
        language=pages.choose_language(languages, snapshot.site.languages),
        host=display_host(judged_host(state.request)) if state else "",
        school=snapshot.site.school,
        messages=snapshot.messages,
        answer=_form(flow, state) if flow else AnswerType.PAGE,
        status=status,
    )
    return pages.render(_ERROR_KINDS.get(reason, PageKind.UPSTREAM), state.decision if state else None, context)


def too_large(flow: http.HTTPFlow, state: Judged) -> None:
    """A form longer than any of ours."""
    languages = flow.request.headers.get("accept-language", "")
    set_response(flow, error_page(413, "too-large", flow, languages, state.snapshot))
    state.answered = True


def _context(flow: http.HTTPFlow, state: Judged, services: Services, expired: bool) -> PageContext:
    snapshot, decision = state.snapshot, state.decision
    language = pages.choose_language(flow.request.headers.get("accept-language", ""), snapshot.site.languages)
    band = snapshot.policy.bands[decision.band]
    return PageContext(
        language=language,
        school=snapshot.site.school,
        host=display_host(judged_host(state.request)),
        subject=_subject(state, language),
        message=decision.message or band.messages.get(language, ""),
        helplines=tuple(HelplineView(h.name, h.number, h.text, h.hours) for h in snapshot.helplines_for(language)),
        contact=snapshot.site.contact.get(language, ""),
        token=_token(state, services),
        action=CONTINUE_PATH,
        to=same_site_path(state.to or flow.request.path),
        until=decision.until,
        answer=_form(flow, state),
        expired=expired,
        messages=snapshot.messages,
        status=decision.status,
    )


def _form(flow: http.HTTPFlow, state: Judged | None) -> AnswerType:
    """What the client can show in place of what it asked for."""
    request, upgrade, path = flow.request, state.request.upgrade if state else "", state.request.path if state else ""
    return pages.choose_answer(request.method, request.headers, upgrade, path)


def _subject(state: Judged, language: str) -> str:
    decision = state.decision
    if decision.category:
        return state.snapshot.categories.name(decision.category, language)
    if decision.rule.startswith("words:"):
        return pages.topic_name(decision.rule.partition(":")[2], language)
    return ""


def _token(state: Judged, services: Services) -> str:
    """A token for the form, where this rule may be continued by the person who met it."""
    decision = state.decision
    if decision.action not in (Action.WARN, Action.HELP) or decision.step not in _CAN_CONTINUE or not decision.digest:
        return ""
    asked = Continue(state.identity.key, decision.site, decision.digest, decision.band, str(decision.action))
    return services.tokens.sign(asked, services.clock().timestamp())
