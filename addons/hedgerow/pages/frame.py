"""The frame of every page, and its security policy. Plain strings: what a pupil or a site says is never a template."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from hedgerow.pages.drawings import drawing
from hedgerow.pages.style import STYLE


def _hash(style: str) -> str:
    """The one style a page may have, as its policy names it (W3C CSP 3)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"


POLICY = f"default-src 'none'; style-src '{_hash(STYLE)}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
"""Content-Security-Policy (W3C CSP 3): our one style, a form to this same site, nothing else, never in a frame."""

_HEAD = (
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
    f'<meta name="robots" content="noindex"><style>{STYLE}</style>'
)


_SMALL_STYLE = (
    "body{margin:0;padding:8px;font:15px/1.4 system-ui,sans-serif;text-align:center;background:#edf3ea;color:#1f2a24}"
    "p{margin:4px}@media(prefers-color-scheme:dark){body{background:#1d241f;color:#e9efe9}}"
)
_HEDGE = (
    '<svg width="64" height="16" viewBox="0 0 64 16" aria-hidden="true">'
    '<path d="M0 16q4-14 12-8 6-14 16-4 8-10 16 0 8-8 12 4 6-4 8 8z" fill="#6f9a68"/></svg>'
)
SMALL_POLICY = f"default-src 'none'; style-src '{_hash(_SMALL_STYLE)}'; form-action 'none'; base-uri 'none'; sandbox"
"""Of a page that may stand in a frame: it holds nothing to click, and its origin is nobody's."""


def small_document(language: str, direction: str, title: str, code: str) -> str:
    """What a closed frame shows: that it is closed, and the code. All plain text."""
    told = f'<p><b dir="ltr">{escape(code)}</b></p>' if code else ""
    return (
        f'<!doctype html><html lang="{escape(language)}" dir="{escape(direction)}"><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_SMALL_STYLE}</style>"
        f"<body>{_HEDGE}<p>{escape(title)}</p>{told}</body></html>"
    )


_TOLD_STYLE = (
    "html{color-scheme:light dark}p{margin:0}[lang=fa] body{line-height:1.6}"
    "body{margin:0;padding:.6rem .75rem;min-height:100vh;box-sizing:border-box;background:#fbeee4;color:#1f2a24;"
    "font:600 1rem/1.4 system-ui,'Noto Sans',sans-serif;border-inline-start:.3rem solid #9a4a12}"
    ".good{background:#dfeee0;border-color:#35623f}@media(prefers-color-scheme:dark){"
    "body{background:#3a2a1e;color:#e9efe9;border-color:#f0a56b}.good{background:#20382a;border-color:#93c79e}}"
)
TOLD_POLICY = f"default-src 'none'; style-src '{_hash(_TOLD_STYLE)}'; form-action 'none'; base-uri 'none'; sandbox"
"""Of one sentence inside a page of ours (``portal.probe``): nothing to click, and its origin is nobody's."""


def told_document(language: str, direction: str, sentence: str, good: bool) -> str:
    """One sentence, as a document of its own: it is seen only where it arrives. Plain text."""
    kind = "good" if good else ""
    return (
        f'<!doctype html><html lang="{escape(language)}" dir="{escape(direction)}"><meta charset="utf-8">'
        f"<title>{escape(sentence)}</title><style>{_TOLD_STYLE}</style>"
        f'<body class="{kind}"><p>{"✓ " if good else ""}{escape(sentence)}</p></body></html>'
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
