from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.stores.formats import LineError, parse_name
from hedgerow.stores.importing.names import is_network, listed, networks, site_key, spelled


@pytest.mark.parametrize("text, name, changed", [
    ("Casino.Example.", "casino.example", False),
    ("http://casino.example/Bets/", "casino.example/bets", True),
    ("casino.example:8080/x", "casino.example/x", True),
    ("www.casino.example", "www.casino.example", False),
    ("пример.рф", "xn--e1afmkfd.xn--p1ai", False),
    (".gov", "*.gov", False),  # e2guardian's word for a top-level domain with all below it
    ("com", "*.com", False),
    ("blogspot.com", "blogspot.com", True),  # others' sites: the name itself only, and it is said
    ("203.0.113.7", "203.0.113.7", False),
    ("a.example/a b%20c", "a.example/a%20b%20c", False),
])  # fmt: skip
def test_names(text: str, name: str, changed: bool) -> None:
    found, how = listed(text)
    assert (spelled(found), bool(how)) == (name, changed)


@pytest.mark.parametrize("text", ["", "a..b", "exa mple", "a.example/x?y=1", "/only/path", "user@host"])
def test_no_names(text: str) -> None:
    with pytest.raises(LineError):
        listed(text)


@pytest.mark.parametrize("text, key", [
    ("blogspot.com", "=blogspot.com"), ("a.example", "a.example"), ("a.example/Käse x", "a.example/k%C3%A4se%20x"),
])  # fmt: skip
def test_keys_of_sites(text: str, key: str) -> None:
    assert site_key(listed(text)[0]) == key


@pytest.mark.parametrize("text, found", [
    ("192.168.0.1", ("192.168.0.1",)),
    ("192.168.1.0/255.255.255.0", ("192.168.1.0/24",)),
    ("192.168.1.77/24", ("192.168.1.0/24",)),
    ("10.0.0.1-10.0.0.3", ("10.0.0.1", "10.0.0.2/31")),
    ("fd00::/64", ("fd00::/64",)),
])  # fmt: skip
def test_networks(text: str, found: tuple[str, ...]) -> None:
    assert networks(text) == found
    assert [is_network(one) for one in found] == ["/" in one for one in found]


@pytest.mark.parametrize(
    "text", ["", "10.0.0.3-10.0.0.1", "10.0.0.1-fd00::1", "host", "1.2.3.4/33", "0.0.0.1-255.255.255.254"]
)
def test_no_networks(text: str) -> None:
    with pytest.raises(LineError):
        if len(networks(text)) > 40:
            raise LineError("too many")


@given(st.text(max_size=80))
def test_what_is_spelled_is_read_again(text: str) -> None:
    try:
        name, _ = listed(text)
    except LineError:
        return
    assert parse_name(spelled(name)) == name


@given(st.text(max_size=40))
def test_anything_may_be_no_network(text: str) -> None:
    try:
        networks(text)
    except LineError:
        pass
