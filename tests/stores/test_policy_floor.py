"""The floor only adds, and what would loosen it is refused."""

from __future__ import annotations

import pytest

from hedgerow.core.model import Action, Rule, SiteRule, Where
from hedgerow.stores.policy_bands import Known, read_band
from hedgerow.stores.policy_floor import FloorBuilder, check_loosening, names_of, sites_by_host
from tests.stores.small_world import CATEGORIES, root, told

KNOWN = Known(frozenset(CATEGORIES), frozenset({"adult"}))
FLOOR = "categories: {malware: block, social: help}\nsites: {bad.test: block, mixed.test/x: block, =one.test: block}\n"


def built(text: str = FLOOR) -> FloorBuilder:
    found, _ = root(text)
    floor = FloorBuilder()
    floor.add(found, KNOWN.categories)
    return floor


@pytest.mark.parametrize(
    "band, loosens",
    [
        ("categories: {malware: block}", False),
        ("categories: {malware: help}", True),
        ("categories: {social: help}", False),
        ("categories: {social: block}", False),  # stricter is welcome
        ("categories: {social: warn}", True),
        ("categories: {malware: {action: block, times: {lunch: allow}}}", True),
        ("sites: {bad.test: block}", False),
        ("sites: {bad.test: allow}", True),
        ("sites: {www.bad.test: monitor}", True),
        ("sites: {notbad.test: allow}", False),  # label boundary
        ("sites: {test: allow}", False),  # opens the rest; the floor still speaks first about its own
        ("sites: {mixed.test: allow}", False),
        ("sites: {mixed.test/x: allow}", True),
        ("sites: {mixed.test/x/y: allow}", True),
        ("sites: {mixed.test/xy: allow}", False),
        ("sites: {=one.test: allow}", True),
        ("sites: {www.one.test: allow}", False),
        ("sites: {bad.test: no-rule}", False),
    ],
)
def test_loosening(band: str, loosens: bool) -> None:
    found, mistakes = root(band + "\n")
    check_loosening(read_band(found, "garden", KNOWN, False), built())
    assert bool([line for line in told(mistakes) if "no band can open it" in line]) is loosens


@pytest.mark.parametrize(
    "second, mistake",
    [
        ("categories: {gambling: block}", ""),
        ("categories: {malware: block}", ""),
        ("categories: {social: block}", ""),  # help -> block is stricter
        ("categories: {malware: help}", "the floor only adds: f.yaml:1 already says block"),
        ("categories: {malware: no-rule}", "the floor only adds; nothing takes a line of it away"),
        ("sites: {bad.test: help}", "the floor only adds: f.yaml:2 already says block"),
        ("sites: {new.test: monitor}", "the floor only adds: help or block expected, not 'monitor'"),
        ("sites: {new.test: {action: block, until: 2027-01-01}}", "unknown key 'until'; known: action, message"),
    ],
)
def test_a_second_file_only_adds(second: str, mistake: str) -> None:
    floor = built()
    found, mistakes = root(second + "\n")
    floor.add(found, KNOWN.categories)
    assert told(mistakes) == ([mistake] if mistake else [])
    assert floor.categories["malware"].action is Action.BLOCK
    assert floor.sites["bad.test"].rule.action is Action.BLOCK


def test_messages() -> None:
    floor = built("categories: {malware: {action: block, message: Ask IT.}}\n")
    assert floor.categories["malware"].message == "Ask IT."


@pytest.mark.parametrize(
    "host, path, named",
    [("bad.test", "", True), ("a.bad.test", "/x", True), ("mixed.test", "", False), ("x.test", "", False)],
)
def test_names_of(host: str, path: str, named: bool) -> None:
    assert (names_of(built(), host, path) is not None) is named


def test_sites_by_host_is_the_order_core_reads() -> None:
    rule = Rule("", Action.BLOCK, Where("f"))
    sites = [SiteRule("a.test", rule), SiteRule("a.test", rule, "/x"), SiteRule("a.test", rule, exact=True)]
    assert [(s.path, s.exact) for s in sites_by_host(sites)["a.test"]] == [("/x", False), ("", True), ("", False)]
