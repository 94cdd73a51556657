from __future__ import annotations

from dataclasses import replace

import pytest

from hedgerow.core.asking import Asking
from hedgerow.core.model import Action, NameSource, Protected, Where
from hedgerow.core.steps import STEPS, listed_nowhere, unknown
from tests.core.house import NOW, PUPIL, A, ask, band, lists, policy, site
from tests.core.member import member

SCHOOL = policy(
    band(categories={"games": A.BLOCK}, sites=(site("open.test", A.ALLOW),)),
    floor=(site("forbidden.test", A.BLOCK),),
    protected=(
        Protected("help.test", Where("helplines/en.yaml", 1)),
        Protected("own.test", Where("local/helplines/en.yaml", 1), shipped=False),
    ),
)
INDEX = lists(games="play.test open.test forbidden.test help.test own.test", malware="own.test")


def asking(url: str) -> Asking:
    return Asking(ask(url), PUPIL, SCHOOL, SCHOOL.bands["ages-8-10"], INDEX, NOW, None)


@pytest.mark.parametrize(
    "host, spoke, rule",
    [
        ("help.test", [1, 6], "protected:help.test"),
        ("forbidden.test", [2, 6], "site:forbidden.test"),
        ("own.test", [2, 3, 6], "floor:category:malware"),  # the floor is above a school's own helpline
        ("open.test", [5, 6], "site:open.test"),
        ("play.test", [6], "category:games"),
        ("new.test", [], None),
    ],
)
def test_which_steps_have_something_to_say_and_the_first_is_heard(
    host: str, spoke: list[int], rule: str | None
) -> None:
    said = [step(asking(f"https://{host}/"), host) for step in STEPS]
    assert [place for place, decision in enumerate(said) if decision is not None] == spoke
    assert next((decision.rule for decision in said if decision is not None), None) == rule


def test_a_member_only_list_is_heard_before_a_helpline() -> None:
    closed = replace(asking("https://help.test/"), policy=replace(SCHOOL, illegal=member(iwf="help.test")))
    said = [step(closed, "help.test") for step in STEPS]
    assert said[0] is not None and said[1] is not None and said[0].rule == "member:iwf"


@pytest.mark.parametrize(
    "host, rule", [("new.test", "unknown:page"), ("8.8.8.8", "unknown:address"), ("2001:4860::1", "unknown:address")]
)
def test_the_unknown_always_speaks(host: str, rule: str) -> None:
    assert unknown(asking("https://new.test/"), host).rule == rule


def test_a_dialled_address_beside_names_opens_nothing_by_itself() -> None:
    decision = listed_nowhere(asking("https://new.test/"), "8.8.8.8")
    assert decision.action is Action.ALLOW and NameSource.DESTINATION in decision.rule
