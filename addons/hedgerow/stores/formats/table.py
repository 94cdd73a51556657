"""CSV and its like (RFC 4180, also with semicolons or tabs): ``field`` says which column holds the name.

A column is called by its name in the first line, or in the last comment before the data (abuse.ch writes it there), or
by its number from 1, where there are no names. A cell stands in one line: a quote that is left open ends with it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO

from hedgerow.stores.formats.lines import LONGEST_LINE, lines, per_file
from hedgerow.stores.formats.model import FormatError, LineError, Options, Row, Skipped
from hedgerow.stores.formats.values import category_of, value

_SEPARATORS = ",;\t|"


def rows(file: IO[bytes], options: Options) -> Iterator[Row]:
    if not options.field:
        raise FormatError("say in which field the names are")
    columns, comment = _numbered(options), ""
    for number, line in lines(file, LONGEST_LINE * 4):
        if line.startswith("#"):
            comment = line.lstrip("# ") if columns is None else ""
        elif line.strip():
            if columns is None and (columns := _named(line, options)):
                continue
            if columns is None and not (columns := _named(comment, options)):
                raise FormatError(f"has no field {options.field!r}")
            yield from columns.read(number, line)


class _Columns:
    def __init__(self, separator: str, name: int, category: int) -> None:
        self._separator, self._name, self._category = separator, name, category

    def read(self, number: int, line: str) -> Iterator[Row]:
        try:
            if len(line) > LONGEST_LINE * 4:
                raise LineError(f"a line of more than {LONGEST_LINE * 4} characters")
            self._separator = self._separator or _guess(line)
            cells = _cells(line, self._separator)
            if max(self._name, self._category) >= len(cells):
                raise LineError(f"only {len(cells)} columns")
            category = category_of(cells[self._category]) if self._category >= 0 else ""
            yield from value(number, cells[self._name], category)
        except LineError as error:
            yield Skipped(number, str(error))


def _numbered(options: Options) -> _Columns | None:
    name, category = options.field, options.category_field
    if not _is_number(name) or category and not _is_number(category):
        return None
    return _Columns("", int(name) - 1, int(category) - 1 if category else -1)


def _is_number(field: str) -> bool:
    return field.isascii() and field.isdigit() and 0 < int(field[:4]) and len(field) <= 4


def _named(line: str, options: Options) -> _Columns | None:
    """The columns of a line of names; None when it has not got them."""
    for separator in _SEPARATORS:
        cells = [cell.strip() for cell in _cells(line[: LONGEST_LINE * 4], separator)]
        if options.field in cells and (not options.category_field or options.category_field in cells):
            category = cells.index(options.category_field) if options.category_field else -1
            return _Columns(separator, cells.index(options.field), category)
    return None


def _guess(line: str) -> str:
    """What parts the columns of a table without names; a tab stands in no other."""
    return "\t" if "\t" in line else max(_SEPARATORS, key=line.count)


def _cells(line: str, separator: str) -> list[str]:
    """Raises LineError."""
    try:
        return next(csv.reader([line.replace("\0", "\ufffd")], delimiter=separator), [])
    except csv.Error as error:
        raise LineError(str(error)) from None


CSV = per_file(rows)
