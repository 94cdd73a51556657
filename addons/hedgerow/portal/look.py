"""A page of the portal as an answer: the frame all pages of ours have, and headers that keep it from being used."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from starlette.responses import HTMLResponse, Response

from hedgerow.pages import frame
from hedgerow.portal.asked import Asked
from hedgerow.portal.parts import languages, link

STYLE = """
.choices{margin:.75rem 0;display:grid;gap:.5rem}
.choices li{padding:0}
.choices a{display:block;padding:.65rem .75rem;border:1px solid var(--line);border-radius:.6rem;
text-decoration:none;white-space:normal}
.languages{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin-top:.75rem}
.languages a,footer a{font-weight:400;white-space:normal}
article h1{font-size:1.25rem}
article h2{margin-top:1rem}
article a{white-space:normal;overflow-wrap:anywhere}
article ul{list-style:disc;padding-inline-start:1.25rem}
article table{border-collapse:collapse;width:100%}
article th,article td{border:1px solid var(--line);padding:.25rem .5rem;text-align:start}
.poster{text-align:center}
.poster .scan{display:block;width:min(100%,15rem);margin:.75rem auto;background:#fff}
.poster .address{font:600 1.5rem/1.4 ui-monospace,"Noto Sans Mono",monospace;margin:.25rem 0}
.poster .also{margin-top:.75rem}
@media print{.languages,.noprint,footer a{display:none}.poster .scan{width:10cm}.poster h1{font-size:2.25rem}
.poster{font-size:1.25rem}.poster .address{font-size:2rem}}
"""
"""What the portal adds to ``pages.frame.STYLE``."""

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


def page(asked: Asked, title: str, body: str, kind: str = "portal", status: int = 200, here: str = "") -> Response:
    """The whole answer. ``here`` is the page's own path, for the choice of languages; "" = a page that was posted."""
    texts = asked.texts
    back = "" if kind == "start" else f"<p>{link(asked.path(), asked.say('portal.back'))}</p>"
    school = f"<p>{escape(asked.shown.site.school)}</p>" if asked.shown.site.school else ""
    footer = f"<footer>{back}{school}{languages(asked, here)}</footer>"
    made = frame.document(texts.language, texts.direction, title, body + footer, kind, asked.banner, asked.register)
    whole = made.replace("</head>", f"<style>{STYLE}</style></head>", 1)
    forms = POLICY.replace("form-action 'self'", f"form-action 'self' {asked.elsewhere}".rstrip())
    said = {"content-security-policy": forms, "content-language": texts.language}
    return HTMLResponse(whole, status, {**HEADERS, **said})


def lead_to(path: str) -> Response:
    """303: to a path of this same origin, or to our own name."""
    return Response(None, 303, {**HEADERS, "location": path})
