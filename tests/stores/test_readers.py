"""Typed readers: the value, or the mistake and the fallback it promises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from hedgerow.stores import readers
from hedgerow.stores.yamlfile import Node
from tests.stores.small_world import node, told

Read = Callable[[Node], object]


def small(found: Node) -> int:
    return readers.integer(found, 1, 99)


def share(found: Node) -> float:
    return readers.decimal(found, 0.5, 10)


def until_midnight(found: Node) -> time:
    return readers.clock(found, midnight=True)


def color(found: Node) -> str:
    return readers.choice(found, "color", ("red", "green"))


@pytest.mark.parametrize(
    "read, written, value",
    [
        (readers.text, "hello there", "hello there"),
        (readers.text, "010", "010"),
        (readers.text, "' padded '", "padded"),
        (readers.boolean, "true", True),
        (readers.boolean, "'false'", False),
        (small, "1", 1),
        (small, "'99'", 99),
        (share, "2.5", 2.5),
        (share, "10", 10.0),
        (color, "red", "red"),
        (readers.size, "500 MB", 500_000_000),
        (readers.size, "1B", 1),
        (readers.size, "2 GB", 2_000_000_000),
        (readers.clock, "07:30", time(7, 30)),
        (readers.clock, '"23:59"', time(23, 59)),
        (until_midnight, "24:00", time(0)),
        (readers.day, "2028-02-29", date(2028, 2, 29)),
        (readers.moment, "2026-11-23 12:00", datetime(2026, 11, 23, 12)),
        (readers.phone, '"0800 1111"', "0800 1111"),
        (readers.phone, "111", "111"),
        (readers.phone, "+84 (0)24-123.45/6", "+84 (0)24-123.45/6"),
        (readers.days, "[2026-11-20]", frozenset({date(2026, 11, 20)})),
        (readers.days, "[2026-12-31 to 2027-01-01]", frozenset({date(2026, 12, 31), date(2027, 1, 1)})),
        (readers.days, "[2026-12-31..2027-01-01]", frozenset({date(2026, 12, 31), date(2027, 1, 1)})),
        (readers.days, "", frozenset()),
        (readers.items, "", ()),
    ],
)
def test_reads(read: Read, written: str, value: object) -> None:
    found, mistakes = node(written)
    assert read(found) == value
    assert told(mistakes) == []


@pytest.mark.parametrize(
    "read, written, fallback, message",
    [
        (readers.text, "", "", "nothing stands here"),
        (readers.text, "'  '", "", "nothing stands here"),
        (readers.text, "[a]", "", "text expected, not a list"),
        (readers.text, "{a: b}", "", "text expected, not 'key: value' lines"),
        (readers.text, "a" * 2001, "", "text of 2001 characters; at most 2000"),
        (readers.boolean, "yes", False, "true or false expected, not 'yes'"),
        (readers.boolean, "True", False, "true or false expected, not 'True'"),
        (readers.boolean, "on", False, "true or false expected, not 'on'"),
        (small, "0", 1, "a whole number from 1 to 99 expected, not 0"),
        (small, "010", 1, "a whole number from 1 to 99 expected, not '010'"),
        (small, "0x10", 1, "not '0x10'"),
        (small, "1e1", 1, "not '1e1'"),
        (small, "٣", 1, "not '٣'"),  # digits of another script are not ours to guess
        (small, "1_0", 1, "not '1_0'"),
        (share, "11", 0.5, "a number from 0.5 to 10 expected, not 11"),
        (share, ".5", 0.5, "not '.5'"),
        (share, "nan", 0.5, "not 'nan'"),
        (color, "grean", "", "unknown color 'grean'; did you mean 'green'? known: green, red"),
        (readers.size, "500", 0, "a size such as"),
        (readers.size, "1.5 GB", 0, "a size such as"),
        (readers.size, "500 mb", 0, "a size such as"),
        (readers.clock, "24:00", time(0), "a time from 00:00 to 23:59 expected, not '24:00'"),
        (readers.clock, "7:30", time(0), "a time HH:MM expected, not '7:30'"),
        (readers.clock, "07:30:00", time(0), "a time HH:MM expected"),
        (readers.clock, "１２:00", time(0), "a time HH:MM expected"),
        (until_midnight, "24:01", time(0), "a time from 00:00 to 24:00 expected"),
        (readers.day, "2026-02-29", None, "there is no day '2026-02-29'"),
        (readers.day, "2026-W48-1", None, "a date YYYY-MM-DD expected"),
        (readers.day, "20261123", None, "a date YYYY-MM-DD expected"),
        (readers.moment, "2026-11-23", None, "a moment 'YYYY-MM-DD HH:MM' expected"),
        (readers.moment, "2026-11-23T12:00", None, "a moment 'YYYY-MM-DD HH:MM' expected"),
        (readers.moment, "2026-02-30 12:00", None, "there is no day '2026-02-30'"),
        (readers.phone, "()", "", "a telephone number expected, not '()'"),
        (readers.phone, "one", "", "a telephone number expected, not 'one'"),
        (readers.days, "[2026-01-01 to 2028-01-01]", frozenset(), "at most 400 days"),
        (readers.days, "[2026-01-01 to ]", frozenset(), "a date YYYY-MM-DD expected"),
        (readers.items, "a", (), "a list expected"),
    ],
)
def test_refuses(read: Read, written: str, fallback: object, message: str) -> None:
    found, mistakes = node(written)
    assert read(found) == fallback
    assert len(told(mistakes)) == 1 and message in told(mistakes)[0]


def test_some_takes_one_or_many() -> None:
    assert readers.some(node("a")[0], readers.text) == ("a",)
    assert readers.some(node("[a, b]")[0], readers.text) == ("a", "b")


def test_mapping_checks_keys_and_takes_nothing_for_an_empty_map() -> None:
    found, mistakes = node("{a: b, c: d}")
    assert len(readers.mapping(found).entries) == 2
    assert told(mistakes) == []
    readers.mapping(found, "a")
    assert told(mistakes) == ["unknown key 'c'; known: a"]
    assert readers.mapping(node("")[0]).entries == ()
    found, mistakes = node("text")
    assert readers.mapping(found, "a").entries == ()
    assert told(mistakes) == ["'key: value' lines expected, not text"]
