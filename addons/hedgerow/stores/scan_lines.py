"""Texts to be judged, one JSON object a line: ``{"id": ..., "text": ...}``, or ``"html"`` or ``"search"`` for it.

``text`` is what a page says, unless ``"kind"`` calls it typed (``post``, ``chat``, ``comment``, ``search``); ``html``
is a page's markup; ``search`` is what was typed into a search. ``id`` may be anything and is given back as it is.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from hedgerow.core.jsontext import whole
from hedgerow.core.model import Channel
from hedgerow.core.scanned import TYPED, Said

LONGEST = 64 * 1024 * 1024
"""Bytes of one line; what is longer is no text anybody wrote."""

KEYS = ("text", "html", "search")
KINDS = ("page", *TYPED)


@dataclass(frozen=True, slots=True)
class Line:
    """A text, and its line's number and id."""

    number: int
    id: object
    said: Said


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds no text, and why."""

    number: int
    problem: str


class _Bad(ValueError):
    """What is wrong with a line."""


def scan_lines(stream: BinaryIO) -> Iterator[Line | BadLine]:
    """The lines of a file in their order; empty ones are left out."""
    number = 0
    while raw := stream.readline(LONGEST + 1):
        number += 1
        if len(raw) > LONGEST:
            yield BadLine(number, f"longer than {LONGEST:,} bytes; what stands behind it is not read")
            return
        raw = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
        if raw.strip():
            yield _line(number, raw)


def _line(number: int, raw: bytes) -> Line | BadLine:
    try:
        row = json.loads(raw.decode("utf-8"))
        if not isinstance(row, dict):
            raise _Bad("a JSON object expected")
        return Line(number, row.get("id"), said_by(row))
    except UnicodeDecodeError:
        return BadLine(number, "not UTF-8")
    except json.JSONDecodeError as error:
        return BadLine(number, f"no JSON: {error.msg} (column {error.colno})")
    except _Bad as error:
        return BadLine(number, str(error))
    except (ValueError, RecursionError):  # numbers of 10,000 digits, brackets 10,000 deep
        return BadLine(number, "no JSON that can be read")


def said_by(row: dict[str, object]) -> Said:
    """The text of a line. Raises ValueError with what is wrong."""
    given = [key for key in KEYS if row.get(key) is not None]
    if len(given) != 1:
        raise _Bad(f"one of {', '.join(KEYS)} expected, found {' and '.join(given) or 'none'}")
    key, text, kind = given[0], row[given[0]], row.get("kind", "page")
    if not isinstance(text, str):
        raise _Bad(f"{key!r} must be a string")
    text = whole(text)
    if key == "html":
        return Said.html(text)
    channel = Channel.SEARCH if key == "search" else TYPED.get(str(kind))
    return Said.typed(text, channel) if channel else Said.plain(text)
