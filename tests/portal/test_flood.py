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
    for number in range(flood._LINES + 500):
        made.takes(str(number))
    assert len(made._lines) == len(made._addresses) == flood._LINES


def test_a_class_behind_one_address_fits() -> None:
    assert flood.ORDINARY.line >= 35 and flood.CARE.line >= 35 and flood.CARE.total > flood.ORDINARY.total
    assert flood.CARE.day >= 8 * 35


def addresses(net: int, count: int) -> list[str]:
    """Addresses of the same /64."""
    return [f"2001:db8:0:{net:x}::{n:x}" for n in range(1, count + 1)]


def test_one_device_with_many_addresses_keeps_nobody_from_help() -> None:
    made = Flood(flood.CARE, Clock())
    taken = sum(made.takes(own) == "" for _ in range(60) for own in addresses(1, 40))
    assert taken <= flood.CARE.line + 40  # 2400 came
    assert made.takes("10.20.8.9") == "" and made.takes("2001:db8:0:2::1") == ""
    assert made.takes("2001:db8:0:1::ffff") == ""  # another child's device in the very same network
    assert made.takes("2001:db8:0:1::ffff") == "rate"


def test_of_ordinary_reports_many_addresses_are_one_line() -> None:
    made = Flood(flood.ORDINARY, Clock())
    assert [made.takes(own) for own in addresses(1, 60)] == [""] * 40 + ["rate"] * 20
    assert made.takes("10.20.8.9") == ""


def test_a_line_that_asked_for_no_help_is_heard_when_the_whole_school_is_full() -> None:
    made = Flood(Most(60, 10, first=True), Clock())
    for number in range(10):
        assert made.takes("10.0.0.1") == "", number
    assert made.takes("10.0.0.1") == "flood"
    assert made.takes("10.0.0.2") == "" and made.takes("10.0.0.2") == "flood"


def test_a_line_has_its_most_of_a_day_and_another_address_of_it_is_still_heard() -> None:
    clock = Clock()
    made, own = Flood(Most(5, 10**6, day=12, first=True), clock), "2001:db8::1"
    told = []
    for _ in range(20):
        told.append(made.takes(own))
        clock.now += flood.WINDOW_SECONDS
    assert told == [""] * 12 + ["day"] * 8
    assert made.takes("2001:db8::2") == "" and made.takes("2001:db8::2") == "day"
    clock.now = flood.DAY_SECONDS + 1
    assert made.takes(own) == ""
