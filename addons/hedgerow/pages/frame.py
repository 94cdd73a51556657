"""The page's frame and its one style. Plain strings: nothing a pupil or a site says is ever read as a template."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from html import escape

STYLE = """
:root{--ground:#f3f5f0;--card:#fff;--ink:#1f2a24;--soft:#55635a;--leaf:#3f6b4a;--line:#d7dfd5;--warm:#a5541b}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;padding:1rem;
background:var(--ground);color:var(--ink);
font:1.0625rem/1.6 system-ui,"Noto Sans","Noto Naskh Arabic",Vazirmatn,sans-serif}
main{width:100%;max-width:34rem;background:var(--card);border:1px solid var(--line);border-radius:1rem;
padding:1.25rem 1.5rem 1.5rem;overflow-wrap:anywhere}
svg{display:block;width:100%;max-height:4.5rem;margin:0 0 .5rem}
h1{font-size:1.5rem;line-height:1.3;margin:.25rem 0 .5rem;text-wrap:balance}
h2{font-size:1rem;margin:0 0 .25rem}
p{margin:.4rem 0}
.lead{font-size:1.125rem}
.school{border-inline-start:.25rem solid var(--leaf);padding-inline-start:.75rem}
.small{color:var(--soft);font-size:.9375rem}
form{margin:1rem 0 .5rem;display:grid;gap:.5rem}
label{font-weight:600}
select,button,input,textarea{font:inherit;padding:.65rem .75rem;border-radius:.6rem;border:1px solid var(--soft);
background:var(--card);color:var(--ink);width:100%}
button{background:var(--leaf);border-color:var(--leaf);color:#fff;font-weight:600;cursor:pointer}
:focus-visible{outline:3px solid var(--warm);outline-offset:2px}
.helplines{margin-top:1rem;padding:.75rem 1rem;border-radius:.75rem;background:var(--ground)}
ul{margin:0;padding:0;list-style:none}
li{padding:.15rem 0}
a{color:var(--leaf);font-weight:700;white-space:nowrap}
footer{margin-top:1rem;border-top:1px solid var(--line);padding-top:.5rem;color:var(--soft);font-size:.9375rem}
.code{font:600 1.25rem/1.4 ui-monospace,"Noto Sans Mono",monospace;letter-spacing:.08em;color:var(--ink);margin:0}
[dir=rtl] .code{text-align:right}
@media(prefers-color-scheme:dark){:root{--ground:#151a17;--card:#1e2521;--ink:#e9efe9;--soft:#a9b6ac;--leaf:#8fc29b;
--line:#333d37;--warm:#f0a56b}button{color:#12180f}}
@media print{body{background:#fff;display:block}main{border:0}form{display:none}}
"""

_HEDGE = (
    '<svg viewBox="0 0 320 60" aria-hidden="true" focusable="false">'
    '<path d="M0 60V40c10-14 26-16 38-6 8-16 30-18 42-4 10-14 32-14 42 2 12-16 34-14 44 2 10-14 30-14 42-2'
    ' 12-12 32-10 42 4 10-10 26-8 36 2 12-8 24-6 34 4v18z" fill="#6f9a74"/>'
    '<path d="M0 60V50c14-10 30-8 40 0 12-10 32-8 42 2 12-10 34-8 44 0 12-8 32-8 42 2 12-10 34-8 44 0'
    ' 12-8 34-6 44 2 12-8 32-6 44 0 8-4 14-4 20-2v6z" fill="#3f6b4a"/>'
    '<circle cx="60" cy="34" r="3" fill="#f4d6dd"/><circle cx="150" cy="30" r="3" fill="#f4d6dd"/>'
    '<circle cx="236" cy="36" r="3" fill="#f4d6dd"/><circle cx="286" cy="34" r="2.5" fill="#fff3c4"/></svg>'
)

POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Content-Security-Policy (W3C CSP 3): our one style, a form to this same site, nothing else, never in a frame."""

PAGE = (
    '<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
    "<title>{title}</title><style>"
    + STYLE.replace("{", "\0").replace("}", "\1")
    + '</style></head><body class="{kind}">{banner}<main>'
    + _HEDGE
    + "<h1>{title}</h1>{body}</main></body></html>"
)

_FIELD = re.compile(r"\{(\w+)\}")


def document(language: str, direction: str, title: str, body_html: str, kind: str, banner: str = "") -> str:
    """A whole page. ``title`` and ``banner`` are plain text and are escaped; ``body_html`` is HTML already.

    ``direction`` is "ltr" or "rtl"; ``kind`` becomes the body's class; an empty ``banner`` shows none.
    """
    return fill(
        PAGE,
        {
            "language": escape(language),
            "direction": escape(direction),
            "title": escape(title),
            "kind": escape(kind),
            "banner": f'<p class="banner" role="status">{escape(banner)}</p>' if banner else "",
            "body": body_html,
        },
    )


def fill(template: str, parts: Mapping[str, str]) -> str:
    """Put each part in its place, once: braces inside a part are text. Raises KeyError for a part nobody gave."""
    pieces = _FIELD.split(template)
    pieces[1::2] = [parts[name] for name in pieces[1::2]]
    pieces[0::2] = [piece.replace("\0", "{").replace("\1", "}") for piece in pieces[0::2]]
    return "".join(pieces)
