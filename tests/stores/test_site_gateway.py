"""``gateway:`` of site.yaml: names, what proxy.pac names, and where it lets devices go without the gateway."""

from __future__ import annotations

import pytest

from hedgerow.stores.site import READY, Site
from hedgerow.stores.site_reader import read_site
from tests.stores.small_world import root


def read(text: str) -> tuple[Site, list[str]]:
    found, mistakes = root(f"gateway:\n{text}")
    return read_site(found, ("meadow",), frozenset()), [str(one) for one in mistakes.found]


def test_what_it_says() -> None:
    site, mistakes = read(
        "  names: [Hedgerow.School.Test]\n"
        "  proxy: [Hedgerow.School.Test:8080, '[FD00::1]:3128', 10.20.0.1:8080]\n"
        "  direct: [moodle.school.test, 10.2.0.0/16, 10.1.0.9, fd00::5]\n"
    )
    assert mistakes == [] and list(site.gateway_names) == ["hedgerow.school.test"]
    assert site.pac_proxies == ("hedgerow.school.test:8080", "[fd00::1]:3128", "10.20.0.1:8080")
    assert site.pac_direct == ("moodle.school.test", "10.2.0.0/16", "10.1.0.9/32", "fd00::5/128")


def test_one_proxy_needs_no_list_and_none_is_none() -> None:
    assert read("  proxy: filter.school.test:8080\n")[0].pac_proxies == ("filter.school.test:8080",)
    assert read("  names: []\n")[0].pac_proxies == ()


def test_every_own_name_has_one_to_be_tested_at() -> None:
    names = read("  names: [hedgerow.school.test, 10.20.0.1]\n")[0].own_names
    own = {"hedgerow.internal", "hedgerow.school.test"}
    assert set(names) == own | {READY + name for name in own} | {"10.20.0.1"}


@pytest.mark.parametrize(
    "text, place, why",
    [
        ("  proxy: filter.school.test\n", "f.yaml:2:10", "'HOST:PORT' expected"),
        ("  proxy: [a.test:8080, 'a.test:99999']\n", "f.yaml:2:24", "'HOST:PORT' expected"),
        ("  proxy: 'http://a.test:8080'\n", "f.yaml:2:10", "'HOST:PORT' expected"),
        ("  proxy: 'a.test:8080; DIRECT'\n", "f.yaml:2:10", "'HOST:PORT' expected"),
        ("  proxy: 'a b.test:8080'\n", "f.yaml:2:10", "'HOST:PORT' expected"),
        ("  direct: ['fd00::/48']\n", "f.yaml:2:12", "no ranges"),
        ("  direct: [com]\n", "f.yaml:2:12", "everything below it"),
        ("  direct: [0.0.0.0/0]\n", "f.yaml:2:12", "too wide"),
        ("  direct: ['*.school.test']\n", "f.yaml:2:12", "'school.test' covers everything below it"),
        ("  names: [github.com]\n", "f.yaml:2:11", "belongs to everyone"),
        ("  prox: a.test:8080\n", "f.yaml:2:3", "'prox'"),
    ],
)
def test_mistakes_are_told_with_their_place(text: str, place: str, why: str) -> None:
    _, mistakes = read(text)
    assert len(mistakes) == 1 and mistakes[0].startswith(place) and why in mistakes[0], mistakes
