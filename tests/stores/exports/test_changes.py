"""Until when a file is right."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from hedgerow.core.model import Action, Band, Rule
from hedgerow.stores.exports.changes import right_until
from tests.core.house import TIMEZONE, band, policy, rule, site

A = Action
AT_LUNCH = (("lunch", A.ALLOW),)


def limited(**more: object) -> Rule:
    return rule("category:music", A.LIMIT, times=AT_LUNCH, **more)


def shelf(one: Rule | Action, lenient: bool = False) -> Band:
    return band("b", {"music": one}, lenient=lenient)


@pytest.mark.parametrize(
    ("shelf", "now", "until"),
    [
        (shelf(A.BLOCK), "2026-11-23 09:00", None),
        (shelf(limited()), "2026-11-23 09:00", "2026-11-23 11:30"),
        (shelf(limited()), "2026-11-23 11:30", "2026-11-23 13:30"),
        (shelf(limited()), "2026-11-27 14:00", "2026-11-30 11:30"),  # over the weekend
        (shelf(limited(), lenient=True), "2026-11-23 09:00", None),  # open at all hours where no page can be shown
        (shelf(rule("category:music", A.BLOCK, times=AT_LUNCH), lenient=True), "2026-11-23 09:00", "2026-11-23 11:30"),
        (shelf(rule("category:music", A.BLOCK, times=(("lunch", A.WARN),))), "2026-11-23 09:00", None),
        (shelf(rule("category:music", A.BLOCK, until=date(2027, 1, 31))), "2026-11-23 09:00", "2027-02-01 00:00"),
        (shelf(rule("category:music", A.BLOCK, since=date(2026, 12, 1))), "2026-11-23 09:00", "2026-12-01 00:00"),
        (shelf(rule("category:music", A.BLOCK, until=date(2026, 1, 31))), "2026-11-23 09:00", None),  # long over
        (shelf(limited(since=date(2026, 11, 25))), "2026-11-23 09:00", "2026-11-25 00:00"),
        (band("b", sites=(site("a.test", A.BLOCK, times=AT_LUNCH),)), "2026-11-23 09:00", "2026-11-23 11:30"),
    ],
)
def test_right_until(shelf: Band, now: str, until: str | None) -> None:
    found = right_until(policy(shelf), shelf, _moment(now))
    assert found == (_moment(until) if until else None)


def test_corrections_end_too() -> None:
    shelf_, now = shelf(limited()), _moment("2026-11-23 14:00")
    ends = [date(2026, 11, 23), date(2026, 11, 1)]
    assert right_until(policy(shelf_), shelf_, now, ends) == _moment("2026-11-24 00:00")


def test_a_site_of_the_floor_counts() -> None:
    school = policy(shelf(A.BLOCK), floor=(site("a.test", A.BLOCK, until=date(2026, 11, 30)),))
    assert right_until(school, school.bands["b"], _moment("2026-11-23 09:00")) == _moment("2026-12-01 00:00")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TIMEZONE)
