"""Which addresses are fetched from, without a network: literals and the forms of an address."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from hedgerow.stores.sources.faults import NotFetched
from hedgerow.stores.sources.reach import Way, addresses, checked_url


@pytest.mark.parametrize(
    "url, before, reason",
    [
        ("https://a.example/x", None, ""),
        ("http://a.example/x", None, ""),
        ("http://a.example/x", "http://b.example/", ""),
        ("https://a.example/x", "http://b.example/", ""),
        ("http://a.example/x", "https://b.example/", "from https to http"),
        ("file:///etc/passwd", None, "only http and https"),
        ("ftp://a.example/x", None, "only http and https"),
        ("gopher://a.example/x", "https://b.example/", "only http and https"),
        ("https:///x", None, "only http and https"),
        ("https://user:word@a.example/x", None, "user name"),
    ],
)
def test_forms_of_an_address(url: str, before: str | None, reason: str) -> None:
    if not reason:
        checked_url(httpx.URL(url), httpx.URL(before) if before else None)
        return
    with pytest.raises(NotFetched, match=reason):
        checked_url(httpx.URL(url), httpx.URL(before) if before else None)


@pytest.mark.parametrize("proxy", ["", "http://10.0.0.1:3128"])
@pytest.mark.parametrize(
    "host",
    """127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 0x7f.1 2130706433
    017700000001 [::1] [::] [fd00::1] [fe80::1] [::ffff:10.0.0.1] [64:ff9b::10.0.0.1] [2002:a00:1::]
    localhost x.localhost LOCALHOST.""".split(),
)
def test_what_stands_inside_in_every_spelling(host: str, proxy: str) -> None:
    with pytest.raises(NotFetched, match="address inside"):
        asyncio.run(addresses(httpx.URL(f"https://{host}/x"), Way(proxy)))


def test_an_address_outside_is_dialled_as_it_is() -> None:
    assert asyncio.run(addresses(httpx.URL("https://45.90.10.80/x"), Way())) == ("45.90.10.80",)
    assert asyncio.run(addresses(httpx.URL("https://[2a0e:b107:10::80]/x"), Way())) == ("2a0e:b107:10::80",)
