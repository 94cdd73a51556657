"""The little Markdown our own texts use, as HTML: headings, paragraphs, lists, tables, **bold**, `code`.

Nothing else is read. Everything is escaped first, so a text can put no tag, no link and no script on a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CODE = re.compile(r"`([^`]+)`")
_RULE = re.compile(r"\|[-|: ]+\|")
_HEADING = re.compile(r"(#{1,3}) (.+)")


def to_html(text: str, top: int = 1) -> str:
    """HTML without frame. Lines that belong together make one paragraph; a blank line ends it.

    ``top`` is the level of a ``#`` heading: 2 where the page around the text has a title of its own.
    """
    blocks = groupby(text.splitlines(), key=_kind)
    return "\n".join(part for kind, lines in blocks for part in _BLOCKS[kind](list(lines), top))


def _kind(line: str) -> str:
    if not line.strip():
        return "blank"
    if _HEADING.fullmatch(line):
        return "heading"
    if line.startswith("- "):
        return "list"
    return "table" if line.startswith("|") else "paragraph"


def _inline(text: str) -> str:
    """Names of keys and commands run left to right, also in Persian."""
    bold = _BOLD.sub(r"<strong>\1</strong>", escape(text.strip()))
    return _CODE.sub(r'<code dir="ltr">\1</code>', bold)


def _headings(lines: Sequence[str], top: int) -> Iterator[str]:
    for line in lines:
        marks, title = line.split(" ", 1)
        level = len(marks) + top - 1
        yield f"<h{level}>{_inline(title)}</h{level}>"


def _list(lines: Sequence[str], _top: int) -> Iterator[str]:
    yield "<ul>" + "".join(f"<li>{_inline(line[2:])}</li>" for line in lines) + "</ul>"


def _paragraph(lines: Sequence[str], _top: int) -> Iterator[str]:
    yield f"<p>{_inline(' '.join(map(str.strip, lines)))}</p>"


def _table(lines: Sequence[str], _top: int) -> Iterator[str]:
    """The first row is the head when a line of dashes follows it."""
    rows = [_cells(line) for line in lines if not _RULE.fullmatch(line.strip())]
    headed = 0 < len(rows) < len(lines)
    head = f"<thead><tr>{_row(rows[0], 'th')}</tr></thead>" if headed else ""
    body = "".join(f"<tr>{_row(row, 'td')}</tr>" for row in rows[headed:])
    yield f"<table>{head}<tbody>{body}</tbody></table>"


def _cells(line: str) -> list[str]:
    return line.strip().strip("|").split("|")


def _row(cells: Sequence[str], tag: str) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    return "".join(f"<{tag}{scope}>{_inline(cell)}</{tag}>" for cell in cells)


def _nothing(_lines: Sequence[str], _top: int) -> Iterator[str]:
    return iter(())


_BLOCKS = {"blank": _nothing, "heading": _headings, "list": _list, "table": _table, "paragraph": _paragraph}
