"""dnsmasq's configuration."""

from __future__ import annotations

import pytest

from tests.stores.formats.reading import read, told


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("# a comment", []),
        ("address=/a.example/", ["a.example"]),
        ("address=/a.example/0.0.0.0", ["a.example"]),
        ("address=/a.example/::", ["a.example"]),
        ("address=/a.example/#", ["a.example"]),
        ("address=/a.example/10.1.1.1 # our page", ["a.example"]),
        ("address=/a.example/b.example/127.0.0.1", ["a.example", "b.example"]),
        ("address = /A.example/", ["a.example"]),
        ("address=/*.a.example/", ["a.example"]),
        ("address=/.a.example/", ["a.example"]),
        ("local=/a.example/", ["a.example"]),
        ("server=/a.example/", ["a.example"]),
        ("server=/a.example/#", ["@@a.example"]),
        ("server=/a.example/9.9.9.9", ["~ asks another server, closes nothing"]),
        (
            "address=/www.google.com/216.239.38.120",
            ["~ 216.239.38.120 is an address to go to: the line closes nothing"],
        ),
        ("address=/#/", ["~ is about all names at once"]),
        ("server=9.9.9.9", ["~ is about a server, not about a name"]),
        ("cache-size=1000", ["~ 'cache-size' closes no name"]),
        ("no-resolv", ["~ 'no-resolv' closes no name"]),
        ("address=/a.example", ["! a name without the slash that ends it"]),
        ("address=/a..b/", ["! 'a..b': host is empty or has an empty label"]),
        ("address=/a.example/nowhere", ["! 'nowhere' is no address"]),
        ("two words", ["! is no line of dnsmasq's configuration"]),
    ],
)
def test_lines(line: str, expected: list[str]) -> None:
    assert [told(row) for row in read("dnsmasq", line)] == expected
