"""Lists of ``*.name``."""

from __future__ import annotations

import pytest

from tests.stores.formats.reading import read, told


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("# a comment", []),
        ("*.a.example", ["a.example"]),
        (".a.example", ["a.example"]),
        ("+.a.example", ["a.example"]),
        ("a.example", ["a.example"]),
        ("=a.example", ["=a.example"]),
        ("*.github.io", ["github.io"]),  # not "*.github.io": a program wrote the star
        ("*.A.Example # why", ["a.example"]),
        ("192.0.2.0/24", ["192.0.2.0/24"]),
        ("ads*.a.example", ["~ a pattern, not a name"]),
        ("*.a*.example", ["~ a pattern, not a name"]),
        ("ads.*", ["~ a pattern, not a name"]),
        ("ads[0-9].a.example", ["~ a pattern, not a name"]),
        ("..a.example", ["! '..a.example' is no name"]),
        ("*.", ["! '': host is empty or has an empty label"]),
    ],
)
def test_lines(line: str, expected: list[str]) -> None:
    assert [told(row) for row in read("wildcard", line)] == expected
