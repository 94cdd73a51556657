"""The quick answer about public suffixes is the same as the full one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.hosts import is_public_suffix
from hedgerow.stores.index_suffixes import is_suffix, without_www


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("com", True),
        ("co.uk", True),
        ("github.io", True),
        ("azurewebsites.net", True),
        ("edu.pl", True),
        ("anything.ck", True),  # *.ck
        ("www.ck", False),  # !www.ck
        ("xn--p1ai", True),
        ("no-such-tld", True),  # the list's default rule
        ("example.com", False),
        ("someone.github.io", False),
        ("192.0.2.1", False),
        ("192.0.2.0/24", False),
        ("2001:db8::1", False),
    ],
)
def test_is_suffix(host: str, expected: bool) -> None:
    assert is_suffix(host) is expected


_LABEL = st.sampled_from(("com", "uk", "co", "ck", "www", "io", "github", "edu", "pl", "jp", "kobe", "xn--p1ai", "a"))


@given(st.lists(_LABEL, min_size=1, max_size=4).map(".".join))
def test_the_same_as_the_full_answer(host: str) -> None:
    assert is_suffix(host) == is_public_suffix(host)


@pytest.mark.parametrize(
    ("host", "meant"),
    [
        ("www.casino.example", "casino.example"),
        ("www.m.casino.example", "m.casino.example"),
        ("casino.example", "casino.example"),
        ("www.gov.uk", "www.gov.uk"),
        ("www.github.io", "www.github.io"),
        ("www.com", "www.com"),
        ("www.intranet", "www.intranet"),
        ("www", "www"),
        ("www2.casino.example", "www2.casino.example"),
        ("xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd.xn--p1ai"),
        ("192.0.2.0/24", "192.0.2.0/24"),
    ],
)
def test_www_means_the_site(host: str, meant: str) -> None:
    assert without_www(host) == meant
