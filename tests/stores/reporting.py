"""A reports' store with a clock that tests set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hedgerow.stores.reports import ReportStore

BOOTED = 1_700_000_000.0


@dataclass
class Clock:
    """Unix seconds, and seconds since the machine began."""

    at: float = 1_800_000_000.0
    booted: float = BOOTED

    def __call__(self) -> float:
        return self.at

    def up(self) -> float:
        return self.at - self.booted

    def set_to(self, at: float) -> None:
        """As somebody sets a clock: the machine runs on."""
        self.booted, self.at = self.booted + at - self.at, at


def opened(folder: Path, clock: Clock) -> Iterator[ReportStore]:
    """For a fixture: the store, closed behind it."""
    made = ReportStore(folder / "reports.sqlite", clock, up=clock.up)
    yield made
    made.close_file()
