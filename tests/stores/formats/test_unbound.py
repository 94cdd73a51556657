"""Unbound's configuration."""

from __future__ import annotations

import pytest

from tests.stores.formats.reading import read, told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("server:", []),
        ("# a comment", []),
        ('local-zone: "a.example" always_nxdomain', ["a.example"]),
        ('local-zone: "a.example." always_null # why', ["a.example"]),
        ("  local-zone: a.example refuse", ["a.example"]),
        ("local-zone: 'A.example' \"deny\"", ["a.example"]),
        ('local-zone: "a.example" redirect', ["a.example"]),
        ('local-zone: "a.example" static\nlocal-zone: "b.example" static', ["a.example", "b.example"]),
        ('local-zone: "a.example" transparent', ["@@a.example"]),
        ('local-zone: "a.example" always_transparent', ["@@a.example"]),
        ('local-zone: "a.example" redirect\nlocal-data: "a.example A 0.0.0.0"', ["a.example"]),
        ('local-zone: "a.example" transparent\nlocal-data: "a.example. 60 IN A 127.0.0.1"', ["a.example"]),
        (
            'local-zone: "www.google.com" redirect\nlocal-data: "www.google.com CNAME forcesafesearch.google.com"',
            ["~ answers with 'forcesafesearch.google.com': closes nothing"],
        ),
        (
            'local-zone: "a.example" redirect\nlocal-data: "b.example A 216.239.38.120"',
            ["a.example", "~ answers with '216.239.38.120': closes nothing"],
        ),
        ("local-data: 'a.example AAAA ::'", ["a.example"]),
        ('local-zone: "a.example" typetransparent', ["~ the zone type 'typetransparent' closes nothing"]),
        ('local-zone: "a.example" nonsense', ["~ the zone type 'nonsense' closes nothing"]),
        ("verbosity: 1", ["~ 'verbosity' closes no name"]),
        ('local-zone: "a..b" refuse', ["! 'a..b': host is empty or has an empty label"]),
        ('local-zone: "a.example"', ["! is no line of unbound's configuration"]),
        ('local-data: "a.example"', ["! is no record"]),
        ("a.example", ["! is no line of unbound's configuration"]),
    ],
)
def test_lines(text: str, expected: list[str]) -> None:
    assert [told(row) for row in read("unbound", text)] == expected


def test_a_zone_is_told_with_its_own_line() -> None:
    rows = read("unbound", 'local-zone: "a.example" static\n\n# b\nlocal-zone: "b.example" refuse\n')
    assert [(row.line, told(row)) for row in rows] == [(1, "a.example"), (4, "b.example")]
