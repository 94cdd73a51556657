"""How many names a fetched file holds, by the source's own categories."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hedgerow.stores.formats import Found, Options, parts


def count_names(path: Path, format: str, options: Options) -> Counter[str]:
    """Names that the list wants closed (or, of evidence, knows); "" = of no category. Raises FormatError, OSError."""
    counts: Counter[str] = Counter()
    for part in parts(path, format, options):
        for row in part.rows():
            if isinstance(row, Found) and not row.excepts:
                counts[row.category or part.category] += 1
    return counts
