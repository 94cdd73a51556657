"""What a resolver is told about a name: ``decide`` where only names are seen and no page can be shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hedgerow.core.model import Action, Protected, Rule, Where
from hedgerow.stores.exports.verdicts import Verdicts
from tests.core.house import NOW, Lists, band, lists, policy, rule, site

A = Action
CATEGORIES: dict[str, Action | Rule] = {
    "gambling": A.BLOCK,
    "shopping": A.WARN,
    "eating-disorders": A.HELP,
    "music": rule("category:music", A.LIMIT, times=(("lunch", A.ALLOW),)),
    "news": A.MONITOR,
    "page-parts": A.ALLOW,
}
SITES = (site("open.casino.test", A.ALLOW), site("only.test", A.BLOCK, exact=True), site("part.test", A.BLOCK, "/x"))
LISTS = lists(
    gambling="casino.test 45.90.20.7 xn--80ak6aa92e.test",
    shopping="shop.test",
    eating_disorders="thin.test",
    music="music.test",
    news="news.test help.news.test",
    malware="bad.test open.bad.test helpline.test",
    page_parts="cdn.test",
)
HELPLINES = (Protected("helpline.test", Where("helplines/en.yaml", 1)),)


def verdicts(
    lenient: bool = False, page: Action = A.BLOCK, later: timedelta = timedelta(), names: Lists = LISTS
) -> Verdicts:
    school = policy(band("b", CATEGORIES, SITES, page=page, lenient=lenient), protected=HELPLINES)
    return Verdicts(school, "b", names, NOW + later)


@pytest.mark.parametrize(
    ("host", "younger", "older"),
    [
        ("casino.test", True, True),
        ("www.casino.test", True, True),
        ("open.casino.test", False, False),
        ("a.open.casino.test", False, False),
        ("only.test", True, True),
        ("news.test", False, False),
        ("bad.test", True, True),  # the floor
        ("helpline.test", False, False),  # before the floor
        ("www.helpline.test", True, True),  # exactly that name
        ("thin.test", True, True),  # help is no warning
        ("shop.test", True, False),  # a warning without its page
        ("music.test", True, False),  # a limit without its page
        ("cdn.test", True, False),  # as a page, a site nobody has judged
        ("never-seen.test", True, False),
        ("*", True, False),
        ("*.casino.test", True, True),
        ("xn--pypal-4ve.test", True, True),  # mixed scripts
    ],
)
def test_refused(host: str, younger: bool, older: bool) -> None:
    assert verdicts(page=A.WARN).refused(host) is younger
    assert verdicts(lenient=True, page=A.WARN).refused(host) is older


def test_the_clock_counts() -> None:
    assert verdicts().refused("music.test")
    assert not verdicts(later=timedelta(hours=3)).refused("music.test")


def test_addresses_are_judged_by_lists_alone() -> None:
    asked = verdicts()
    assert asked.address_refused("45.90.20.7")
    assert not asked.address_refused("45.90.20.8")


def test_names_of_which_lists_say_the_same_are_judged_once_and_the_same() -> None:
    many = lists(gambling=" ".join(f"g{n}.test" for n in range(200)), news=" ".join(f"n{n}.test" for n in range(200)))
    asked = verdicts(names=many)
    hosts = [f"{sub}{kind}{n}.test" for n in range(250) for kind in "gn" for sub in ("", "www.")]
    assert [asked.refused(host) for host in hosts] == [verdicts(names=many).refused(host) for host in hosts]
    assert len(asked._known) == 3


def test_named() -> None:
    assert verdicts().named() == {"helpline.test", "open.casino.test", "only.test", "part.test"}
