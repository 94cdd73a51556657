"""Keys of the judging index: a prefix is a parent, and a key is its name."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.hosts import parents
from hedgerow.stores.index_keys import host_key, key_name, name_keys, path_tail

_LABEL = st.from_regex(r"[a-z][a-z0-9_-]{0,5}", fullmatch=True)
_HOST = st.lists(_LABEL, min_size=1, max_size=4).map(".".join)


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("casino.example", "elpmaxe.onisac."),
        ("192.0.2.0/24", "#4110000000000000000000010"),
        ("255.255.255.255", "#4" + "1" * 32),
        ("::/16", "#6" + "0" * 16),
    ],
)
def test_host_key(host: str, key: str) -> None:
    assert host_key(host) == key


@given(_HOST, _HOST)
def test_a_prefix_is_a_parent_and_nothing_else(host: str, other: str) -> None:
    assert host_key(host).startswith(host_key(other)) == (other in parents(host))


@given(st.ip_addresses(), st.integers(0, 128))
def test_a_network_is_a_prefix_of_its_addresses(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, length: int
) -> None:
    length = min(length, address.max_prefixlen)
    network = ipaddress.ip_network((address, length), strict=False)
    assert host_key(str(address)).startswith(host_key(str(network)))


@pytest.mark.parametrize(
    "name",
    ["casino.example", "reddit.com/r/nsfw", "192.0.2.1", "192.0.2.0/24", "2001:db8::/32", "2001:db8::1", "192.0.2.1/x"],
)
def test_a_key_is_its_name(name: str) -> None:
    assert [key_name(key) for key in name_keys(name)].count(name) >= 1


def test_a_path_of_digits_is_no_network() -> None:
    assert name_keys("192.0.2.9/24") == (host_key("192.0.2.9") + "/24/",)
    assert len(name_keys("192.0.2.0/24")) == 2  # either: the index knows which one is listed


@pytest.mark.parametrize(("path", "tail"), [("/", "/"), ("/r/NSFW", "/r/nsfw/"), ("/r/nsfw/", "/r/nsfw/")])
def test_path_tail(path: str, tail: str) -> None:
    assert path_tail(path) == tail
