"""Records of a zone file."""

from __future__ import annotations

import pytest

from hedgerow.stores.formats import LineError
from hedgerow.stores.formats.zone import Record, Records


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("; a comment", None),
        ("a CNAME .", Record("a", "CNAME", (".",))),
        ("a 1h30m in cname . ; why", Record("a", "CNAME", (".",))),
        ("  IN 60 A 192.0.2.1", Record("", "A", ("192.0.2.1",))),
        ('a TXT "x ; (y" z', Record("a", "TXT", ("x ; (y", "z"))),
        ("$ttl 300", Record("", "$TTL", ("300",))),
        (r"a\;b CNAME .", Record(r"a\;b", "CNAME", (".",))),
    ],
)
def test_a_line(text: str, expected: Record | None) -> None:
    assert Records().read(1, text) == expected


def test_brackets_join_lines() -> None:
    records = Records()
    lines = ["@ SOA a. b. ( 1 ; serial", "  2", "3 ) ", "x CNAME ."]
    assert [records.read(number, line) for number, line in enumerate(lines, 1)] == [
        None,
        None,
        Record("@", "SOA", ("a.", "b.", "1", "2", "3")),
        Record("x", "CNAME", (".",)),
    ]


def test_a_record_needs_a_type() -> None:
    with pytest.raises(LineError, match="without a type"):
        Records().read(1, "a 300 IN")


@pytest.mark.parametrize(
    "text", ["b.example CNAME .", "b 300 IN CNAME *. ; why", "b IN 5m A 0.0.0.0", "b AAAA ::", "$ORIGIN rpz.example."]
)
def test_a_record_of_its_own_ends_brackets_that_were_left_open(text: str) -> None:
    records = Records()
    records.read(3, "a CNAME ( .")
    assert records.broken_off("  2026 ; of the record") == 0
    assert records.broken_off(text) == 3 and not records.inside
    assert records.broken_off(text) == 0 and records.read(4, text) is not None


@pytest.mark.parametrize(
    "text",
    ["2026112301 ; serial", ")", "3600 )", "", "CNAME .", "a.example CNAME", " b CNAME .", '"b" CNAME "."', "IN A )"],
)
def test_what_stands_between_brackets_is_no_record(text: str) -> None:
    records = Records()
    records.read(1, "@ SOA a. b. (")
    assert records.broken_off(text) == 0 and records.inside
