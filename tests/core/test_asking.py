from __future__ import annotations

from dataclasses import replace

import pytest

from hedgerow.core.asking import Asking, effective, lifted, refused, told, weigh
from hedgerow.core.model import Action, Capture, Kind, Step
from tests.core.house import NOW, PUPIL, A, Given, ask, band, lists, policy, rule

SCHOOL = policy(band())
LENIENT = policy(band(lenient=True))
WINDOWED = rule("category:games", A.BLOCK, times=(("lunch", A.ALLOW),))


def asking(lenient: bool = False, kind: Kind = Kind.UNKNOWN, grants: Given | None = None) -> Asking:
    school = LENIENT if lenient else SCHOOL
    shelf = school.bands["ages-8-10"]
    return Asking(ask("https://forum.test/", kind=kind), PUPIL, school, shelf, lists(), NOW, grants)


@pytest.mark.parametrize("hour, action", [(9, A.BLOCK), (12, A.ALLOW), (13, A.ALLOW), (14, A.BLOCK)])
def test_effective(hour: int, action: Action) -> None:
    assert effective(WINDOWED, NOW.replace(hour=hour), SCHOOL.bands["ages-8-10"], SCHOOL) is action


@pytest.mark.parametrize(
    "action, can", [(A.WARN, True), (A.HELP, True), (A.LIMIT, False), (A.BLOCK, False), (A.ALLOW, False)]
)
def test_only_a_warning_or_help_can_be_lifted(action: Action, can: bool) -> None:
    one = rule("category:social", action)
    given = Given((PUPIL.key, "forum.test", one.digest))
    assert lifted(asking(grants=given), one, action, "www.forum.test") is can


@pytest.mark.parametrize(
    "step, lenient, kind, shown, pending",
    [
        (Step.CATEGORY, False, Kind.PART, A.WARN, False),
        (Step.CATEGORY, True, Kind.PART, A.MONITOR, False),
        (Step.CATEGORY, True, Kind.UNKNOWN, A.MONITOR, True),
        (Step.CATEGORY, True, Kind.PAGE, A.WARN, False),
        (Step.FLOOR, True, Kind.PART, A.WARN, False),  # the floor is never softened
    ],
)
def test_weigh(step: Step, lenient: bool, kind: Kind, shown: Action, pending: bool) -> None:
    weighed = weigh(asking(lenient, kind), step, rule("category:social", A.WARN), "forum.test")
    assert (weighed.shown, weighed.pending) == (shown, pending)


def test_told_says_the_rule_and_where_it_stands() -> None:
    decision = told(asking(), Step.CATEGORY, weigh(asking(), Step.CATEGORY, WINDOWED, "play.test"), "play.test", "why")
    assert (decision.rule, decision.where, decision.evidence) == ("category:games", "bands/test.yaml:1", "why")
    assert decision.site == "play.test" and not decision.reads_words


def test_refused_is_a_block_with_its_own_status() -> None:
    decision = refused(ask("https://a.test/"), "ages-8-10", "p1", "private-address", "10.0.0.1")
    assert (decision.action, decision.step, decision.rule) == (A.BLOCK, Step.BUILTIN, "builtin:private-address")
    assert refused(ask("https://a.test/"), "ages-8-10", "p1", "bad-name", "").status == 400


def test_a_note_is_made_only_for_a_listener() -> None:
    heard: list[str] = []
    listened = replace(asking(), trace=lambda step, text: heard.append(text))
    listened.note(Step.SITE, "%s is %s", "a", 1)
    asking().note(Step.SITE, "%s", object())
    assert heard == ["a is 1"] and listened.identity.level is Capture.DECRYPTED
