"""Is a weekly window open at this moment, and when does that change? Pure: the caller brings the clock and the zone.

``now`` is aware and stands in the school's own zone (``zoneinfo``). Windows are wall-clock times, so the clocks
decide: in the hour that spring skips, a window that begins inside it opens when the clocks have jumped; in the hour
that autumn repeats, a window inside it is open both times (PEP 495: ``fold`` plays no part in what a clock shows).
A window that runs over midnight belongs to the day it begins on: Friday 22:00-06:00 ends on Saturday morning, and
stays open there even when Saturday is a holiday.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from hedgerow.core.model import Calendar, Window

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
HORIZON_DAYS = 400
"""How far ahead a change is looked for: over every summer, and over a year of exam days."""


def is_open(window: Window, now: datetime, calendar: Calendar) -> bool:
    """True from the window's start to just before its end. Raises ValueError when ``now`` is naive."""
    today, clock = _local(now)
    if window.start < window.end:
        return window.start <= clock < window.end and counts(window, today, calendar)
    if clock >= window.start and counts(window, today, calendar):
        return True
    return clock < window.end and counts(window, today - _DAY, calendar)


def counts(window: Window, day: date, calendar: Calendar) -> bool:
    """True when the window begins on this day: its weekday, and the kind of day it asks for."""
    if day.weekday() not in window.days:
        return False
    match window.on:
        case "school-days":
            return is_school_day(day, calendar)
        case "holidays":
            return day in calendar.holidays
        case "exam-days":
            return day in calendar.exam_days
        case _:
            return True


def is_school_day(day: date, calendar: Calendar) -> bool:
    """A weekday of the school's week that is no holiday. Exam days are school days, even on a free weekday."""
    if day in calendar.holidays:
        return False
    return day.weekday() in calendar.school_days or day in calendar.exam_days


def next_change(window: Window, now: datetime, calendar: Calendar) -> datetime | None:
    """The next moment at which ``is_open`` differs from now, in the zone of ``now``; None within HORIZON_DAYS.

    Raises ValueError when ``now`` is naive.
    """
    open_now = is_open(window, now, calendar)
    for moment in _edges(window, now, calendar):
        if is_open(window, moment, calendar) is not open_now:
            return moment
    return None


def next_open(window: Window, now: datetime, calendar: Calendar) -> datetime | None:
    """Now when the window is open, else when it opens; None within HORIZON_DAYS. Raises ValueError as ``is_open``."""
    return now if is_open(window, now, calendar) else next_change(window, now, calendar)


def _edges(window: Window, now: datetime, calendar: Calendar) -> Iterator[datetime]:
    """Every moment after now at which this window may change, in the order of real time."""
    today, _ = _local(now)
    for distance in range(HORIZON_DAYS):
        day = today + distance * _DAY
        for moment in sorted(_edges_of(window, day, now.tzinfo, calendar)):
            if moment > now.astimezone(UTC):
                yield moment.astimezone(now.tzinfo)


def _edges_of(window: Window, day: date, zone: tzinfo | None, calendar: Calendar) -> list[datetime]:
    """The start and the end that fall on this day, and the moment its clocks are changed, all in UTC."""
    begins = counts(window, day, calendar)
    ends = begins if window.start < window.end else counts(window, day - _DAY, calendar)
    if not begins and not ends:
        return []
    starts = _instants(day, window.start, zone) if begins else []
    return starts + (_instants(day, window.end, zone) if ends else []) + _jumps(day, zone)


def _instants(day: date, clock: time, zone: tzinfo | None) -> list[datetime]:
    """When clocks show this time: twice in an hour that repeats, never in one that is skipped."""
    local = datetime.combine(day, clock, zone)
    both = {local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    return [moment for moment in both if moment.astimezone(zone).time() == clock]


def _jumps(day: date, zone: tzinfo | None) -> list[datetime]:
    """The instant at which this day's clocks jump, to the second; empty on nearly every day."""
    low = datetime.combine(day, time(), zone).astimezone(UTC) - _SECOND  # the jump may be midnight itself
    high = datetime.combine(day + _DAY, time(), zone).replace(fold=1).astimezone(UTC)
    before = low.astimezone(zone).utcoffset()
    if high.astimezone(zone).utcoffset() == before:
        return []
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return [high]


def _local(now: datetime) -> tuple[date, time]:
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return now.date(), now.time()
