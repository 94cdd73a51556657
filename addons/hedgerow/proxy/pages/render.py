"""Decision and context to bytes. Everything a client or a file said is escaped; the page carries no script at all."""

from __future__ import annotations

import json
from collections.abc import Callable

from hedgerow.core.model import Decision
from hedgerow.pages.frame import POLICY, SMALL_POLICY, document, small_document
from hedgerow.proxy.pages.body import body
from hedgerow.proxy.pages.model import Answer, AnswerType, PageContext, PageKind
from hedgerow.proxy.pages.sentences import lead_key, title_key
from hedgerow.stores.messages import Texts, shipped_messages

_IMAGE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">'
    b'<rect width="24" height="24" fill="#e6ece4"/><path d="M3 20c1-6 4-9 9-12 5 3 8 6 9 12z" fill="#8aa587"/></svg>'
)

_FAILURES = (PageKind.CERTIFICATE, PageKind.UPSTREAM, PageKind.FAULT)
"""Pages that tell of a failure, whatever the verdict had been."""


def render(kind: PageKind, decision: Decision | None, context: PageContext) -> Answer:
    """The whole answer: status, headers, body. Pure; never raises on what a client sent."""
    media, content = _BODIES[context.answer](kind, decision, context)
    if context.answer is AnswerType.HEAD:
        content = b""
    headers = [
        ("content-type", media),
        ("content-length", str(len(content))),
        ("cache-control", "no-store"),
        ("content-security-policy", SMALL_POLICY if context.answer is AnswerType.FRAME else POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),  # who opened this window has no hand in it
        ("content-language", context.language),
        ("x-hedgerow-action", str(decision.action) if decision and kind not in _FAILURES else str(kind)),
        ("x-hedgerow-code", decision.code if decision else "0000-0000"),
    ]
    if decision is not None and decision.policy:
        headers.append(("x-hedgerow-policy", decision.policy))
    if context.status == 503:
        headers.append(("retry-after", "60"))
    return Answer(context.status, tuple(headers), content)


def _texts(context: PageContext) -> Texts:
    offered = context.messages or shipped_messages()
    return offered.get(context.language) or offered["en"]


def _page(kind: PageKind, decision: Decision | None, context: PageContext) -> tuple[str, bytes]:
    texts = _texts(context)
    title = texts.get(title_key(kind, decision), context.register)
    inside = body(kind, decision, context, texts)
    made = document(texts.language, texts.direction, title, inside, str(kind), context.banner, context.register)
    return "text/html; charset=utf-8", made.encode()


def _frame(kind: PageKind, decision: Decision | None, context: PageContext) -> tuple[str, bytes]:
    texts = _texts(context)
    title, code = texts.get(title_key(kind, decision), context.register), decision.code if decision else ""
    return "text/html; charset=utf-8", small_document(texts.language, texts.direction, title, code).encode()


def _json(kind: PageKind, decision: Decision | None, context: PageContext) -> tuple[str, bytes]:
    told = {"action": str(decision.action if decision else kind), "code": decision.code if decision else ""}
    return "application/json", json.dumps({"hedgerow": told}, separators=(",", ":")).encode()


def _text(kind: PageKind, decision: Decision | None, context: PageContext) -> tuple[str, bytes]:
    texts = _texts(context)
    code = f" [{decision.code}]" if decision else ""
    title, lead = (texts.get(key(kind, decision), context.register) for key in (title_key, lead_key))
    line = f"{title}. {lead.replace('{host}', context.host)}{code}\n"
    return "text/plain; charset=utf-8", line.encode()


def _fixed(media: str, body: bytes) -> Callable[[PageKind, Decision | None, PageContext], tuple[str, bytes]]:
    return lambda kind, decision, context: (media, body)


_BODIES: dict[AnswerType, Callable[[PageKind, Decision | None, PageContext], tuple[str, bytes]]] = {
    AnswerType.PAGE: _page,
    AnswerType.FRAME: _frame,
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
