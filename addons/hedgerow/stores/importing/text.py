"""Text files that grow line by line, and values as the strict YAML loader takes them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

_PLAIN = re.compile(r"=?[A-Za-z0-9_][A-Za-z0-9_.-]*[A-Za-z0-9_](?:/[A-Za-z0-9_./~-]*)?")
_NUMBER = re.compile(r"[\d._]+|0[xob].*", re.IGNORECASE)


@dataclass(slots=True)
class Text:
    """``add`` gives the number of the line, from 1."""

    lines: list[str] = field(default_factory=list)

    def add(self, line: str = "") -> int:
        self.lines.append(line)
        return len(self.lines)

    def __str__(self) -> str:
        return "\n".join(self.lines) + "\n"


def quoted(value: str) -> str:
    """A value in double quotes, which every character but the loader's forbidden ones may stand in."""
    return json.dumps(value, ensure_ascii=False)


def key(value: str) -> str:
    """A key: plain where that cannot be mistaken."""
    return value if _PLAIN.fullmatch(value) and not _NUMBER.fullmatch(value) else quoted(value)


def comment(text: str) -> str:
    """Text behind a ``#``: on one line, and nothing in it that a terminal or the loader minds."""
    return "".join(char if char.isprintable() else "?" for char in text)
