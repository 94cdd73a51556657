"""Decision and context to bytes. Everything a client or a file said is escaped; the page carries no script at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape

from hedgerow.core.model import Decision, Step
from hedgerow.pages.frame import POLICY, document
from hedgerow.proxy.pages.model import Answer, AnswerType, PageContext, PageKind
from hedgerow.stores.messages import Texts, shipped_messages

_IMAGE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">'
    b'<rect width="24" height="24" fill="#e6ece4"/><path d="M3 20c1-6 4-9 9-12 5 3 8 6 9 12z" fill="#8aa587"/></svg>'
)

_FAILURES = (PageKind.CERTIFICATE, PageKind.UPSTREAM, PageKind.FAULT)
"""Pages that tell of a failure, whatever the verdict had been."""


def render(kind: PageKind, decision: Decision | None, context: PageContext) -> Answer:
    """The whole answer: status, headers, body. Pure; never raises on what a client sent."""
    media, body = _BODIES[context.answer](kind, decision, context)
    if context.answer is AnswerType.HEAD:
        body = b""
    headers = [
        ("content-type", media),
        ("content-length", str(len(body))),
        ("cache-control", "no-store"),
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("content-language", context.language),
        ("x-hedgerow-action", str(decision.action) if decision and kind not in _FAILURES else str(kind)),
        ("x-hedgerow-code", decision.code if decision else "0000-0000"),
    ]
    if decision is not None and decision.policy:
        headers.append(("x-hedgerow-policy", decision.policy))
    if context.status == 503:
        headers.append(("retry-after", "60"))
    return Answer(context.status, tuple(headers), body)


def _texts(context: PageContext) -> Texts:
    offered = context.messages or shipped_messages()
    return offered.get(context.language) or offered["en"]


def _page(kind: PageKind, decision: Decision | None, context: PageContext) -> tuple[str, bytes]:
    texts = _texts(context)
    host = f"<bdi>{escape(context.host)}</bdi>" if context.host else ""
    lead = escape(texts[f"{kind}.lead"]).replace("{host}", host)
    message = f'<p class="school">{escape(context.message)}</p>' if context.message else ""
    body = (
        f'<p class="lead">{lead}</p>{_why(kind, decision, context, texts)}{message}{_actions(kind, context, texts)}'
        f"<footer>{_code(decision, context, texts)}<p>{escape(context.school)}</p></footer>"
    )
    made = document(texts.language, texts.direction, texts[f"{kind}.title"], body, str(kind))
    return "text/html; charset=utf-8", made.encode()


def _why(kind: PageKind, decision: Decision | None, context: PageContext, texts: Texts) -> str:
    lines = []
    if kind is PageKind.LIMIT and context.until is not None:
        lines.append(texts["limit.until"].replace("{time}", context.until.strftime("%H:%M")))
    if decision is not None and kind in (PageKind.BLOCK, PageKind.WARN, PageKind.LIMIT):
        lines.append(texts[_reason_key(decision, context)].replace("{subject}", context.subject))
    if context.expired:
        lines.append(texts["expired"])
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _reason_key(decision: Decision, context: PageContext) -> str:
    """Which sentence tells why. A word that was found is never repeated to a child, only what it is about."""
    if decision.rule == "unknown:address":
        return "why.address"
    if decision.rule == "undecodable":
        return "why.undecodable"
    by_step = {
        Step.BUILTIN: "why.builtin",
        Step.ILLEGAL: "why.floor",
        Step.FLOOR: "why.floor",
        Step.SITE: "why.site",
        Step.FILES: "why.files",
        Step.WORDS: "why.words" if context.subject else "why.site",
        Step.CATEGORY: "why.category" if context.subject else "why.site",
    }
    return by_step.get(decision.step, "why.unknown")


def _actions(kind: PageKind, context: PageContext, texts: Texts) -> str:
    """What can be done now. On the help page support stands before the way on."""
    form, helplines = _form(kind, context, texts), _helplines(context, texts)
    return helplines + form if kind is PageKind.HELP else form + helplines


def _form(kind: PageKind, context: PageContext, texts: Texts) -> str:
    if not context.token or kind not in (PageKind.WARN, PageKind.HELP):
        return ""
    reasons = "".join(
        f'<option value="{name}">{escape(texts[f"reason.{name}"])}</option>'
        for name in ("schoolwork", "sent-to-me", "curious", "other")
    )
    asked = (
        f'<label for="reason">{escape(texts["warn.reason"])}</label>'
        f'<select id="reason" name="reason">{reasons}</select>'
        if kind is PageKind.WARN
        else ""
    )
    hold = f'<p class="small">{escape(texts["warn.hold"])}</p>' if kind is PageKind.WARN else ""
    return (
        f'<form method="post" action="{escape(context.action)}">'
        f'<input type="hidden" name="token" value="{escape(context.token)}">'
        f'<input type="hidden" name="to" value="{escape(context.to)}">'
        f"{asked}<button>{escape(texts[f'{kind}.go'])}</button></form>{hold}"
    )


def _helplines(context: PageContext, texts: Texts) -> str:
    if not context.helplines:
        return ""
    lines = "".join(
        f"<li><span>{escape(line.name)}</span>"
        + (
            f' <a href="tel:{escape(_dialled(line.number))}"><bdi dir="ltr">{escape(line.number)}</bdi></a>'
            if line.number
            else ""
        )
        + (f" <bdi>{escape(line.text)}</bdi>" if line.text else "")
        + (f' <span class="small">{escape(line.hours)}</span>' if line.hours else "")
        + "</li>"
        for line in context.helplines[:4]
    )
    return f'<section class="helplines"><h2>{escape(texts["helplines"])}</h2><ul>{lines}</ul></section>'


def _dialled(number: str) -> str:
    """The number as a tel: URI wants it (RFC 3966): digits, and a leading plus."""
    return "".join(c for c in number if c.isascii() and (c.isdigit() or c == "+"))


def _code(decision: Decision | None, context: PageContext, texts: Texts) -> str:
    contact = f"<p>{escape(context.contact)}</p>" if context.contact else ""
    if decision is None:
        return contact
    return f'<p>{escape(texts["ask"])}</p><p class="code" dir="ltr">{escape(decision.code)}</p>{contact}'


def _json(kind: PageKind, decision: Decision | None, context: PageContext) -> tuple[str, bytes]:
    told = {"action": str(decision.action if decision else kind), "code": decision.code if decision else ""}
    return "application/json", json.dumps({"hedgerow": told}, separators=(",", ":")).encode()


def _text(kind: PageKind, decision: Decision | None, context: PageContext) -> tuple[str, bytes]:
    texts = _texts(context)
    code = f" [{decision.code}]" if decision else ""
    line = f"{texts[f'{kind}.title']}. {texts[f'{kind}.lead'].replace('{host}', context.host)}{code}\n"
    return "text/plain; charset=utf-8", line.encode()


def _fixed(media: str, body: bytes) -> Callable[[PageKind, Decision | None, PageContext], tuple[str, bytes]]:
    return lambda kind, decision, context: (media, body)


_BODIES: dict[AnswerType, Callable[[PageKind, Decision | None, PageContext], tuple[str, bytes]]] = {
    AnswerType.PAGE: _page,
    AnswerType.IMAGE: _fixed("image/svg+xml", _IMAGE),
    AnswerType.SCRIPT: _fixed("text/javascript", b""),
    AnswerType.STYLE: _fixed("text/css", b""),
    AnswerType.JSON: _json,
    AnswerType.FONT: _fixed("font/woff2", b""),
    AnswerType.AUDIO: _fixed("audio/mpeg", b""),
    AnswerType.VIDEO: _fixed("video/mp4", b""),
    AnswerType.TRACK: _fixed("text/vtt", b"WEBVTT\n"),
    AnswerType.EMPTY: _fixed("text/plain", b""),
    AnswerType.TEXT: _text,
    AnswerType.HEAD: _page,
}
