"""Tables for spreadsheets (RFC 4180): what strangers wrote is text there, never a formula (OWASP, CSV injection)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from hedgerow.core.plain import plain

_FORMULA = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")
"""How formulas and commands begin; spreadsheets take full-width signs for the others."""

_INNER = re.compile(r""";(?=["'\s]*[=+\-@|%\uff1d\uff0b\uff0d\uff20])""")
"""Where half of the world's spreadsheets part the cells: a file with commas, opened there, is parted within a cell."""


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The whole table, every cell quoted."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    for row in rows:
        writer.writerow([cell(value) for value in row])
    return stream.getvalue()


def cell(value: object) -> str:
    """On one line; a ``'`` where a spreadsheet would see a formula: at the start, also behind spaces and line ends, and
    where a cell would start if the reader's country parts cells by semicolons."""
    text = _INNER.sub(";'", plain(str(value)))
    return f"'{text}" if str(value).lstrip().startswith(_FORMULA) or str(value)[:1] in ("\t", "\r", "\n") else text
