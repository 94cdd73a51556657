"""The string values of JSON, read as tokens: depth costs nothing, cut documents are read as far as they go."""

from __future__ import annotations

import json
import re

from hedgerow.core.html import again, strip_tags

_STRING = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)(?:"(\s*+:)?|\\?\Z)', re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z/!]")


def json_passages(text: str) -> tuple[str, ...]:
    """All string values of ``text`` (JSON, JSON lines, server-sent events), one a line. Keys are not read."""
    # Not findall: a list of pairs takes forty times the space of two megabytes of short strings.
    values = [match[1] for match in _STRING.finditer(text) if match[2] is None and match[1]]
    joined = "\n".join(_unescape(value) if "\\" in value else value for value in values)
    if _TAG.search(joined):
        joined = strip_tags(joined)
    return (again(joined),) if joined else ()


def _unescape(value: str) -> str:
    try:
        text = json.loads(f'"{value}"', strict=False)
    except ValueError:
        return value  # not JSON's escapes: read as it stands
    # Half of a surrogate pair is no character and no encoder takes it.
    return str(text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
