"""How much school has gone by between two moments: the clock by which a report waits. Pure.

A report of Friday afternoon is not three days late on Monday morning, and an hour before the holidays is an hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from hedgerow.core.model import Calendar
from hedgerow.core.schedule import is_school_day

_DAY = timedelta(days=1)
LONGEST_DAYS = 400
"""Further back is not counted: retention has deleted it, or the clock is wrong."""


def school_seconds(
    since: datetime, until: datetime, hours: Mapping[int, tuple[time, time]], calendar: Calendar
) -> float:
    """Seconds of lessons from ``since`` to ``until``; 0 when ``until`` is not later.

    ``hours``: weekday (0 = Monday) -> begin and end by the school's clocks, the zone of ``until``. An exam day on a
    weekday without hours has none. Raises ValueError when a moment has no time zone.
    """
    if since.tzinfo is None or until.tzinfo is None:
        raise ValueError("a moment without a time zone")
    zone = until.tzinfo
    day = max(since.astimezone(zone).date(), until.date() - LONGEST_DAYS * _DAY)
    total = 0.0
    while day <= until.date():
        if day.weekday() in hours and is_school_day(day, calendar):
            begin, end = (datetime.combine(day, clock, zone).astimezone(UTC) for clock in hours[day.weekday()])
            total += max(0.0, (min(end, until.astimezone(UTC)) - max(begin, since.astimezone(UTC))).total_seconds())
        day += _DAY
    return total
