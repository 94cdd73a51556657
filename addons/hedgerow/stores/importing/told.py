"""REPORT.md: what a person reads before the import is put in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from hedgerow.stores.importing.report import Outcome, Report, Row

_SAMPLES = 12  # places shown of each thing that is said; report.json has all
_FILES = 60


def told(report: Report, out: Path, mistakes: Iterable[str] = ()) -> str:
    """The report in words. ``mistakes`` are what ``hedgerow check`` says about what was written."""
    lines = [f"# What became of {report.source}", "", *_summary(report), ""]
    lines += _mistakes(list(mistakes))
    lines += ["## The groups", "", *(f"* `{name}`: {what}" for name, what in report.groups.items()), ""]
    if report.notes:
        lines += ["## To know before it is in force", "", *(f"* {note}" for note in report.notes), ""]
    for outcome, title in ((Outcome.LEFT, "Not carried over"), (Outcome.CHANGED, "Changed")):
        lines += [f"## {title}", "", *_said(report, outcome), ""]
    lines += ["## File by file", "", *_files(report), ""]
    if report.unused:
        lines += [f"## Files that no line asked for ({len(report.unused)})", "", *_unused(report.unused), ""]
    return "\n".join([*lines, *_next(out)]) + "\n"


def _summary(report: Report) -> Iterator[str]:
    counts = report.counts()
    yield f"{sum(counts.values()):,} lines said something: " + ", ".join(f"{n:,} {what}" for what, n in counts.items())
    if report.refused:
        yield f"\n**{report.refused} were refused**: a link, or an include that leads out of the folder or in a circle."
    yield "\nEach line with its place here and there stands in `report.json`. Nothing is in force yet."


def _mistakes(mistakes: list[str]) -> list[str]:
    if not mistakes:
        return []
    head = "**`hedgerow check` does not take this folder as it is.** Correct these lines first:"
    return [head, "", *(f"* {_plain(text)}" for text in mistakes), ""]


def _said(report: Report, outcome: Outcome) -> Iterator[str]:
    for how, rows in report.grouped(outcome):
        yield f"* **{sum(map(len, rows)):,}** {_plain(how)}: {_places(rows)}"


def _places(rows: list[Row]) -> str:
    shown = [f"`{_plain(row.source)}`" + (f" to `{row.target}`" if row.to else "") for row in rows[:_SAMPLES]]
    more = f" and {len(rows) - _SAMPLES:,} more places" if len(rows) > _SAMPLES else ""
    return ", ".join(shown) + more


def _files(report: Report) -> Iterator[str]:
    yield "| file | carried over | changed | not carried over |"
    yield "|---|---:|---:|---:|"
    rows = report.facts()["files"]
    assert isinstance(rows, dict)
    for file, counts in list(rows.items())[:_FILES]:
        yield f"| `{_plain(file)}` | " + " | ".join(f"{counts[str(outcome)]:,}" for outcome in Outcome) + " |"
    if len(rows) > _FILES:
        yield f"\nand {len(rows) - _FILES} more files."


def _unused(files: list[str]) -> Iterator[str]:
    """By folder: hundreds of templates are one line."""
    folders: dict[str, int] = {}
    for file in files:
        folder = "/".join(file.split("/")[:2]) if file.count("/") > 1 else file
        folders[folder] = folders.get(folder, 0) + 1
    for folder, count in sorted(folders.items()):
        yield f"* `{_plain(folder)}`" + (f" ({count} files)" if count > 1 else "")


def commands(out: Path) -> tuple[str, str, str, str]:
    """Check, compare, try, put in force."""
    return (
        f"hedgerow check --policies {out}/policies/local --blocklists {out}/blocklists",
        f"diff -ruN policies/local {out}/policies/local; diff -ruN blocklists/local {out}/blocklists/local",
        f"hedgerow explain https://a.site/ --band BAND --policies {out}/policies/local --blocklists {out}/blocklists",
        f"cp -r {out}/policies/local/. policies/local/ && cp -r {out}/blocklists/local/. blocklists/local/",
    )


def _next(out: Path) -> Iterator[str]:
    check, compare, attempt, force = commands(out)
    yield "## What to do now"
    yield ""
    yield "1. Read it, and change what you like: the folder is laid out as the school's own."
    yield f"2. Is it understood? `{check}`"
    yield f"3. How does it differ from what is in force? `{compare}`"
    yield f"4. What would become of a site? `{attempt}`"
    yield "5. `site.yaml`, and a file of yours that stands there already: copy line by line, or yours is overwritten."
    yield f"   Then put it in force: `{force}`. The gateway takes it within two seconds."


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() and char != "`" else "?" for char in text)
