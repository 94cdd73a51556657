"""How many reports are taken: enough for a class behind one address, too few to fill a desk with rubbish.

Asking for help is counted apart and far more freely, and no page is ever counted: the helplines are always shown.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW_SECONDS = 600.0
_PERSONS = 10_000


@dataclass(frozen=True, slots=True)
class Most:
    """At most so many in ten minutes: from one person, and in all."""

    person: int
    total: int


ORDINARY = Most(40, 400)
CARE = Most(60, 2000)


@dataclass(slots=True)
class Flood:
    """A sliding window per person and one for all. ``clock`` gives monotonic seconds."""

    most: Most
    clock: Callable[[], float] = field(default=time.monotonic)
    _all: deque[float] = field(default_factory=deque)
    _by_person: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def takes(self, person: str) -> str:
        """ "" when one more is taken and counted; else what is full: "rate" (this person's) or "flood" (all's)."""
        now = self.clock()
        own = self._by_person.setdefault(person, deque())
        self._by_person.move_to_end(person)
        while len(self._by_person) > _PERSONS:
            self._by_person.popitem(last=False)
        for window, most, full in ((own, self.most.person, "rate"), (self._all, self.most.total, "flood")):
            while window and now - window[0] > WINDOW_SECONDS:
                window.popleft()
            if len(window) >= most:
                return full
        own.append(now)
        self._all.append(now)
        return ""
