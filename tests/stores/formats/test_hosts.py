"""Hosts files."""

from __future__ import annotations

import pytest

from tests.stores.formats.reading import read, told


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", []),
        ("# 0.0.0.0 casino.example", []),
        ("0.0.0.0 casino.example", ["casino.example"]),
        ("0.0.0.0 localads.example", ["localads.example"]),
        ("127.0.0.1\tA.example  b.example # both", ["a.example", "b.example"]),
        ("::1 localhost ip6-localhost ip6-loopback", []),
        ("127.0.0.1 localhost", []),
        ("fe80::1%lo0 localhost", []),
        ("0.0.0.0 0.0.0.0", []),
        ("casino.example", ["! 'casino.example' is no address"]),
        ("0.0.0.0", ["! an address without a name"]),
        ("0.0.0.0 a.example b..c", ["a.example", "! 'b..c': host is empty or has an empty label"]),
        ("192.168.1.9 blocked.example", ["blocked.example"]),
        ("216.239.38.120 www.google.com", ["~ 216.239.38.120 is an address to go to: the line closes nothing"]),
    ],
)
def test_lines(line: str, expected: list[str]) -> None:
    assert [told(row) for row in read("hosts", line)] == expected
