"""The string values of JSON, read as tokens: depth costs nothing, cut documents are read as far as they go."""

from __future__ import annotations

import json
import re

from hedgerow.core.entities import unescape
from hedgerow.core.tags import strip_tags

_INSIDE = r'[^"\\]*+(?:\\.[^"\\]*+)*+'
_VALUE = re.compile(rf'"(?:{_INSIDE}"\s*+:|({_INSIDE})(?:"|\\?\Z))', re.DOTALL)
"""A key, which is not kept, or a value."""

_ESCAPES = re.compile(r'(?:[^\\]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_OTHER = re.compile(rf"({_ESCAPES.pattern})(\\|\Z)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TAG = re.compile(r"<[a-zA-Z/!]")


def json_passages(text: str) -> tuple[str, ...]:
    """All string values of ``text`` (JSON, JSON lines, server-sent events), one a line. Keys are not read."""
    joined = "\n".join(filter(None, _VALUE.findall(text)))
    if "\\" in joined:
        joined = _unescaped(joined)
    if _TAG.search(joined):
        joined = strip_tags(joined)
    joined = unescape(joined)
    return (joined,) if joined else ()


def _unescaped(values: str) -> str:
    """All values at once: one by one they take two seconds. What is no escape of JSON is read as it stands."""
    if not _ESCAPES.fullmatch(values):
        values = _OTHER.sub(r"\1\2\2", values)
    text = str(json.loads(f'"{values}"', strict=False))
    if _SURROGATE.search(text):  # half of a pair is no character and no encoder takes it
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
