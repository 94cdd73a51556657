"""Small installations of other filters, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from hedgerow.cli.common import home
from hedgerow.stores.categories import load_categories
from hedgerow.stores.importing import e2guardian, squidguard
from hedgerow.stores.importing.importer import Wishes, imported, shipped_world
from hedgerow.stores.importing.model import Installation
from hedgerow.stores.importing.plan import Shipped
from hedgerow.stores.importing.report import Report
from hedgerow.stores.policies import load_policy


def put(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Files by name; text is UTF-8."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@cache
def shipped() -> Shipped:
    known = frozenset(load_categories(home() / "blocklists" / "categories.yaml"))
    loaded = load_policy(home() / "policies", home() / "no school", known)
    return shipped_world(loaded, known, home() / "blocklists" / "seed")


def files_of(made: Installation, report: Report, **bands: str) -> dict[str, str]:
    """Everything that would be written, by name."""
    written = imported(made, Wishes(bands, {}), shipped(), report)
    return {name: str(text) for name, text in written.files.items()}


def e2(folder: Path, files: Mapping[str, str | bytes]) -> tuple[Installation, Report]:
    report = Report("e2guardian")
    return e2guardian.read(put(folder, {"e2guardian.conf": "", "e2guardianf1.conf": "", **files}), report), report


def squid(folder: Path, files: Mapping[str, str | bytes]) -> tuple[Installation, Report]:
    report = Report("squidguard")
    return squidguard.read(put(folder, files), report), report


def said(report: Report) -> dict[str, str]:
    """Place -> what became of it."""
    return {row.source: f"{row.outcome}: {row.how}" for row in report.rows}
