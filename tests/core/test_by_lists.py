"""What lists alone do with a name: the strictest listed category that has a rule, the floor's before the band's."""

from __future__ import annotations

import pytest

from hedgerow.core.by_lists import Verdict, by_lists
from hedgerow.core.model import Action
from tests.core.house import band, lists, policy

LISTS = lists(gambling="casino.test", games="casino.test play.test", malware="bad.test", news="paper.test")
SCHOOL = policy(band(categories={"gambling": Action.BLOCK, "games": Action.LIMIT, "news": Action.ALLOW}))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("www.casino.test", (Action.BLOCK, "gambling", "casino.test")),
        ("play.test", (Action.LIMIT, "games", "play.test")),
        ("bad.test", (Action.BLOCK, "malware", "bad.test")),  # the floor
        ("paper.test", (Action.ALLOW, "news", "paper.test")),
    ],
)
def test_by_lists(host: str, expected: tuple[Action, str, str]) -> None:
    found = by_lists(LISTS, host, "/", SCHOOL.bands["ages-8-10"], SCHOOL.floor)
    assert found.match is not None and (found.action, found.category, found.match.name) == expected


def test_what_no_list_names_and_what_no_rule_speaks_about_is_open() -> None:
    shelf = SCHOOL.bands["ages-8-10"]
    assert by_lists(LISTS, "other.test", "/", shelf, SCHOOL.floor) == Verdict()
    assert by_lists(lists(weapons="gun.test"), "gun.test", "/", shelf, SCHOOL.floor) == Verdict()
