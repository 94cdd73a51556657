"""Lists of v2fly: syntax, includes, attributes."""

from __future__ import annotations

import pytest

from tests.stores.formats.reading import parts_of, read, told


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("# a comment", []),
        ("a.example", ["a.example"]),
        ("domain:a.example @ads # why", ["a.example"]),
        ("full:www.a.example @cn @!ru &other", ["=www.a.example"]),
        ("keyword:casino", ["~ a pattern, not a name"]),
        (r"regexp:^a\d+\.example$ @ads", ["~ a pattern, not a name"]),
        ("include:other", ["! includes 'other', which is not there"]),
        ("domian:a.example", ["! 'domian' is none of domain, full, include, keyword, regexp"]),
        ("a.example ads", ["! 'ads' is no attribute"]),
        ("full:", ["! '': host is empty or has an empty label"]),
    ],
)
def test_lines(line: str, expected: list[str]) -> None:
    assert [told(row) for row in read("v2fly", line)] == expected


def test_lists_are_put_together() -> None:
    files = {
        "LICENSE": b"MIT",
        "data/bets": b"a.example\ninclude:more @ads\n\ninclude:Deep @-cn\n",
        "data/more": b"b.example\nc.example @ads\n",
        "data/deep": b"d.example @cn\ne.example\ninclude:bets\ninclude:deep\n",
        "other/bets": b"x.example\n",
    }
    found = {category: [(row.line, told(row)) for row in rows] for category, rows in parts_of("v2fly", files)}
    assert sorted(found) == ["bets", "deep", "more"]
    assert found["bets"] == [
        (1, "a.example"),
        (2, "c.example"),
        (4, "e.example"),
        (4, "a.example"),  # deep includes this list again, once
        (4, "c.example"),
    ]


def test_lists_that_include_each_other_twice_do_not_grow() -> None:
    files = {f"data/l{n}": f"n{n}.example\ninclude:l{n + 1}\ninclude:l{n + 1} @a\n".encode() for n in range(60)}
    rows = next(rows for category, rows in parts_of("v2fly", files) if category == "l0")
    assert len(rows) < 200
