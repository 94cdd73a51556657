"""Names in policy files come out canonical, or are refused in words."""

from __future__ import annotations

import pytest

from hedgerow.stores.policy_names import SiteName, host, network, site_name, url
from hedgerow.stores.yamlfile import Scalar
from tests.stores.small_world import node, told


@pytest.mark.parametrize(
    "written, name",
    [
        ("youtube.com", SiteName("youtube.com")),
        ("YouTube.COM.", SiteName("youtube.com")),
        ("youtube.com/", SiteName("youtube.com")),
        ("youtube.com/kids/", SiteName("youtube.com", "/kids")),
        ("youtube.com/a/../kids", SiteName("youtube.com", "/kids")),
        ("youtube.com/%6Bids", SiteName("youtube.com", "/kids")),
        ("=github.io", SiteName("github.io", exact=True)),
        ("=github.io/x", SiteName("github.io", "/x", True)),
        ("bücher.example", SiteName("xn--bcher-kva.example")),
        ("0x7f.1", SiteName("127.0.0.1")),
        ('"[2001:DB8::1]"', SiteName("2001:db8::1")),
        ("vi.wikipedia.org/wiki/Trẻ_em", SiteName("vi.wikipedia.org", "/wiki/Trẻ_em")),
    ],
)
def test_site_name(written: str, name: SiteName) -> None:
    found, mistakes = node(written)
    assert isinstance(found, Scalar)
    assert site_name(found) == name
    assert told(mistakes) == []


@pytest.mark.parametrize(
    "written", ["https://a.test", "'*.a.test'", "a.test:443", "a.test?q", "a.test/#x", "a b", "=", "/x"]
)
def test_site_names_that_are_none(written: str) -> None:
    found, mistakes = node(written)
    assert isinstance(found, Scalar)
    assert site_name(found) is None
    assert len(told(mistakes)) == 1


def test_a_site_name_is_told_as_written() -> None:
    assert str(SiteName("a.test", "/x", True)) == "=a.test/x"


@pytest.mark.parametrize(
    "written, found",
    [
        ("10.20.0.0/16", "10.20.0.0/16"),
        ("10.20.0.7", "10.20.0.7/32"),
        ("fd00:20::/48", "fd00:20::/48"),
    ],
)
def test_network(written: str, found: str) -> None:
    assert str(network(node(written)[0])) == found


@pytest.mark.parametrize("written", ["10.0.0.1/8", "10.0.0.0/40", "pupils", "010.0.0.1", "10.0.0", "''"])
def test_networks_that_are_none(written: str) -> None:
    found, mistakes = node(written)
    assert network(found) is None
    assert len(told(mistakes)) == 1


def test_host_and_url() -> None:
    assert host(node("Intranet.School.")[0]) == "intranet.school"
    assert url(node("https://a.test/x?y=1")[0]) == "https://a.test/x?y=1"
    for broken in ("https://", "https://a b/", "ftp://a.test/"):
        found, mistakes = node(broken)
        assert url(found) == ""
        assert len(told(mistakes)) == 1
