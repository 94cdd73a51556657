"""What became of every line of an installation: carried over, changed, or left behind, with both places."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from hedgerow.core.model import Where
from hedgerow.stores.formats import LineError
from hedgerow.stores.importing.names import NoListSaysIt


class Outcome(enum.StrEnum):
    """What became of one line."""

    CARRIED = "carried over"
    CHANGED = "changed"
    LEFT = "not carried over"


@dataclass(slots=True)
class Row:
    """Neighbouring lines of one file with the same fate. ``to`` is "" where they led nowhere."""

    outcome: Outcome
    file: str
    first: int
    last: int
    how: str = ""
    to: str = ""
    to_first: int = 0
    to_last: int = 0
    again: bool = False  # these lines were counted before: they stand in a second place, too

    def __len__(self) -> int:
        return self.last - self.first + 1

    @property
    def source(self) -> str:
        return f"{self.file}:{self.first}" + (f"-{self.last}" if self.last > self.first else "")

    @property
    def target(self) -> str:
        if not self.to:
            return ""
        return f"{self.to}:{self.to_first}" + (f"-{self.to_last}" if self.to_last > self.to_first else "")


@dataclass(slots=True)
class Report:
    """Fills while an installation is read and written. ``refused`` counts what would have led out of the folder."""

    source: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)  # files that no line of the configuration names
    groups: dict[str, str] = field(default_factory=dict)  # group -> what it became
    refused: int = 0
    unreadable: int = 0
    _open: dict[tuple[object, ...], Row] = field(default_factory=dict)
    _counted: dict[str, set[int]] = field(default_factory=dict)

    def carried(self, place: Where, to: Where, how: str = "") -> None:
        """The line means there what it meant here."""
        self._add(Outcome.CARRIED, place, how, to)

    def changed(self, place: Where, how: str, to: Where | None = None) -> None:
        """The line is there, but does not mean quite the same."""
        self._add(Outcome.CHANGED, place, how, to)

    def left(self, place: Where, why: str, to: Where | None = None) -> None:
        """The line has no place here."""
        self._add(Outcome.LEFT, place, why, to)

    def bad(self, place: Where, why: str) -> None:
        """A line that nobody can read; the other filter could not use it either."""
        self.unreadable += 1
        self.left(place, f"cannot be read: {why}")

    def unlisted(self, place: Where, error: LineError) -> None:
        """A line of a list that did not become a name."""
        if isinstance(error, NoListSaysIt):
            self.left(place, str(error))
        else:
            self.bad(place, str(error))

    def refuse(self, place: Where, why: str) -> None:
        """What is not opened at all: a link or an include that leads out, or round in a circle."""
        self.refused += 1
        self.left(place, f"refused: {why}")

    def note(self, text: str) -> None:
        """A difference that is about no single line. Said once."""
        if text not in self.notes:
            self.notes.append(text)

    def _add(self, outcome: Outcome, place: Where, how: str, to: Where | None) -> None:
        counted = self._counted.setdefault(place.file, set())
        again = place.line in counted
        counted.add(place.line)
        target = to.file if to else ""
        key = (outcome, place.file, how, target, again)
        row = self._open.get(key)
        if row and place.line == row.last + 1 and (to is None or to.line == row.to_last + 1):
            row.last, row.to_last = place.line, to.line if to else 0
            return
        line = to.line if to else 0
        self._open[key] = row = Row(outcome, place.file, place.line, place.line, how, target, line, line, again)
        self.rows.append(row)

    def counts(self, file: str = "") -> dict[str, int]:
        """Lines by what became of them; each line once, whatever it became in a second place."""
        found: Counter[Outcome] = Counter()
        for row in self.rows:
            if not row.again and file in ("", row.file):
                found[row.outcome] += len(row)
        return {str(outcome): found[outcome] for outcome in Outcome}

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.file for row in self.rows))

    def grouped(self, outcome: Outcome) -> Iterator[tuple[str, list[Row]]]:
        """The rows of one outcome by what is said about them, the commonest first."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            if row.outcome is outcome and not row.again:
                found.setdefault(row.how, []).append(row)
        yield from sorted(found.items(), key=lambda item: (-sum(map(len, item[1])), item[0]))

    def facts(self) -> dict[str, object]:
        """All of it, for programs."""
        return {
            "from": self.source,
            "counts": self.counts(),
            "files": {file: counts for file, counts in sorted(self._by_file().items())},
            "groups": self.groups,
            "notes": self.notes,
            "unused": self.unused,
            "refused": self.refused,
            "rows": [
                {"outcome": str(row.outcome), "from": row.source, "to": row.target, "how": row.how, "again": row.again}
                for row in self.rows
            ],
        }

    def _by_file(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for row in self.rows:
            if not row.again:
                counts = found.setdefault(row.file, {str(outcome): 0 for outcome in Outcome})
                counts[str(row.outcome)] += len(row)
        return found
