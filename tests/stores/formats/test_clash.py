"""Rule providers of Clash."""

from __future__ import annotations

import pytest

from tests.stores.formats.reading import read, told


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("payload:", []),
        ("# a comment", []),
        ("  - '+.a.example'", ["a.example"]),
        ("- +.a.example # why", ["a.example"]),
        ('  - ".a.example"', ["a.example"]),
        ("  - '*.a.example'", ["a.example"]),
        ("  - a.example", ["=a.example"]),
        ("  - DOMAIN-SUFFIX,a.example", ["a.example"]),
        ("  - 'DOMAIN,a.example'", ["=a.example"]),
        ("  - 192.0.2.0/24", ["192.0.2.0/24"]),
        ("  - '+.a*.example'", ["~ a pattern, not a name"]),
        ("  - PROCESS-NAME,x", ["~ PROCESS-NAME is about no name"]),
        ("a.example", ["! is no item of a list"]),
        ("  -", ["! '': host is empty or has an empty label"]),
    ],
)
def test_items(line: str, expected: list[str]) -> None:
    assert [told(row) for row in read("clash", line)] == expected
