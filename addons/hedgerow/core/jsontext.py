"""The string values of JSON, read as tokens: depth costs nothing, cut documents are read as far as they go."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from hedgerow.core.entities import unescape
from hedgerow.core.slices import SLICE
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
    joined = "\n".join(_plain("\n".join(values)) for values in _values(text))
    return (joined,) if joined else ()


def _values(text: str) -> Iterator[list[str]]:
    """The values as they are written, by the slice: of a long text no one call finds them all."""
    if len(text) <= SLICE:
        yield list(filter(None, _VALUE.findall(text)))
        return
    values, size = list[str](), 0
    for match in _VALUE.finditer(text):
        if value := match[1]:
            values.append(value)
            size += len(value)
        if size > SLICE:
            yield values
            values, size = [], 0
    yield values


def _plain(joined: str) -> str:
    if "\\" in joined:
        joined = _unescaped(joined)
    if _TAG.search(joined):
        joined = strip_tags(joined)
    return unescape(joined)


def top_strings(text: str, keys: Iterable[str]) -> list[str]:
    """String values of these keys at the top of a JSON object, in whatever place; of a broken one, none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(found, dict):
        return []
    return [whole(value) for key in keys if isinstance(value := found.get(key), str)]


def _unescaped(values: str) -> str:
    """All values at once: one by one they take two seconds. What is no escape of JSON is read as it stands."""
    if not _ESCAPES.fullmatch(values):
        values = _OTHER.sub(r"\1\2\2", values)
    return whole(json.loads(f'"{values}"', strict=False))


def whole(text: str) -> str:
    """Without halves of pairs, which no encoder takes."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
