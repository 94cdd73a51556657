from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.stores.importing.times import DAY_END, Week, e2guardian_time, squidguard_weekly

SPANS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, DAY_END), st.integers(0, DAY_END)), max_size=6)


def minutes(week: Week) -> set[tuple[int, int]]:
    return {(day, minute) for day, start, end in week.spans for minute in range(start, end)}


@given(SPANS, SPANS)
def test_weeks_are_sets_of_minutes(one: list[tuple[int, int, int]], other: list[tuple[int, int, int]]) -> None:
    a, b = Week.of(one), Week.of(other)
    whole = {(day, minute) for day in range(7) for minute in range(DAY_END)}
    assert minutes(a.outside()) == whole - minutes(a)
    assert minutes(a.both(b)) == minutes(a) & minutes(b)
    assert minutes(a.joined(b)) == minutes(a) | minutes(b)
    assert a.always is (minutes(a) == whole)


@pytest.mark.parametrize("text, windows", [
    ("9 0 17 0 01", {"mon-tue-0900-1700": '{days: [mon, tue], from: "09:00", to: "17:00"}'}),
    ("0 0 24 0 0123456", {"daily-0000-2400": '{days: all, from: "00:00", to: "24:00"}'}),
    ("17 0 9 0 5", {}),  # ends before it begins: e2guardian never opens it
])  # fmt: skip
def test_e2guardians_times(text: str, windows: dict[str, str]) -> None:
    week = e2guardian_time(text)
    assert week is not None and dict(week.windows()) == windows


@pytest.mark.parametrize("text", ["", "9 0 17 0", "9 0 17 0 7", "25 0 26 0 1", "9 60 17 0 1", "nine to five"])
def test_no_time_of_e2guardian(text: str) -> None:
    assert e2guardian_time(text) is None


@pytest.mark.parametrize("text, spans", [
    ("mtwhf 08:00 - 16:30", {(day, 480, 990) for day in range(5)}),
    ("mtwhf 08:00-12:00 13:00-16:00", {(d, *hours) for d in range(5) for hours in ((480, 720), (780, 960))}),
    ("* 22:00-24:00", {(day, 1320, 1440) for day in range(7)}),
    ("s 10:00-11:00", {(6, 600, 660)}),  # s is Sunday, a is Saturday
    ("a 10:00-11:00", {(5, 600, 660)}),
    ("mon,wed 10:00-11:00", {(0, 600, 660), (2, 600, 660)}),
    ("fridays 10:00-11:00", {(4, 600, 660)}),
    ("sat", {(5, 0, 1440)}),
])  # fmt: skip
def test_squidguards_weeks(text: str, spans: set[tuple[int, int, int]]) -> None:
    week = squidguard_weekly(text.split())
    assert week is not None and set(week.spans) == spans


@pytest.mark.parametrize(
    "text", ["", "08:00-16:00", "xyz 08:00-16:00", "mtw 08:00", "mtw 08:00-25:00", "mtw 08:70-09:00"]
)
def test_no_week_of_squidguard(text: str) -> None:
    assert squidguard_weekly(text.split()) is None


@given(st.text())
def test_anything_may_stand_there(text: str) -> None:
    e2guardian_time(text)
    squidguard_weekly(text.split())
