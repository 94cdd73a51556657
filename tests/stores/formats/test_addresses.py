"""Addresses, networks and ranges."""

from __future__ import annotations

import pytest

from tests.stores.formats.reading import read, told


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("; a comment", []),
        ("192.0.2.7", ["192.0.2.7"]),
        ("192.0.2.0/24 ; SBL256894", ["192.0.2.0/24"]),
        ("192.0.2.0/255.255.255.0", ["192.0.2.0/24"]),
        ("2001:DB8::/32 # said somebody", ["2001:db8::/32"]),
        ("[2001:db8::1]", ["2001:db8::1"]),
        ("192.0.2.0-192.0.2.255", ["192.0.2.0/24"]),
        ("192.0.2.0 - 192.0.2.6", ["192.0.2.0/30", "192.0.2.4/31", "192.0.2.6"]),
        ("2001:db8::-2001:db8::ffff", ["2001:db8::/112"]),
        ("0.0.0.0-255.255.255.255", ["! 0.0.0.0/0 is too wide to be meant"]),
        ("9.9.9.9-12.0.0.0", ["! 10.0.0.0/7 is too wide to be meant"]),
        ("2001:db8::1-2001:db8:7fff:ffff:ffff:ffff:ffff:fffe", ["! a range of more than 64 networks"]),
        ("192.0.2.9-192.0.2.1", ["! last IP address must be greater than first"]),
        ("192.0.2.1-2001:db8::1", ["! 192.0.2.1-2001:db8::1 begins and ends in two kinds of addresses"]),
        ("192.0.2.1/24", ["! 192.0.2.1/24 has host bits set"]),
        ("a.example", ["! 'a.example' does not appear to be an IPv4 or IPv6 network"]),
        ("fe80::1%eth0", ["! IPv6 address with a zone id"]),
    ],
)
def test_lines(line: str, expected: list[str]) -> None:
    assert [told(row) for row in read("ips", line)] == expected
