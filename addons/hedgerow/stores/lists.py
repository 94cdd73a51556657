"""Blocklists to the index: reads folders of ``<category>.txt`` files (``.hosts`` ...) and people's corrections.

    report = Report()
    folder = build([blocklists / "seed", blocklists / "local"], table.ids, state / "index", report)
    index = open_index(folder)

A bad line never stops a list: it is counted and sampled with file and line. A file named after no category, and any
mistake in ``corrections.yaml``, is an operator's mistake: PolicyError, and the index in force stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from hedgerow.core.model import Where
from hedgerow.stores.corrections import CORRECTIONS, Correction, load_corrections
from hedgerow.stores.errors import Mistakes, PolicyError
from hedgerow.stores.formats import SUFFIXES, FormatError, Skipped, parts
from hedgerow.stores.index import IndexFault, MappedIndex, open_index
from hedgerow.stores.index_build import Gathered
from hedgerow.stores.index_write import write_index
from hedgerow.stores.yamlnodes import legal

__all__ = ["IndexFault", "MappedIndex", "PolicyError", "Report", "build", "open_index"]

_SAMPLES = 5  # bad lines shown of each list


@dataclass(slots=True)
class Report:
    """What a build read: names a list, bad lines counted and sampled, corrections that have ended."""

    names: dict[str, int] = field(default_factory=dict)
    bad: dict[str, int] = field(default_factory=dict)
    samples: list[tuple[Where, str]] = field(default_factory=list)
    corrections: int = 0
    ended: list[Correction] = field(default_factory=list)

    def bad_line(self, file: str, line: int, message: str) -> None:
        count = self.bad[file] = self.bad.get(file, 0) + 1
        if count <= _SAMPLES:
            self.samples.append((Where(file, line), message))

    def __str__(self) -> str:
        lines = [f"{sum(self.names.values())} names in {len(self.names)} lists, {self.corrections} corrections"]
        lines += [f"{where}: {message}" for where, message in self.samples]
        lines += [f"{one.where}: the correction of {one.name} ended on {one.until}" for one in self.ended]
        return "\n".join(lines)


def build(
    folders: Iterable[Path],
    categories: Collection[str],
    out_dir: Path,
    report: Report | None = None,
    *,
    today: date | None = None,
) -> Path:
    """The folder ``out_dir/<digest>`` of the finished index. The same lists give the same folder.

    A folder's name is the source its entries are explained with; one that does not exist lists nothing. Corrections
    that ended before ``today`` (default: the machine's date) are left out. Raises PolicyError with all mistakes of
    file names and corrections, and OSError when the index cannot be written; nothing is half-made then.
    """
    report = Report() if report is None else report
    mistakes = Mistakes()
    gathered = Gathered(tuple(sorted(categories)))
    until: list[date] = []
    for folder in folders:
        for path in _list_files(folder):
            _read_list(path, gathered, report, mistakes)
        until += _read_corrections(folder / CORRECTIONS, gathered, report, mistakes, today or date.today())
    mistakes.raise_if_any()
    return write_index(gathered, out_dir, min(until, default=None))


def _list_files(folder: Path) -> list[Path]:
    """Files whose suffix names a format; READMEs, backups and hidden files are no lists."""
    files = folder.iterdir() if folder.is_dir() else ()
    return sorted(p for p in files if p.suffix.removeprefix(".") in SUFFIXES and not p.name.startswith("."))


def _read_list(path: Path, gathered: Gathered, report: Report, mistakes: Mistakes) -> None:
    name, category = f"{path.parent.name}/{path.name}", path.stem
    if category not in gathered.bits:
        mistakes.add(name, 0, 0, legal("category", category, gathered.bits))
        return
    if path.is_dir():
        mistakes.add(name, 0, 0, "cannot be read: it is a folder")
        return
    file, count = gathered.add_file(name, path.parent.name), 0
    try:
        for part in parts(path, SUFFIXES[path.suffix.removeprefix(".")]):
            for row in part.rows():
                if isinstance(row, Skipped):
                    report.bad_line(name, row.line, row.reason)
                elif row.excepts:
                    report.bad_line(name, row.line, f"says what is not listed; write that into {CORRECTIONS}")
                else:
                    gathered.add(row, category, file, row.line)
                    count += 1
    except FormatError as error:
        mistakes.add(name, 0, 0, str(error))
    except OSError as error:
        mistakes.add(name, 0, 0, f"cannot be read: {error.strerror or error}")
    report.names[name] = count


def _read_corrections(path: Path, gathered: Gathered, report: Report, mistakes: Mistakes, today: date) -> list[date]:
    """Takes in the corrections in force and gives the days on which they end."""
    if not path.exists():
        return []
    name = f"{path.parent.name}/{path.name}"
    file, ends = gathered.add_file(name, path.parent.name), []
    for correction in load_corrections(path, name, gathered.categories, mistakes):
        if correction.until is not None and correction.until < today:
            report.ended.append(correction)
            continue
        report.corrections += 1
        ends += [correction.until] if correction.until else []
        gathered.correct(correction.listed, correction.added, correction.removed, file, correction.where.line)
    return ends
