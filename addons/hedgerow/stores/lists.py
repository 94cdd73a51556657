"""Hand-written lists and corrections to the index, above whatever downloaded lists are in force.

    report = Report()
    folder = build([blocklists / "seed", blocklists / "local"], table.ids, state / "index", report)
    index = open_index(folder)

Folders hold files called ``<category>.<format>``. A bad line never stops a list: it is counted and sampled with file
and line. A file named after no category, and any mistake in ``corrections.yaml``, is an operator's mistake:
PolicyError, and the index in force stays. Downloaded lists are built apart (``stores.list_base``), for they are large.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hedgerow.core.model import Where
from hedgerow.core.trust import OWN_WORD, SEED
from hedgerow.stores.corrections import CORRECTIONS, Correction, load_corrections
from hedgerow.stores.errors import Mistakes, PolicyError
from hedgerow.stores.formats import SUFFIXES, FormatError, Scope, Skipped, parts
from hedgerow.stores.index_build import Gathered, ListFile
from hedgerow.stores.index_files import IndexFault, kept_open_names
from hedgerow.stores.index_layers import AnyIndex, open_index
from hedgerow.stores.index_seen import newest_own
from hedgerow.stores.index_suffixes import without_www
from hedgerow.stores.index_write import write_index
from hedgerow.stores.list_pointer import base_in_force
from hedgerow.stores.yamlnodes import legal

__all__ = ["AnyIndex", "IndexFault", "PolicyError", "Report", "build", "open_index"]

SEEDS = "seed"
"""The folder of the shipped lists."""

_SAMPLES = 5  # bad lines shown of each list


@dataclass(slots=True)
class Report:
    """What a build read: names a list, bad lines counted and sampled, corrections that have ended."""

    names: dict[str, int] = field(default_factory=dict)
    bad: dict[str, int] = field(default_factory=dict)
    unusable: dict[str, int] = field(default_factory=dict)  # correct lines that say nothing to a filter of names
    samples: list[tuple[Where, str]] = field(default_factory=list)
    corrections: int = 0
    ended: list[Correction] = field(default_factory=list)
    unmapped: dict[tuple[str, str], int] = field(default_factory=dict)  # (source, its category): names left out
    failed: dict[str, str] = field(default_factory=dict)  # (sources that could not be read, why)

    def skipped(self, file: str, row: Skipped) -> None:
        """Count a line that was passed over; the first few bad ones of a file are shown."""
        if row.unusable:
            self.unusable[file] = self.unusable.get(file, 0) + 1
            return
        count = self.bad[file] = self.bad.get(file, 0) + 1
        if count <= _SAMPLES:
            self.samples.append((Where(file, row.line), row.reason))

    def as_told(self) -> dict[str, object]:
        """What is kept with an index of downloaded lists, so that the next look need not read them again."""
        return {
            "names": self.names,
            "bad": self.bad,
            "unusable": self.unusable,
            "samples": [[where.file, where.line, message] for where, message in self.samples],
            "unmapped": [[*pair, count] for pair, count in sorted(self.unmapped.items())],
            "failed": self.failed,
        }

    def recall(self, told: Mapping[str, Any]) -> None:
        """Take over what ``as_told`` gave."""
        self.names, self.bad, self.unusable = (dict(told.get(key, {})) for key in ("names", "bad", "unusable"))
        self.samples = [(Where(file, line), message) for file, line, message in told.get("samples", ())]
        self.unmapped = {(source, theirs): count for source, theirs, count in told.get("unmapped", ())}
        self.failed = dict(told.get("failed", {}))

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
    base = base_in_force(out_dir)
    if base:
        _keep_open(out_dir / base, gathered)
    before = newest_own(out_dir)
    return write_index(gathered, out_dir, min(until, default=None), base=base, before=before, today=today)


def _list_files(folder: Path) -> list[Path]:
    """Files whose suffix names a format; READMEs, backups and hidden files are no lists."""
    files = folder.iterdir() if folder.is_dir() else ()
    return sorted(p for p in files if p.suffix.removeprefix(".") in SUFFIXES and not p.name.startswith("."))


def _read_list(path: Path, gathered: Gathered, report: Report, mistakes: Mistakes) -> None:
    name, category = f"{path.parent.name}/{path.name}", path.stem
    if category not in gathered.categories:
        mistakes.add(name, 0, 0, legal("category", category, gathered.categories))
        return
    if path.is_dir():
        mistakes.add(name, 0, 0, "cannot be read: it is a folder, and a list is one file")
        return
    report.names[name] = 0
    own = path.parent.name != SEEDS
    file = gathered.add_file(ListFile(name, path.parent.name, trust=OWN_WORD if own else SEED))
    bits = (gathered.bits[category],)
    try:
        for part in parts(path, SUFFIXES[path.suffix.removeprefix(".")]):
            for row in part.rows():
                if isinstance(row, Skipped):
                    report.skipped(name, row)
                elif row.excepts:
                    gathered.take_out(row.host, row.path, bits, file, row.line)
                else:
                    host = without_www(row.host) if row.scope is Scope.USUAL else row.host
                    gathered.add(host, row.path, row.scope, bits, file, row.line, row.important)
                    report.names[name] += 1
    except FormatError as error:
        mistakes.add(name, 0, 0, str(error))
    except OSError as error:
        mistakes.add(name, 0, 0, f"cannot be read: {error.strerror or error}")


def _keep_open(base: Path, gathered: Gathered) -> None:
    """What a seed says of a platform is not meant for the school's page on it that evidence names."""
    file = gathered.add_file(ListFile("evidence", "evidence"))
    for name in kept_open_names(base):
        gathered.keep_open_below(name, file)


def _read_corrections(path: Path, gathered: Gathered, report: Report, mistakes: Mistakes, today: date) -> list[date]:
    """Takes in the corrections in force and gives the days on which they end."""
    if not path.exists():
        return []
    name = f"{path.parent.name}/{path.name}"
    file, ends = gathered.add_file(ListFile(name, path.parent.name)), []
    for correction in load_corrections(path, name, gathered.categories, mistakes):
        if correction.until is not None and correction.until < today:
            report.ended.append(correction)
            continue
        report.corrections += 1
        ends += [correction.until] if correction.until else []
        gathered.correct(correction.listed, correction.added, correction.removed, file, correction.where.line)
    return ends
