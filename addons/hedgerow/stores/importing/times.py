"""Weekly times of other filters as windows of ours: sets of spans of a week that can be cut and turned round."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_END = 24 * 60
_E2 = re.compile(r"(\d{1,2})\s+(\d{1,2})\s+(\d{1,2})\s+(\d{1,2})\s+([0-6]{1,7})\s*")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_SQUID_LETTERS = {"m": 0, "t": 1, "w": 2, "h": 3, "f": 4, "a": 5, "s": 6}

type Span = tuple[int, int, int]  # day (0 = Monday), first minute, minute after the last


@dataclass(frozen=True, slots=True)
class Week:
    """Times of the week, as disjoint spans in order."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Week:
        """Spans as they come: overlapping ones become one, empty ones vanish."""
        merged: list[Span] = []
        for day, start, end in sorted(span for span in spans if span[1] < span[2]):
            if merged and merged[-1][0] == day and start <= merged[-1][2]:
                merged[-1] = (day, merged[-1][1], max(end, merged[-1][2]))
            else:
                merged.append((day, start, end))
        return cls(tuple(merged))

    def outside(self) -> Week:
        """The rest of the week."""
        spans: list[Span] = []
        for day in range(7):
            at = 0
            for _, start, end in (span for span in self.spans if span[0] == day):
                spans.append((day, at, start))
                at = end
            spans.append((day, at, DAY_END))
        return Week.of(spans)

    def both(self, other: Week) -> Week:
        """The times that stand in both."""
        return Week.of(
            (day, max(start, first), min(end, last))
            for day, start, end in self.spans
            for other_day, first, last in other.spans
            if day == other_day
        )

    def joined(self, other: Week) -> Week:
        """The times that stand in either."""
        return Week.of((*self.spans, *other.spans))

    @property
    def always(self) -> bool:
        return not self.outside().spans

    def windows(self) -> tuple[tuple[str, str], ...]:
        """(name, what stands behind it in ``windows:``), one for each pair of hours; the name says both."""
        hours: dict[tuple[int, int], list[int]] = {}
        for day, start, end in self.spans:
            hours.setdefault((start, end), []).append(day)
        return tuple(_window(days, *times) for times, days in sorted(hours.items()))


def _window(days: list[int], start: int, end: int) -> tuple[str, str]:
    names = [DAYS[day] for day in days]
    told = "daily" if len(days) == 7 else "-".join(names)
    listed = "all" if len(days) == 7 else f"[{', '.join(names)}]"
    name = f"{told}-{start // 60:02}{start % 60:02}-{end // 60:02}{end % 60:02}"
    return name, f'{{days: {listed}, from: "{_clock(start)}", to: "{_clock(end)}"}}'


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def e2guardian_time(text: str) -> Week | None:
    """``9 0 17 0 01234``: first hour and minute, last hour and minute, days from 0 = Monday. None for anything else."""
    if not (found := _E2.fullmatch(text.strip())):
        return None
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if max(start, end) > DAY_END or int(found[2]) > 59 or int(found[4]) > 59:
        return None
    return Week.of((int(day), start, end) for day in found[5])


def squidguard_weekly(words: list[str]) -> Week | None:
    """``mtwhf 08:00 - 16:30``, ``* 08:00-12:00 13:00-17:00``, ``fridays 10:00-11:00``. None for anything else."""
    days: set[int] = set()
    text = " ".join(words)
    clocks = [_minute(found) for found in _CLOCK.finditer(text)]
    named = _CLOCK.split(text)[0].replace("-", " ").replace(",", " ").split()
    for word in named:
        if (found := _squid_days(word)) is None:
            return None
        days |= found
    if not days or len(clocks) % 2 or any(minute is None for minute in clocks):
        return None
    pairs = list(zip(clocks[::2], clocks[1::2], strict=True)) or [(0, DAY_END)]
    return Week.of((day, start or 0, end or 0) for day in days for start, end in pairs)


def _minute(found: re.Match[str]) -> int | None:
    minute = int(found[1]) * 60 + int(found[2])
    return minute if minute <= DAY_END and int(found[2]) < 60 else None


def _squid_days(word: str) -> set[int] | None:
    """Days by name (``monday``, ``mondays``, ``mon``) or by squidGuard's letters, where s is Sunday and a Saturday."""
    word = word.lower()
    if word in ("*", "all"):
        return set(range(7))
    if len(word) >= 3 and word[:3] in DAYS and word.rstrip("s") in (f"{word[:3]}", *_LONG):
        return {DAYS.index(word[:3])}
    if set(word) <= set(_SQUID_LETTERS):
        return {_SQUID_LETTERS[letter] for letter in word}
    return None


_LONG = ("monday", "tuesday", "tue", "wednesday", "wedne", "thursday", "thur", "friday", "saturday", "sunday")
