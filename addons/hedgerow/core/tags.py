"""Markup without a tree: the text between tags in a few linear passes, for XML and HTML too large for a tree.

Inline tags join, others separate, as in ``core.html``.
"""

from __future__ import annotations

import html
import re

from hedgerow.core.entities import unescape
from hedgerow.core.slices import in_slices

_SILENT = "script|style|template"
_INLINE = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark nobr q rb rp rt ruby s samp small span "
    "strike strong sub sup time tspan tt u var wbr"
)

_GONE = "\ufdd0"
"""A noncharacter where something was taken out: what stood on its two sides must not become a tag together."""


def alternatives(names: list[str]) -> str:
    """Names grouped by first letter: the matcher looks at one branch, not at sixty."""
    first = sorted({name[0] for name in names})
    return "|".join(f"{c}(?:{'|'.join(sorted((n[1:] for n in names if n[0] == c), key=len))})" for c in first)


def either_case(names: list[str]) -> str:
    """The same in capitals and small letters: a third quicker than IGNORECASE, which folds every character."""
    return re.sub("[a-z]", lambda match: f"[{match[0]}{match[0].upper()}]", alternatives(names))


_SWALLOWING = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)"
    rf"|<(?P<silent>{_SILENT})(?=[\s/>])(?:\"[^\"]*+\"|'[^']*+'|[^'\"<>])*+(?<!/)>.*?(?:</(?P=silent)[^>]*+>?|\Z)"
    r"|<[!?][^>]*+>?",
    re.IGNORECASE | re.DOTALL,
)
_INLINE_TAG = re.compile(rf"</?(?:{either_case(_INLINE.split())})(?=[\s/<>{_GONE}]|\Z)[^<>{_GONE}]*+>?")
_TAG = re.compile(rf"</?[a-zA-Z][^<>{_GONE}]*+>?")


def strip_tags(text: str) -> str:
    """The text between tags, character references read twice."""
    text = _SWALLOWING.sub(_between, text)
    text = in_slices(_without_tags, text, "<")
    return in_slices(unescape, in_slices(unescape, text, "&"), "&")


def _without_tags(text: str) -> str:
    return _TAG.sub("\n", _INLINE_TAG.sub(_GONE, text)).replace(_GONE, "")


def _between(match: re.Match[str]) -> str:
    if (inside := match["cdata"]) is not None:
        return f"{_GONE}{html.escape(inside, quote=False)}{_GONE}"
    return _GONE if match[0].startswith("<!--") else f"{_GONE}\n"
