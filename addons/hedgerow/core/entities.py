"""Character references (https://html.spec.whatwg.org/#named-character-references), read as ``html.unescape`` does.

Only what is a reference is looked at: a page of bare ``&a`` took the standard library two thirds of a second.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from html.entities import html5

_BARE = sorted((name for name in html5 if not name.endswith(";")), key=len, reverse=True)
"""The old names that need no semicolon, the longest first."""

_BARE_PATTERN = "|".join(
    f"{first}(?:{'|'.join(name[1:] for name in _BARE if name[0] == first)})" for first in sorted({n[0] for n in _BARE})
)
_REFERENCE = re.compile(
    rf"&(?:#(?:[0-9]++|[xX][0-9a-fA-F]++);?|[A-Za-z][A-Za-z0-9]{{1,31}};|(?:{_BARE_PATTERN}))", re.ASCII
)


def unescape(text: str) -> str:
    """``text`` with its character references read once."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    return _read(match[0])


@lru_cache(maxsize=8192)
def _read(reference: str) -> str:
    return html.unescape(reference)
