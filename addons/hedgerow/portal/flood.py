"""How many reports are taken: enough for a class behind one address, too few to fill a desk with rubbish.

Asking for help is counted apart and far more freely, and no page is ever counted: the helplines are always shown.
A line is an address, of IPv6 the /64: one device has as many addresses of it as it likes. As a whole class may share
that /64, an address that has asked for no help yet is heard also when its line is full, and a line that has asked for
none also when the whole school's window is. What that lets through is bounded by the store (``report_taking``).
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from hedgerow.stores.unlock_codes import line_of

WINDOW_SECONDS = 600.0
DAY_SECONDS = 86_400.0
_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Most:
    """At most so many in ten minutes: from one line, and in all; ``day``: from one line in 24 hours, 0 is no limit.

    ``first``: whoever has sent none is heard all the same.
    """

    line: int
    total: int
    day: int = 0
    first: bool = False


ORDINARY = Most(40, 400)
CARE = Most(60, 2000, day=500, first=True)


@dataclass(slots=True)
class _Sent:
    """What one line or address sent: the moments of the last ten minutes, and the number of the day that began then."""

    recent: deque[float] = field(default_factory=deque)
    began: float = float("-inf")
    today: int = 0

    def pass_on(self, now: float) -> None:
        """Forgets what is over."""
        while self.recent and now - self.recent[0] > WINDOW_SECONDS:
            self.recent.popleft()
        if now - self.began > DAY_SECONDS:
            self.began, self.today = now, 0


@dataclass(slots=True)
class Flood:
    """A sliding window per line and one for all. ``clock`` gives monotonic seconds."""

    most: Most
    clock: Callable[[], float] = field(default=time.monotonic)
    _all: deque[float] = field(default_factory=deque)
    _lines: OrderedDict[str, _Sent] = field(default_factory=OrderedDict)
    _addresses: OrderedDict[str, _Sent] = field(default_factory=OrderedDict)

    def takes(self, key: str) -> str:
        """ "" when one more is taken and counted; else what is full.

        That is "rate" (this line's), "day" (this line's of 24 hours) or "flood" (all's). ``key``: an address.
        """
        now = self.clock()
        line, address = _of(self._lines, line_of(key), now), _of(self._addresses, key, now)
        while self._all and now - self._all[0] > WINDOW_SECONDS:
            self._all.popleft()
        if full := self._full(line, address):
            return full
        if len(line.recent) < self.most.line and len(self._all) < self.most.total:
            self._all.append(now)  # one line's many addresses do not use up what is for all
        for sent in (line, address):
            sent.recent.append(now)
            sent.today += 1
        return ""

    def _full(self, line: _Sent, address: _Sent) -> str:
        if self.most.day and line.today >= self.most.day and not (self.most.first and not address.today):
            return "day"
        if len(line.recent) >= self.most.line:
            return "" if self.most.first and not address.recent else "rate"
        if len(self._all) >= self.most.total:
            return "" if self.most.first and not line.recent else "flood"
        return ""


def _of(known: OrderedDict[str, _Sent], name: str, now: float) -> _Sent:
    """What this one sent; of those that were silent longest nothing is known any more."""
    sent = known.setdefault(name, _Sent())
    known.move_to_end(name)
    while len(known) > _LINES:
        known.popitem(last=False)
    sent.pass_on(now)
    return sent
