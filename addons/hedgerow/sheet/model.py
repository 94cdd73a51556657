"""The sheet's rows, and what was gathered for a month. Pure values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

ROWS: Mapping[str, tuple[str, ...]] = {
    "help": ("helplines", "helplines-reached", "page", "certificate"),
    "illegal": ("floor",),
    "age": ("categories", "networks"),
    "circumvention": ("bypass", "doh"),
    "control": (),
    "context": ("words",),
    "identification": ("networks",),
    "reports": ("portal",),
    "safe-search": ("safe-search",),
    "alerts": (),
    "retention": (),
    "multi-site": (),
    "technical-limits": (),
}
"""Row -> checks of the self-test that speak for it; a row without is stated, not tested."""

FACTS: Mapping[str, tuple[str, ...]] = {
    "illegal": ("member",),
    "control": ("record",),
    "identification": ("networks",),
    "reports": ("recipients", "reports"),
    "alerts": ("alerts",),
    "retention": ("retention",),
    "multi-site": ("policies",),
    "technical-limits": ("unread",),
}
"""Row -> facts that stand beside its result."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A question that was answered otherwise."""

    at: datetime
    check: str
    band: str
    what: str


@dataclass(frozen=True, slots=True)
class Month:
    """All that the sheet says. Times are in the school's zone, spans in seconds."""

    school: str
    month: str  # "2026-11"
    made: datetime
    version: str
    over: bool  # False: the month is not over
    runs: int = 0
    days: int = 0  # on which it ran
    all_days: int = 0
    last: datetime | None = None
    pause: float = 0.0  # the longest time without a run
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # check -> (passed, asked)
    faults: Sequence[Fault] = ()
    more_faults: int = 0
    facts: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    unasked: Mapping[str, int] = field(default_factory=dict)  # check -> what could not be asked

    @property
    def asked(self) -> int:
        return sum(asked for _, asked in self.counts.values())

    @property
    def wrong(self) -> int:
        return sum(asked - passed for passed, asked in self.counts.values())

    def row(self, name: str) -> tuple[int, int]:
        """Passed and asked of all checks that speak for a row."""
        pairs = [self.counts.get(check, (0, 0)) for check in ROWS[name]]
        return sum(passed for passed, _ in pairs), sum(asked for _, asked in pairs)

    def not_asked(self, name: str) -> int:
        """Of all checks that speak for a row: what passed unopened, so that nothing in it could be asked."""
        return sum(self.unasked.get(check, 0) for check in ROWS[name])

    def result(self, name: str) -> str:
        """``fine``, ``wrong``, ``none`` (not tested this month) or ``stated``."""
        passed, asked = self.row(name)
        if not ROWS[name]:
            return "stated"
        return "none" if not asked else "fine" if passed == asked else "wrong"
