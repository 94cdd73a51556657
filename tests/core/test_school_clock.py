from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.model import Calendar
from hedgerow.core.school_clock import school_seconds

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOURS = {**{day: (time(7, 30), time(16, 30)) for day in range(4)}, 4: (time(7, 30), time(11, 30))}
CALENDAR = Calendar(
    "Asia/Ho_Chi_Minh", frozenset(range(5)), frozenset({date(2026, 11, 24)}), frozenset({date(2026, 11, 28)})
)
# Friday 20, Monday 23, Tuesday 24 (a holiday), Wednesday 25 November 2026


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    "since, until, hours",
    [
        ("23T10:00", "23T11:00", 1.0),
        ("23T07:00", "23T08:00", 0.5),  # lessons begin at half past seven
        ("23T16:00", "23T20:00", 0.5),
        ("20T11:00", "23T08:00", 1.0),  # half an hour on Friday, the same on Monday, no weekend
        ("23T16:00", "25T08:00", 1.0),  # Tuesday is a holiday
        ("21T10:00", "22T10:00", 0.0),
        ("28T08:00", "28T12:00", 0.0),  # an exam on a Saturday that has no hours
        ("16T00:00", "21T00:00", 4 * 9 + 4.0),
        ("23T11:00", "23T10:00", 0.0),  # the clock was set back
        ("23T10:00", "23T10:00", 0.0),
    ],
)
def test_only_lessons_count(since: str, until: str, hours: float) -> None:
    assert school_seconds(at(since), at(until), HOURS, CALENDAR) == hours * 3600
    assert school_seconds(at(since).astimezone(UTC), at(until), HOURS, CALENDAR) == hours * 3600


def test_an_hour_that_clocks_skip_is_no_lesson() -> None:
    zone = ZoneInfo("Europe/London")
    day, calendar = datetime(2026, 3, 29, 0, tzinfo=zone), Calendar("Europe/London", frozenset({6}))
    assert school_seconds(day, day.replace(hour=12), {6: (time(0, 30), time(3))}, calendar) == 1.5 * 3600


def test_what_lies_further_back_than_a_year_is_bounded() -> None:
    until = at("23T12:00")
    far, edge = until - timedelta(days=100_000), until - timedelta(days=500)
    assert school_seconds(far, until, HOURS, CALENDAR) == school_seconds(edge, until, HOURS, CALENDAR)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        school_seconds(datetime(2026, 11, 23), at("23T12:00"), HOURS, CALENDAR)


MOMENTS = st.datetimes(datetime(2026, 10, 1), datetime(2026, 12, 31), timezones=st.just(ZONE))


@given(st.tuples(MOMENTS, MOMENTS, MOMENTS).map(sorted))
def test_parts_add_up(moments: list[datetime]) -> None:
    first, second, third = moments
    whole = school_seconds(first, third, HOURS, CALENDAR)
    parts = school_seconds(first, second, HOURS, CALENDAR) + school_seconds(second, third, HOURS, CALENDAR)
    assert whole == pytest.approx(parts)
    assert 0 <= whole <= (third - first).total_seconds()
