"""Records of a zone file (RFC 1035 section 5): comments, quotes, and brackets over several lines."""

from __future__ import annotations

import re
from typing import NamedTuple

from hedgerow.stores.formats.model import LineError

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[()]|;.*|(?:[^\s;()"\\]|\\.)+|\s+|.')
_LONGEST_RECORD = 200  # lines that brackets may span
_TTL = re.compile(r"\d+|(?:\d+[smhdw])+", re.IGNORECASE)
_BEGINS = re.compile(
    r"\$[A-Z]+\s.*|[^\s;()\"]+(?:\s+(?:\d\w*|IN))*\s+(?:CNAME\s+[^\s;()]+|A\s+[\d.]+|AAAA\s+[0-9A-F:.]+)\s*(?:;.*)?",
    re.IGNORECASE,
)
"""A line that is a record or directive of its own, as no line between brackets looks."""
_CLASSES = frozenset({"IN", "CH", "HS", "ANY"})


class Record(NamedTuple):
    """One record or directive (kind "$ORIGIN", owner "")."""

    owner: str  # as written; "" = as the record before
    kind: str  # upper case
    data: tuple[str, ...]


class Records:
    """Gathers lines to records."""

    def __init__(self) -> None:
        self._begun, self._words, self._open, self._blank = 0, list[str](), 0, False

    @property
    def inside(self) -> bool:
        """True between brackets: the next line goes on with a record."""
        return self._open > 0

    def broken_off(self, text: str) -> int:
        """The line with brackets that never end, when ``text`` begins another record; else 0. That one is given up."""
        if not self._open or not _BEGINS.fullmatch(text):
            return 0
        self._open = 0
        return self._begun

    def read(self, line: int, text: str) -> Record | None:
        """The record that this line ends, if it ends one. Raises LineError; the next line begins anew then."""
        if not self._open:
            self._begun, self._words, self._blank = line, [], text[:1].isspace()
        elif line - self._begun > _LONGEST_RECORD:
            self._open = 0
            raise LineError(f"the brackets of line {self._begun} do not end")
        for token in _TOKEN.findall(text):
            if token in ("(", ")"):
                self._open = max(0, self._open + (1 if token == "(" else -1))
            elif not token[0].isspace() and token[0] != ";":
                self._words.append(token.strip('"'))
        return None if self._open or not self._words else self._record()

    def _record(self) -> Record:
        words = self._words
        if words[0].startswith("$"):
            return Record("", words[0].upper(), tuple(words[1:]))
        owner = "" if self._blank else words[0]
        rest = words if self._blank else words[1:]
        while rest and (rest[0].upper() in _CLASSES or _TTL.fullmatch(rest[0])):
            rest = rest[1:]
        if not rest:
            raise LineError("a record without a type")
        return Record(owner, rest[0].upper(), tuple(rest[1:]))
