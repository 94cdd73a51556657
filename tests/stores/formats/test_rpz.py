"""Response policy zones."""

from __future__ import annotations

import time

import pytest

from tests.stores.formats.reading import read, told

HEAD = """$TTL 300 ; five minutes
@ IN SOA localhost. root.localhost. (
    2026112301 ; serial
    3600 600 86400 300 )
  IN NS localhost.
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a.example CNAME .", ["a.example"]),
        ("a.example 300 IN CNAME . ; why", ["a.example"]),
        ("a.example IN 300 CNAME *.", ["a.example"]),
        ("A.Example cname rpz-drop.", ["a.example"]),
        ("*.a.example CNAME .", ["a.example"]),
        ("a.example CNAME rpz-passthru.", ["@@=a.example"]),
        ("*.a.example CNAME rpz-passthru.", ["@@a.example"]),
        ("a.example CNAME a.example.", ["@@=a.example"]),
        ("a.example A 0.0.0.0", ["a.example"]),
        ("a.example AAAA ::1", ["a.example"]),
        ("a.example A 216.239.38.120", ["~ 216.239.38.120 is an address to go to: the record closes nothing"]),
        ("a.example CNAME wall.example.", ["~ sends people to 'wall.example.': the record closes nothing"]),
        ("a.example CNAME rpz-tcp-only.", ["~ sends people to 'rpz-tcp-only.': the record closes nothing"]),
        ("a.example MX 10 mail.example.", ["~ MX closes nothing"]),
        ('a.example TXT "a (note"', []),
        ("32.7.2.0.192.rpz-ip CNAME .", ["192.0.2.7"]),
        ("24.0.2.0.192.rpz-ip CNAME .", ["192.0.2.0/24"]),
        ("48.zz.db8.2001.rpz-ip CNAME .", ["2001:db8::/48"]),
        ("128.1.zz.db8.2001.rpz-ip CNAME .", ["2001:db8::1"]),
        ("32.7.2.0.192.rpz-ip CNAME rpz-passthru.", ["@@192.0.2.7"]),
        ("24.7.2.0.192.rpz-ip CNAME .", ["! '24.7.2.0.192' is no network"]),
        ("4.0.0.0.192.rpz-ip CNAME .", ["! 192.0.0.0/4 is too wide to be meant"]),
        ("32.7.2.0.192.rpz-client-ip CNAME .", ["~ rpz-client-ip is about who asks or who answers, not about a name"]),
        ("ns.example.rpz-nsdname CNAME .", ["~ rpz-nsdname is about who asks or who answers, not about a name"]),
        ("* CNAME .", ["~ is about all names at once"]),
        ("a.example", ["! a record without a type"]),
        ("a.example CNAME", ["! CNAME takes one name"]),
        ("a..example CNAME .", ["! 'a..example': host is empty or has an empty label"]),
        ("$INCLUDE other.zone", ["~ $INCLUDE is not followed"]),
        ("a.example CNAME (", ["! the file ends between brackets"]),
        (b"; caf\xe9", []),
        (b"\xff.example CNAME .", ["! bytes that are not UTF-8"]),
    ],
)
@pytest.mark.parametrize("head", ["", HEAD])
def test_records(head: str, line: str | bytes, expected: list[str]) -> None:
    data = line.encode() if isinstance(line, str) else line
    assert [told(row) for row in read("rpz", head.encode() + data)] == expected


def test_names_are_relative_to_where_the_zone_is() -> None:
    text = """$ORIGIN rpz.school.example.
$TTL 1h
@            SOA  ns hostmaster 1 2 3 4 5
             NS   ns.rpz.school.example.
a.example    CNAME .
             TXT  "of the same"
b.example.rpz.school.example. CNAME .
c.example.   CNAME .
$ORIGIN example.rpz.school.example.
d            CNAME .
*.d          CNAME .
"""
    assert [(row.line, told(row)) for row in read("rpz", text)] == [
        (5, "a.example"),
        (7, "b.example"),
        (8, "! 'c.example' is not in the zone 'rpz.school.example'"),
        (10, "d.example"),
        (11, "d.example"),
    ]


def test_a_zone_that_names_itself_at_its_head() -> None:
    text = "$ORIGIN .\nrpz.local IN SOA ns. root. 1 2 3 4 5\n$ORIGIN rpz.local.\na.example CNAME .\n CNAME *.\n"
    assert [told(row) for row in read("rpz", text)] == ["a.example", "a.example"]


def test_digits_without_end_take_no_time() -> None:
    """Found by fuzzing: a pattern for "1h30m" tried all ways to part them."""
    start = time.process_time()
    assert told(read("rpz", "a.example " + "1" * 3_000 + "x CNAME .")[0]).startswith("~ 1111")
    assert time.process_time() - start < 1


def test_brackets_without_end_cost_one_mistake() -> None:
    rows = read("rpz", "@ SOA a b (\n" + "1\n" * 300 + "a.example CNAME .\n")
    assert [told(row) for row in rows if told(row).startswith("! the brackets")] == [
        "! the brackets of line 1 do not end"
    ]
    assert told(rows[-1]) == "a.example"


@pytest.mark.parametrize(
    "broken", ["bad.example CNAME ( .", "bad.example 300 IN CNAME . (", "bad.example TXT ( a note"]
)
@pytest.mark.parametrize("head", ["", HEAD])
def test_brackets_left_open_spoil_their_own_line_only(head: str, broken: str) -> None:
    rows = read(
        "rpz", f"{head}a.example CNAME .\n{broken}\nb.example CNAME .\n*.c.example A 0.0.0.0\nd.example CNAME .\n"
    )
    assert [told(row) for row in rows] == [
        "a.example",
        "! its brackets do not end",
        "b.example",
        "c.example",
        "d.example",
    ]
    assert [row.line - head.count("\n") for row in rows] == [1, 2, 3, 4, 5]
