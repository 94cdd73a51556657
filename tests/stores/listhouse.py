"""A folder of small lists, for tests of the index."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from hedgerow.stores.lists import AnyIndex, Report, build, open_index

CATEGORIES = ("adult", "education", "gambling", "games", "illegal", "malware", "phishing", "user-content")
TODAY = date(2026, 11, 23)


def write_lists(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Files by ``seed/gambling.txt``; gives the folders seed and local."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [folder / "seed", folder / "local"]


def built(folder: Path, report: Report | None = None, **files: str) -> AnyIndex:
    """The index of files given as ``gambling="a.example\\nb.example"`` (seed) or ``corrections="- {...}"`` (local)."""
    corrections = files.pop("corrections", "")
    named = {f"seed/{name.replace('_', '-')}.txt": text for name, text in files.items()}
    if corrections:
        named["local/corrections.yaml"] = f"corrections:\n{corrections}\n"
    return open_index(build(write_lists(folder, named), CATEGORIES, folder / "index", report, today=TODAY))


def correction(name: str, action: str, *categories: str, until: str = "") -> str:
    """One line of corrections.yaml."""
    more = f", categories: [{', '.join(categories)}]" if categories else ""
    more += f", until: {until}" if until else ""
    day = min("2026-11-23", until or "9")
    return f'  - {{name: "{name}", action: {action}, reason: r, author: a, date: {day}{more}}}\n'
