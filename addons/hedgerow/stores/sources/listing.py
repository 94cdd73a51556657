"""How many names a file holds, by the source's own category: what the guards compare."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hedgerow.stores.formats import FORMATS, FormatError, Found, Options, parts

__all__ = ["FORMAT_NAMES", "FormatError", "Options", "count_names"]

FORMAT_NAMES = tuple(sorted(FORMATS))


def count_names(path: Path, format: str, options: Options) -> Counter[str]:
    """Names in a list by the source's own category ("" = none). Raises FormatError and OSError."""
    counts: Counter[str] = Counter()
    for part in parts(path, format, options):
        for row in part.rows():
            if isinstance(row, Found):
                counts[row.category or part.category] += 1
    return counts
