"""IP literals in all their spellings, and what is not globally routable."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.addresses import ends_in_number, is_private, parse_ipv4, parse_ipv6
from hedgerow.core.idn import HostError


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0X7F.0x0.0.0x1", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0177.0.0.01", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("0x", "0.0.0.0"),
        ("0", "0.0.0.0"),
        ("1.65535", "1.0.255.255"),
        ("4294967295", "255.255.255.255"),
        ("0x00000000000000000001", "0.0.0.1"),
    ],
)
def test_parse_ipv4(spelling: str, expected: str) -> None:
    assert parse_ipv4(spelling) == expected


@pytest.mark.parametrize(
    "spelling",
    ["256.0.0.1", "1.2.3.256", "1.2.3.4.5", "1.2.3.08", "0x100000000", "4294967296", "1..2", ".1", "1.2.3.4x",
     "1.16777216", "-1", "+1", "1_0", "٣.1", "0xg", "1.2.3.0b1", "", "foo.0x4", "9" * 10_000],
)  # fmt: skip
def test_parse_ipv4_refuses(spelling: str) -> None:
    with pytest.raises(HostError):
        parse_ipv4(spelling)


@given(st.ip_addresses(v=4))
def test_every_ipv4_spelling_is_one_address(address: ipaddress.IPv4Address) -> None:
    number, octets = int(address), address.packed
    spellings = [str(number), hex(number), f"0{number:o}", ".".join(map(hex, octets)), f"{octets[0]}.{number % 2**24}"]
    assert {parse_ipv4(spelling) for spelling in spellings} == {str(address)}


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("::1", "::1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("2001:DB8::00A", "2001:db8::a"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("::FFFF:0a00:1", "10.0.0.1"),
        ("64:ff9b::10.0.0.1", "64:ff9b::a00:1"),
    ],
)
def test_parse_ipv6(spelling: str, expected: str) -> None:
    assert parse_ipv6(spelling) == expected


@pytest.mark.parametrize(
    "spelling",
    ["", ":", ":::", "1::2::3", "fe80::1%eth0", "::1%", "12345::", "::g", "1:2:3:4:5:6:7", "::1 ", "[::1]", "::1.2.3",
     "::1.2.3.04", "1.2.3.4", "::1/64", "::1:80:"],
)  # fmt: skip
def test_parse_ipv6_refuses(spelling: str) -> None:
    with pytest.raises(HostError):
        parse_ipv6(spelling)


@pytest.mark.parametrize(
    ("host", "number"),
    [("1.2.3.4", True), ("a.1", True), ("a.0x", True), ("a.0xf", True), ("a.0xg", False), ("a.1b", False), ("", False)],
)
def test_ends_in_number(host: str, number: bool) -> None:
    assert ends_in_number(host) is number


PRIVATE = """
    0.0.0.0 0.1.2.3 10.0.0.9 100.64.0.1 127.0.0.1 127.255.255.255 169.254.169.254 172.16.0.1 172.31.255.255
    192.0.0.1 192.0.0.9 192.0.2.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1
    255.255.255.255
    :: ::1 ::7f00:1 ::8.8.8.8 ::ffff:10.0.0.1 ::ffff:127.0.0.1 100::1 fc00::1 fd12::1 fe80::1 fe80::1%eth0 fec0::1
    ff02::1 ff0e::1 2001::1 2001:db8::1 3fff::1 5f00::1 4000::1
    2002:a00:1:: 2002:7f00:1::1 2002:c0a8:101:: 64:ff9b::10.0.0.1 64:ff9b::7f00:1 64:ff9b:1::8.8.8.8
    localhost printer.localhost
""".split()
GLOBAL = """
    1.1.1.1 8.8.8.8 11.0.0.0 45.90.10.1 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.0 192.0.1.1 223.255.255.255
    2606:4700::1111 2a00:1450::1 2400:cb00::1 ::ffff:8.8.8.8 2002:808:808:: 64:ff9b::8.8.8.8
    example.com localhost.example.com notlocalhost 10.example.com
""".split()


@pytest.mark.parametrize(("host", "private"), [(host, True) for host in PRIVATE] + [(host, False) for host in GLOBAL])
def test_is_private(host: str, private: bool) -> None:
    assert is_private(host) is private


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_does_not_change_what_it_is(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    wrapped = (f"::ffff:{address}", str(ipaddress.IPv6Address((0x2002 << 112) + (number << 80))), f"64:ff9b::{address}")
    assert {is_private(text) for text in wrapped} == {is_private(str(address))}


@given(st.text(max_size=50))
def test_is_private_never_raises(text: str) -> None:
    assert is_private(text) in (True, False)
