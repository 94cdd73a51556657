"""From when to when a grant holds, by two clocks: whichever says first that it is over, is right.

The wall clock may be set back or forward, by a person, by NTP, by an empty battery; the boot clock only runs. A span
carries both. Setting the wall clock back makes the span lie in the future, and it does not hold; setting it forward
ends it; after a restart of the machine the boot clock has begun anew, and the wall clock alone decides.

That is right for what opens. What closes (an exam) would be ended by whoever sets the wall clock: for it the boot clock
alone decides while the machine runs (``last``).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_SLACK = 1.0
"""Seconds a clock may step back (NTP) without ending what has just begun."""


def boot_id() -> str:
    """Which boot of this machine it is (proc(5)): a boot clock only compares within one boot."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds of the wall clock (Unix time) and of the boot clock; ``boot`` names the boot."""

    wall_start: float
    wall_end: float
    boot_start: float
    boot_end: float
    boot: str


@dataclass(frozen=True, slots=True)
class Clocks:
    """The two clocks of this machine."""

    wall: Callable[[], float] = time.time
    up: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME)
    boot: str = ""

    @classmethod
    def here(cls) -> Clocks:
        return cls(boot=boot_id())

    def span(self, seconds: float) -> Span:
        """From now, for so many seconds."""
        wall, up = self.wall(), self.up()
        return Span(wall, wall + seconds, up, up + seconds, self.boot)

    def hold(self, span: Span) -> bool:
        """True while neither clock says it is over, or not begun."""
        if not span.wall_start - _SLACK <= self.wall() < span.wall_end:
            return False
        return span.boot != self.boot or self._runs(span)

    def last(self, span: Span) -> bool:
        """Of what closes: true until the boot clock says it is over; after a restart, while the wall clock holds it."""
        return self._runs(span) if span.boot == self.boot else self.hold(span)

    def _runs(self, span: Span) -> bool:
        return span.boot_start - _SLACK <= self.up() < span.boot_end
