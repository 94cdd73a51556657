"""A name in a cell of a table or a string of JSON: as in a list of names, or ``||name^`` as ad blockers write it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hedgerow.stores.formats.adblock import parse as parse_rule
from hedgerow.stores.formats.lines import read_line
from hedgerow.stores.formats.model import Found, LineError, Row
from hedgerow.stores.formats.names import LONGEST_NAME, PLAIN, found, utf8

_PLAIN = re.compile(PLAIN).fullmatch
_LONGEST_CATEGORY = 200


def value(line: int, text: str, category: str = "") -> Iterator[Row]:
    """The row of one cell."""
    if len(text) <= LONGEST_NAME and _PLAIN(text):
        yield Found(line, text, category=category)
    else:
        for row in read_line(_parse, line, text):
            yield row._replace(category=category) if isinstance(row, Found) else row


def category_of(text: str) -> str:
    """A category as a source writes it. Raises LineError for what is none."""
    if len(text) > _LONGEST_CATEGORY:
        raise LineError("a category that is too long")
    return utf8(text).strip()


def _parse(line: int, text: str) -> Iterator[Found]:
    text = utf8(text).strip()
    if text.startswith(("|", "@@")) or text.endswith("^"):
        yield from parse_rule(line, text)
    elif text:
        yield found(line, text)
    else:
        raise LineError("an empty field")
