"""Windows: ordinary days, nights, holidays, exam days, and the two days a year on which the clocks lie."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.model import Calendar, Window
from hedgerow.core.schedule import HORIZON_DAYS, counts, is_open, is_school_day, next_change, next_open

BERLIN = ZoneInfo("Europe/Berlin")  # 2026: spring 29 March 02:00 -> 03:00, autumn 25 October 03:00 -> 02:00
BEIRUT = ZoneInfo("Asia/Beirut")  # spring 2026: 29 March 00:00 -> 01:00: the day begins at 01:00
HO_CHI_MINH = ZoneInfo("Asia/Ho_Chi_Minh")
WEEK = frozenset({0, 1, 2, 3, 4})
ALL = frozenset(range(7))
CALENDAR = Calendar(
    "Asia/Ho_Chi_Minh",
    holidays=frozenset({date(2026, 11, 20)}),  # a Friday
    exam_days=frozenset({date(2026, 11, 28)}),  # a Saturday
)


def window(start: str, end: str, days: frozenset[int] = ALL, on: str = "any") -> Window:
    return Window("w", days, time.fromisoformat(start), time.fromisoformat(end), on)


def at(text: str, zone: ZoneInfo = HO_CHI_MINH, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


LUNCH = window("11:30", "13:30", WEEK, "school-days")
NIGHT = window("22:00", "06:00", frozenset({4}))  # Friday night


@pytest.mark.parametrize(
    "rule, moment, expected",
    [
        (LUNCH, "2026-11-23T11:29:59", False),
        (LUNCH, "2026-11-23T11:30", True),
        (LUNCH, "2026-11-23T13:29:59.999999", True),
        (LUNCH, "2026-11-23T13:30", False),  # the end is no longer in
        (LUNCH, "2026-11-22T12:00", False),  # Sunday
        (LUNCH, "2026-11-20T12:00", False),  # a holiday
        (LUNCH, "2026-11-28T12:00", False),  # exam Saturday, but the window is not for Saturdays
        (window("11:30", "13:30", ALL, "school-days"), "2026-11-28T12:00", True),  # exam days are school days
        (NIGHT, "2026-11-27T21:59", False),
        (NIGHT, "2026-11-27T22:00", True),
        (NIGHT, "2026-11-28T05:59", True),  # Saturday morning belongs to Friday's window
        (NIGHT, "2026-11-28T06:00", False),
        (NIGHT, "2026-11-27T05:00", False),  # Friday morning would be Thursday's
        (NIGHT, "2026-11-28T22:30", False),
        (window("22:00", "06:00", WEEK, "school-days"), "2026-11-20T23:00", False),  # begins on a holiday
        (window("22:00", "06:00", WEEK, "school-days"), "2026-11-20T05:00", True),  # began the day before it
        (window("00:00", "00:00"), "2026-11-23T00:00", True),  # the whole day
        (window("00:00", "00:00", frozenset({0})), "2026-11-24T00:00", False),
        (window("08:00", "00:00", frozenset({0})), "2026-11-23T23:59", True),
        (window("08:00", "00:00", frozenset({0})), "2026-11-24T00:00", False),
        (window("08:00", "16:00", ALL, "holidays"), "2026-11-20T12:00", True),
        (window("08:00", "16:00", ALL, "holidays"), "2026-11-23T12:00", False),
        (window("08:00", "16:00", ALL, "exam-days"), "2026-11-28T12:00", True),
        (window("08:00", "16:00", frozenset()), "2026-11-23T12:00", False),
    ],
)
def test_is_open(rule: Window, moment: str, expected: bool) -> None:
    assert is_open(rule, at(moment), CALENDAR) is expected


@pytest.mark.parametrize(
    "rule, now, expected",
    [
        (LUNCH, at("2026-11-23T08:00"), at("2026-11-23T11:30")),
        (LUNCH, at("2026-11-23T11:30"), at("2026-11-23T13:30")),
        (LUNCH, at("2026-11-19T14:00"), at("2026-11-23T11:30")),  # over a holiday and a weekend
        (NIGHT, at("2026-11-23T12:00"), at("2026-11-27T22:00")),
        (NIGHT, at("2026-11-28T01:00"), at("2026-11-28T06:00")),
        (window("00:00", "00:00"), at("2026-11-23T12:00"), None),  # never closes
        (window("08:00", "16:00", frozenset()), at("2026-11-23T12:00"), None),  # never opens
        (window("08:00", "16:00", ALL, "exam-days"), at("2026-11-29T12:00"), None),  # no exam is left
        # the clocks jump from 02:00 to 03:00: what begins in between opens at once
        (window("02:30", "05:00"), at("2026-03-29T01:00", BERLIN), at("2026-03-29T03:00", BERLIN)),
        (window("01:00", "02:30"), at("2026-03-29T01:30", BERLIN), at("2026-03-29T03:00", BERLIN)),
        # a window wholly inside the skipped hour is skipped with it
        (window("02:10", "02:50"), at("2026-03-29T01:00", BERLIN), at("2026-03-30T02:10", BERLIN)),
        # 02:00 to 03:00 comes twice: closed at 02:30, open again when the clocks go back
        (window("01:00", "02:30"), at("2026-10-25T01:30", BERLIN), at("2026-10-25T02:30", BERLIN)),
        (window("01:00", "02:30"), at("2026-10-25T02:40", BERLIN), at("2026-10-25T02:00", BERLIN, 1)),
        (window("01:00", "02:30"), at("2026-10-25T02:10", BERLIN, 1), at("2026-10-25T02:30", BERLIN, 1)),
        (window("02:30", "06:00"), at("2026-10-25T02:40", BERLIN), at("2026-10-25T02:00", BERLIN, 1)),
        # a day without a midnight
        (window("00:00", "08:00", frozenset({6})), at("2026-03-28T22:00", BEIRUT), at("2026-03-29T01:00", BEIRUT)),
    ],
)
def test_next_change(rule: Window, now: datetime, expected: datetime | None) -> None:
    found = next_change(rule, now, CALENDAR)
    assert (found and found.astimezone(UTC)) == (expected and expected.astimezone(UTC))
    assert found is None or found.tzinfo is now.tzinfo


def test_next_open() -> None:
    noon, evening = at("2026-11-23T12:00"), at("2026-11-23T20:00")
    assert next_open(LUNCH, noon, CALENDAR) == noon
    assert next_open(LUNCH, evening, CALENDAR) == at("2026-11-24T11:30")


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        is_open(LUNCH, datetime(2026, 11, 23, 12), CALENDAR)


def test_school_days() -> None:
    assert is_school_day(date(2026, 11, 23), CALENDAR)
    assert not is_school_day(date(2026, 11, 20), CALENDAR)
    assert is_school_day(date(2026, 11, 28), CALENDAR)
    assert not is_school_day(date(2026, 11, 29), CALENDAR)
    assert not counts(window("08:00", "16:00", frozenset({1})), date(2026, 11, 23), CALENDAR)


CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
WINDOWS = st.builds(
    Window,
    st.just("w"),
    st.frozensets(st.integers(0, 6)),
    CLOCKS,
    CLOCKS,
    st.sampled_from(("any", "school-days", "holidays", "exam-days")),
)
ZONES = st.sampled_from((BERLIN, BEIRUT, HO_CHI_MINH, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Havana")))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31))
DATES = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5)
CALENDARS = st.builds(Calendar, st.just("x"), st.frozensets(st.integers(0, 6)), DATES, DATES)


@settings(max_examples=150, deadline=None)
@given(WINDOWS, MOMENTS, ZONES, CALENDARS)
def test_nothing_changes_before_the_next_change(
    rule: Window, utc: datetime, zone: ZoneInfo, calendar: Calendar
) -> None:
    now = utc.replace(tzinfo=UTC).astimezone(zone)
    state, change = is_open(rule, now, calendar), next_change(rule, now, calendar)
    end = (change or now + timedelta(days=HORIZON_DAYS - 2)).astimezone(UTC)
    moment = now.astimezone(UTC)
    step = max(timedelta(minutes=15), (end - moment) / 300)
    while moment < end:
        assert is_open(rule, moment.astimezone(zone), calendar) is state
        moment += step
    if change is not None:
        assert is_open(rule, change, calendar) is not state
        just_before = end - timedelta(microseconds=1)
        assert just_before < now.astimezone(UTC) or is_open(rule, just_before.astimezone(zone), calendar) is state
