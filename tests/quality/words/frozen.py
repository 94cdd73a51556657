"""Figures that were measured and published: ``figures.csv``, and the tables of ``policies/words/README.md`` from it."""

from __future__ import annotations

import csv
from dataclasses import asdict, fields
from pathlib import Path

from hedgerow.stores.evaluation import CLEAN, Figures, Key, Tally
from hedgerow.stores.evaluation_tables import markdown
from hedgerow.stores.evaluation_targets import BAND

ROOT = Path(__file__).parents[3]
FIGURES = Path(__file__).with_name("figures.csv")
README = ROOT / "policies" / "words" / "README.md"
BEGIN, END = "<!-- measured: python -m tests.quality.words -->", "<!-- end of what is measured -->"

_COUNTS = tuple(field.name for field in fields(Tally))


def write(figures: Figures, path: Path) -> None:
    """Every count of the clean texts; of the disguised ones those of one band."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([*Key._fields, *_COUNTS])
        for key, tally in figures.tallies.items():
            if key.twin == CLEAN or key.band == BAND:
                out.writerow([*map(_written, key), *asdict(tally).values()])


def _written(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def read(path: Path) -> Figures:
    figures = Figures()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            named = {name: row[name] for name in Key._fields}
            key = Key(**{**named, "typed": row["typed"] == "1"})  # type: ignore[arg-type]
            figures.tallies[key] = Tally(*(int(row[name]) for name in _COUNTS))
    return figures


def tables(figures: Figures) -> str:
    bands = list(dict.fromkeys(key.band for key in figures.tallies))
    return "\n".join(markdown(figures, bands)).strip()


def with_tables(text: str, found: str) -> str:
    """The document with the tables between its two marks. Raises ValueError without the marks."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{BEGIN} and {END} must stand in the text")
    return f"{head}{BEGIN}\n\n{found}\n\n{END}{tail}"
