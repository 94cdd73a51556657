"""The frame of every page, and its security policy. Plain strings: what a pupil or a site says is never a template."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from hedgerow.pages.drawings import drawing
from hedgerow.pages.style import STYLE

POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Content-Security-Policy (W3C CSP 3): our one style, a form to this same site, nothing else, never in a frame."""

_HEAD = (
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
    f'<meta name="robots" content="noindex"><style>{STYLE}</style>'
)


def document(
    language: str, direction: str, title: str, body_html: str, kind: str, banner: str = "", register: str = "older"
) -> str:
    """A whole page. ``title`` and ``banner`` are plain text and are escaped; ``body_html`` is HTML already.

    ``direction`` is "ltr" or "rtl"; ``kind`` chooses the drawing and is the body's class;
    an empty ``banner`` shows none.
    """
    heading = escape(title)
    told = f'<header class="banner">{escape(banner)}</header>' if banner else ""
    return (
        f'<!doctype html><html lang="{escape(language)}" dir="{escape(direction)}"><head>{_HEAD}'
        f'<title>{heading}</title></head><body class="{escape(kind)}">{told}'
        f'<main class="{escape(register)}">{drawing(kind)}<h1>{heading}</h1>{body_html}</main></body></html>'
    )
