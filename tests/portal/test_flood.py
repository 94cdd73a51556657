"""The window reports are counted in: a class fits, a flood does not, and a flood of others locks nobody out of help."""

from __future__ import annotations

from hedgerow.portal import flood
from hedgerow.portal.flood import Flood, Most


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_person_and_all_have_their_most_and_the_window_slides() -> None:
    clock = Clock()
    made = Flood(Most(2, 5), clock)
    assert [made.takes("a") for _ in range(3)] == ["", "", "rate"]
    assert [made.takes(who) for who in ("b", "c", "d", "e")] == ["", "", "", "flood"]
    clock.now = flood.WINDOW_SECONDS + 1
    assert made.takes("a") == "" and made.takes("e") == ""


def test_what_was_refused_does_not_count() -> None:
    clock = Clock()
    made = Flood(Most(1, 100), clock)
    made.takes("a")
    for second in range(0, 590, 10):
        clock.now = float(second)
        assert made.takes("a") == "rate"
    clock.now = flood.WINDOW_SECONDS + 0.1
    assert made.takes("a") == ""


def test_a_million_names_take_no_more_room_than_ten_thousand() -> None:
    made = Flood(Most(1, 10**9), Clock())
    for number in range(flood._PERSONS + 500):
        made.takes(str(number))
    assert len(made._by_person) == flood._PERSONS


def test_a_class_behind_one_address_fits() -> None:
    assert flood.ORDINARY.person >= 35 and flood.CARE.person >= 35 and flood.CARE.total > flood.ORDINARY.total
