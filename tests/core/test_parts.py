"""Unknown parts: the known-good list, and what a continued warning brings along."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hedgerow.core.asking import Asking
from hedgerow.core.model import Action, Capture, Decision, Kind
from hedgerow.core.parts import EVERY_SITE, opens_parts, weigh_part
from hedgerow.core.policy import decide
from tests.core.house import NOW, PUPIL, A, Given, ask, band, lists, policy, rule

CATEGORIES = {"page-parts": A.ALLOW, "games": A.BLOCK, "adult": A.BLOCK}
INDEX = lists(page_parts="cdn.test dirty.test play.test", adult="dirty.test filth.test", games="play.test")
BAND = band(categories=CATEGORIES, words={"bullying": A.WARN})
SCHOOL = policy(BAND, floor_categories=("adult",))
CONTINUED = Given((PUPIL.key, EVERY_SITE, BAND.unknown_part.digest))


def told(url: str, kind: Kind, grants: Given | None = None, person: str = PUPIL.key) -> Decision:
    return decide(ask(url, kind=kind), replace(PUPIL, key=person), SCHOOL, INDEX, NOW, grants)


@pytest.mark.parametrize(
    "url, kind, action, rule",
    [
        ("https://cdn.test/a.woff2", Kind.PART, A.ALLOW, "category:page-parts"),
        ("https://x.cdn.test/a.woff2", Kind.PART, A.ALLOW, "category:page-parts"),
        ("https://cdn.test/", Kind.PAGE, A.BLOCK, "unknown:page"),  # never a page of its own
        ("https://new.test/a.png", Kind.PART, A.BLOCK, "unknown:part"),
        ("https://dirty.test/a.png", Kind.PART, A.BLOCK, "floor:category:adult"),  # the floor has spoken before
        ("https://play.test/a.png", Kind.PART, A.BLOCK, "category:games"),  # and so has the band
    ],
)
def test_the_known_good_open_as_parts_only(url: str, kind: Kind, action: Action, rule: str) -> None:
    decision = told(url, kind)
    assert (decision.action, decision.rule) == (action, rule)


def test_a_known_good_host_waits_for_its_type() -> None:
    """Before the answer nobody knows whether it is a page."""
    decision = told("https://cdn.test/a", Kind.UNKNOWN)
    assert decision.pending and decision.action is A.ALLOW and decision.rule == "category:page-parts"
    assert told("https://new.test/a", Kind.UNKNOWN).action is A.BLOCK


def test_where_only_names_are_seen_the_type_is_never_known() -> None:
    guest = replace(PUPIL, level=Capture.NAMES_ONLY)
    assert decide(ask("https://cdn.test/a"), guest, SCHOOL, INDEX, NOW).action is A.BLOCK


@pytest.mark.parametrize("action", [A.BLOCK, A.WARN])
def test_a_school_can_close_them(action: Action) -> None:
    school = policy(band(categories={"page-parts": action}))
    decision = decide(ask("https://cdn.test/a.js", kind=Kind.PART), PUPIL, school, INDEX, NOW)
    assert (decision.action, decision.rule) == (A.BLOCK, "unknown:part")


def test_a_floor_that_names_them_holds() -> None:
    school = policy(BAND, floor_categories=("page-parts",))
    assert decide(ask("https://cdn.test/a.js", kind=Kind.PART), PUPIL, school, INDEX, NOW).action is A.BLOCK


@pytest.mark.parametrize(
    "url, kind, action",
    [
        ("https://new.test/a.png", Kind.PART, A.ALLOW),
        ("https://new.test/", Kind.PAGE, A.BLOCK),
        ("https://filth.test/a.png", Kind.PART, A.BLOCK),
        ("https://play.test/a.png", Kind.PART, A.BLOCK),
        ("https://8.8.8.8/a.png", Kind.PART, A.BLOCK),
    ],
)
def test_a_continued_warning_brings_unknown_parts_and_nothing_else(url: str, kind: Kind, action: Action) -> None:
    decision = told(url, kind, CONTINUED)
    assert decision.action is action and decision.lifted is (action is A.ALLOW)


def test_it_is_this_persons_and_this_rules() -> None:
    assert told("https://new.test/a.png", Kind.PART, CONTINUED, person="10.8.0.8").action is A.BLOCK
    assert told("https://new.test/a.png", Kind.PART, Given((PUPIL.key, EVERY_SITE, "other"))).action is A.BLOCK
    assert told("https://new.test/a", Kind.UNKNOWN, CONTINUED).pending


def test_which_warnings_bring_parts_along() -> None:
    """A warning about words is about words; and where parts are open anyway there is nothing to bring."""
    assert opens_parts(BAND, "any rule of a site")
    assert not opens_parts(BAND, BAND.words["bullying"].rule.digest)
    typed = replace(BAND.words["bullying"], typed=rule("words:bullying", A.WARN))
    assert typed.typed and not opens_parts(replace(BAND, words={"bullying": typed}), typed.typed.digest)
    assert not opens_parts(band(part=A.ALLOW), "any rule of a site")


def test_it_is_told_step_by_step() -> None:
    said: list[str] = []
    decide(ask("https://cdn.test/"), PUPIL, SCHOOL, INDEX, NOW, trace=lambda step, text: said.append(text))
    assert "cdn.test is listed as page-parts: a part of others' pages, no page of its own" in said


def test_the_evidence_says_which_it_was() -> None:
    asking = Asking(ask("https://cdn.test/a.js"), PUPIL, SCHOOL, BAND, INDEX, NOW, None)
    assert weigh_part(asking, "cdn.test")[1] == "known to deliver parts of good pages"
    assert "nobody has judged" in weigh_part(asking, "new.test")[1]
