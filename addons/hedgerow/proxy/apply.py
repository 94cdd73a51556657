"""Decision -> answer: the page, image, script or JSON a client gets in place of what was refused."""

from __future__ import annotations

from dataclasses import replace

from mitmproxy import http

from hedgerow.core.hosts import display_host
from hedgerow.core.model import Action, Decision, Relax, Step
from hedgerow.core.sniff import is_static
from hedgerow.core.urls import same_site_path
from hedgerow.proxy import context, headers, pages
from hedgerow.proxy.facts import judged_host
from hedgerow.proxy.judged import KEY, Judged
from hedgerow.proxy.pages.model import Answer, AnswerType, PageContext, PageKind
from hedgerow.proxy.services import Services
from hedgerow.runtime import Snapshot

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


def answer(flow: http.HTTPFlow, state: Judged, services: Services, expired: bool = False) -> None:
    """Put our answer in place of the response. ``expired``: the continue form came too late or from elsewhere."""
    decision = state.decision
    made = context.of_decision(flow, state, services, expired)
    kind = PageKind.HELP if made.care else kind_of_page(decision)
    set_response(flow, pages.render(kind, decision, made))
    state.answered = True


def kind_of_page(decision: Decision) -> PageKind:
    """Which page tells this decision."""
    if decision.step is Step.BUILTIN and decision.status in _BUILTIN_KINDS:
        return _BUILTIN_KINDS[decision.status]
    if decision.step is Step.EXAM:
        return PageKind.EXAM
    if decision.step is Step.FILES and decision.action is Action.WARN:
        return PageKind.BLOCK  # a download has no page of its own to go on to
    return _KINDS.get(decision.action, PageKind.BLOCK)


def sentence(flow: http.HTTPFlow, state: Judged, services: Services) -> str:
    """The decision in one line, for where no page can be shown: what ended, the code, and where there is help."""
    made = replace(context.of_decision(flow, state, services, False, AnswerType.TEXT), answer=AnswerType.TEXT)
    kind = PageKind.HELP if made.care else kind_of_page(state.decision)
    line = pages.render(kind, state.decision, made).body.decode().strip()
    lines = [f"{view.name}: {view.number}" for view in made.helplines[:2]] if kind is PageKind.HELP else []
    return " ".join((line, *lines))


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
    whole = state.decision.pending or (state.decision.reads_words and not is_static(state.request.path))
    headers.clean_request(flow.request, bool(state.request.upgrade), whole)
    if flow.request.authority and not (flow.request.is_http2 or flow.request.is_http3):
        flow.request.authority = ""  # origin form: some servers refuse the absolute one


def clean_response(flow: http.HTTPFlow) -> None:
    """Make the response fit to enter it."""
    assert flow.response is not None
    headers.clean_response(flow.response)


def fault(flow: http.HTTPFlow) -> None:
    """Our own code failed: a page that says so, made without policy or snapshot. Shown where ``faults`` fails too."""
    made = PageContext(
        language=pages.choose_language(flow.request.headers.get("accept-language", ""), pages.LANGUAGES),
        answer=fault_form(flow),
        status=503,
    )
    set_response(flow, pages.render(PageKind.FAULT, None, made))
    state: Judged | None = flow.metadata.get(KEY)
    if state is not None:
        state.answered = True


def fault_form(flow: http.HTTPFlow) -> AnswerType:
    """What the client can show in place of what it asked for, told from the bare request."""
    request = flow.request
    path = request.path.partition("?")[0]
    return pages.choose_answer(request.method, request.headers, request.headers.get("upgrade", ""), path)


def error_page(
    status: int,
    reason: str,
    flow: http.HTTPFlow | None,
    languages: str,
    snapshot: Snapshot,
    relaxed: Relax | None = None,
) -> Answer:
    """Our page in place of mitmproxy's own. ``reason`` is one of ``BUILTIN_STATUS``; a flow gives it name and code."""
    state: Judged | None = flow.metadata.get(KEY) if flow is not None else None
    if state is not None and state.own and status >= 500:
        status, reason = 503, "portal"  # our own process, not an origin: it is back in a moment
    decision = state.decision if state else None
    language = pages.choose_language(languages, snapshot.languages(decision.band if decision else ""))
    made = replace(
        context.of_school(snapshot, language, decision, relaxed, flow),
        host=display_host(judged_host(state.request)) if state else "",
        answer=context.form(flow, state) if flow else AnswerType.PAGE,
        status=status,
    )
    return pages.render(_ERROR_KINDS.get(reason, PageKind.UPSTREAM), decision, made)


def too_large(flow: http.HTTPFlow, state: Judged) -> None:
    """A form longer than any of ours."""
    languages = flow.request.headers.get("accept-language", "")
    set_response(flow, error_page(413, "too-large", flow, languages, state.snapshot))
    state.answered = True
