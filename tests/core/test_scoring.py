"""How mentions become scores: weights, places, repetition, length, context, crisis."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.model import Passage, Place, TopicScore, Where
from hedgerow.core.phrases import Phrase, combination
from hedgerow.core.words import Lexicon

W = Where("words/x.yaml", 1)
GROUPS = (("buy*", "sell*"), ("hash", "weed"))


def phrase(text: str, weight: float = 1.0, topic: str = "drugs", *, lowers: bool = False, most: int = 3) -> Phrase:
    return Phrase(topic, text, "en", W, weight, most=most, lowers=lowers)


DRUGS = Lexicon.build(
    [
        phrase("cocaine"),
        phrase("stash", 0.5),
        phrase("drop point", 2, most=1),
        Phrase("drugs", combination(GROUPS), "en", W, 2.0, GROUPS, 2),
        phrase("drug prevention", lowers=True),
        phrase("museum", 2, lowers=True),
        phrase("rehab clinic", lowers=True, most=1),
    ]
)


def points(found: tuple[TopicScore, ...]) -> float:
    return found[0].score if found else 0.0


@pytest.mark.parametrize(
    "text, expected",
    [
        ("cocaine", 1),
        ("cocaine cocaine", 1),
        ("stash", 0.5),
        ("stash cocaine", 1.5),
        ("buying some weed", 2),
        ("weed to sell", 2),
        ("weed I would never ever sell", 0),
        ("cocaine drug prevention", 0),
        ("drop point drug prevention", 1),
        ("drop point museum rehab clinic", 0),
        ("drug prevention", 0),
        ("cocaine " + "word " * 3000, 1),
    ],
)
def test_typed(text: str, expected: float) -> None:
    assert points(DRUGS.scan([text], typed=True)) == expected


@pytest.mark.parametrize(
    "passages, expected",
    [
        ([Passage("cocaine")], 1),
        ([Passage("cocaine cocaine")], 1.5),
        ([Passage("cocaine " * 9)], 1 + 1 / 2 + 1 / 3),
        ([Passage("drop point, drop point")], 2),
        ([Passage("cocaine", Place.TITLE)], 2),
        ([Passage("cocaine", Place.HEADING)], 1.5),
        ([Passage("cocaine", Place.ALT)], 1),
        ([Passage("cocaine"), Passage("cocaine", Place.TITLE)], 2.5),
        ([Passage("sell weed. sell hash")], 3),
        ([Passage("buy"), Passage("weed")], 0),
        ([Passage("cocaine drug prevention")], 0.2),
        ([Passage("cocaine cocaine museum"), Passage("rehab clinic " * 9)], 0.3),
        ([Passage("drop point rehab clinic")], 1),
        ([Passage("cocaine drop point" + " word" * 1197)], 1.5),
        ([Passage("cocaine" + " word" * 1199)], 0),  # half a point: no page is closed by it, and it is not looked for
    ],
)
def test_page(passages: list[Passage], expected: float) -> None:
    assert points(DRUGS.scan(passages)) == pytest.approx(expected)


def test_evidence_tells_what_spoke_against_it() -> None:
    (score,) = DRUGS.scan(["selling weed, cocaine, stash; the museum of drug prevention"])
    assert [(hit.phrase, hit.weight) for hit in score.hits] == [
        ("sell* … weed", 2.0),
        ("cocaine", 1.0),
        ("stash", 0.5),
        ("museum", -2.0),
        ("drug prevention", -1.0),
    ]
    assert [hit.excerpt[hit.start : hit.end] for hit in score.hits[:2]] == ["selling weed", "cocaine"]


CRISIS = Lexicon.build(
    [
        phrase("i want to die", 2, "self-harm"),
        phrase("die", 0.5, "self-harm"),
        phrase("hotline", 4, "self-harm", lowers=True),
    ]
)


def test_no_context_silences_a_crisis() -> None:
    assert points(CRISIS.scan(["i want to die hotline"], typed=True)) == 1.0
    assert points(CRISIS.scan(["die hotline"], typed=True)) == 0


WORDS = ("cocaine", "stash", "drop", "point", "buy", "weed", "drug", "prevention", "museum", "x", "die", "hotline")
PAGES = st.lists(
    st.builds(Passage, st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), st.sampled_from(Place)), max_size=4
)
PHRASES = [
    phrase("cocaine"),
    phrase("stash", 0.5),
    phrase("drop point", 2),
    phrase("point stash", 3),
    Phrase("drugs", combination(GROUPS), "en", W, 2.0, GROUPS, 2),
    phrase("drug prevention", lowers=True),
    phrase("museum", 2, lowers=True),
    phrase("die", 2, "self-harm"),
    phrase("drug hotline", 1, "self-harm"),
    phrase("hotline", 1, "self-harm", lowers=True),
]
SOME = st.sets(st.integers(0, len(PHRASES) - 1)).map(lambda chosen: [PHRASES[number] for number in sorted(chosen)])


def by_topic(phrases: list[Phrase], page: list[Passage], typed: bool) -> dict[str, float]:
    return {score.topic: score.score for score in Lexicon.build(phrases).scan(page, typed)}


@settings(deadline=None)
@given(SOME, st.sampled_from(PHRASES), PAGES, st.booleans())
def test_a_phrase_lowers_no_other_topic_and_context_raises_none(
    phrases: list[Phrase], more: Phrase, page: list[Passage], typed: bool
) -> None:
    before, after = by_topic(phrases, page, typed), by_topic([*phrases, more], page, typed)
    for topic in ("drugs", "self-harm"):
        if topic != more.topic:
            assert after.get(topic, 0) == before.get(topic, 0)
        elif more.lowers:
            assert after.get(topic, 0) <= before.get(topic, 0)


@settings(deadline=None)
@given(SOME, PAGES.flatmap(lambda page: st.tuples(st.just(page), st.permutations(page))), st.booleans())
def test_order_makes_no_difference(
    phrases: list[Phrase], pages: tuple[list[Passage], list[Passage]], typed: bool
) -> None:
    page, shuffled = pages
    assert by_topic(phrases, page, typed) == by_topic(phrases[::-1], shuffled, typed)


@settings(deadline=None)
@given(SOME, PAGES)
def test_what_cannot_be_found_is_not_found(phrases: list[Phrase], page: list[Passage]) -> None:
    words = Lexicon.build(phrases)
    if not words.may_find([passage.text for passage in page]):
        assert words.scan(page) == ()


@given(st.integers(1, 40), st.integers(0, 9))
def test_context_never_takes_all(times: int, context: int) -> None:
    page = "cocaine " * times + "museum " * context + "drug prevention " * context
    raised = math.fsum(1 / n for n in range(1, min(times, 3) + 1))
    assert points(DRUGS.scan([page])) >= raised * 0.2 - 1e-9
