"""The lists, built only when a file of theirs changed: an edit of a policy must not read three million names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hedgerow.stores.list_pointer import base_in_force
from hedgerow.stores.lists import Report, build

Signature = tuple[object, ...]


@dataclass(slots=True)
class KeptLists:
    """Remembers the last build of this process."""

    _signature: Signature = ()
    _index: Path = Path()
    _report: Report | None = None

    def build(self, folders: Sequence[Path], categories: Collection[str], out_dir: Path) -> tuple[Path, Report]:
        """As ``lists.build``, with its report. Raises PolicyError and OSError like it, and forgets nothing then."""
        base = base_in_force(out_dir)
        signature = (
            signed(folders),
            tuple(sorted(categories)),
            out_dir,
            base,
            date.today(),
        )  # corrections end with a day
        if self._report is None or signature != self._signature or not self._index.is_dir():
            report = Report()
            self._index, self._report = build(folders, categories, out_dir, report), report
            self._signature = signature
        return self._index, self._report


def signed(folders: Sequence[Path]) -> Signature:
    """What changes when any file of these folders does: name, time of change, size and inode of each."""
    files = sorted(path for folder in folders if folder.is_dir() for path in folder.iterdir())
    stats = ((path, path.stat()) for path in files if path.exists())
    return tuple((path, found.st_mtime_ns, found.st_size, found.st_ino) for path, found in stats)
