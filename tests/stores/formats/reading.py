"""Reads text as a list, without a file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial

from hedgerow.stores.formats import FORMATS, Options, Row, Skipped
from hedgerow.stores.formats.model import Member, Tree


def read(format: str, data: str | bytes, **options: str) -> list[Row]:
    """All rows of one file."""
    content = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
    return read_tree(format, {"": content}, **options)


def read_tree(format: str, files: dict[str, bytes], **options: str) -> list[Row]:
    """All rows of all parts of a folder."""
    return [row for _, rows in parts_of(format, files, **options) for row in rows]


def parts_of(format: str, files: dict[str, bytes], **options: str) -> Iterator[tuple[str, list[Row]]]:
    """(category, rows) of each part."""
    members = tuple(Member(name, partial(io.BytesIO, data)) for name, data in sorted(files.items()))
    for part in FORMATS[format].read(Tree("source", members), Options(**options)):  # type: ignore[arg-type]
        yield part.category, list(part.rows())


def told(row: Row) -> str:
    """A row in a few words: ``a.example/x``, ``=a.example``, ``*.a.example``, ``@@a.example``, ``! reason``."""
    if isinstance(row, Skipped):
        return f"{'~' if row.unusable else '!'} {row.reason}"
    scope = {"usual": "", "below": "*.", "exact": "="}[row.scope]
    return ("@@" if row.excepts else "") + scope + row.host + row.path + ("$" if row.important else "")
