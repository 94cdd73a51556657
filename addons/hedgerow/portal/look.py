"""A page of the portal as an answer: the frame all pages of ours have, and headers that keep it from being used."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from starlette.responses import HTMLResponse, Response

from hedgerow.pages import frame
from hedgerow.portal.asked import Asked
from hedgerow.portal.parts import languages, link
from hedgerow.portal.style import STYLE

_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = frame.POLICY.replace("style-src ", f"style-src 'sha256-{_HASH}' ")
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "x-hedgerow-action": "portal",
    "x-hedgerow-code": "0000-0000",
    "connection": "close",  # a kept connection would be one of the few that are open at once
}


def page(
    asked: Asked, title: str, body: str, kind: str = "portal", status: int = 200, here: str = "", loads: str = ""
) -> Response:
    """The whole answer. ``here`` is the page's own path, for the choice of languages; "" = a page that was posted.

    ``loads`` are origins whose documents stand inside the page (``portal.probe``); everything else loads nothing.
    """
    texts = asked.texts
    back = "" if kind == "start" else f"<p>{link(asked.path(), asked.say('portal.back'))}</p>"
    school = f"<p>{escape(asked.shown.site.school)}</p>" if asked.shown.site.school else ""
    footer = f"<footer>{back}{school}{languages(asked, here)}</footer>"
    made = frame.document(texts.language, texts.direction, title, body + footer, kind, asked.banner, asked.register)
    whole = made.replace("</head>", f"<style>{STYLE}</style></head>", 1)
    forms = POLICY.replace("form-action 'self'", f"form-action 'self' {asked.elsewhere}".rstrip())
    inside = f"{forms}; object-src {loads}; frame-src {loads}" if loads else forms
    said = {"content-security-policy": inside, "content-language": texts.language}
    return HTMLResponse(whole, status, {**HEADERS, **said})


def lead_to(path: str) -> Response:
    """303: to a path of this same origin, or to our own name."""
    return Response(None, 303, {**HEADERS, "location": path})
