"""One look at a page never lets go what reading it would find, and costs less than reading it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.features import Feature
from hedgerow.core.glance import Glance, Joined
from hedgerow.core.kinds import Kind, kinds_of
from hedgerow.core.learned import Line, Model, Subject
from hedgerow.core.model import Passage, Place, TopicScore, Where
from hedgerow.core.normal import fold
from hedgerow.core.reads import sample
from hedgerow.core.spacing import spaced
from hedgerow.core.words import Lexicon, Phrase

HERE = Where("x", 1)
KNOWN = ["casino", "bonus", "spins", "win", "now", "homework", "lesson", "and", "the", "казино", "chơi", "bài"]
MODEL = Model(
    (Subject("gambling", "en", -2.0, 1.5, Line(2.0, 0.75), Line(1.0, 0.5)),),
    tuple(
        Feature(word, ((0, weight),), HERE)
        for word, weight in zip(KNOWN, (9.0, 4.0, 3.0, 1.0, 0.5, -6.0, -4.0, 0.0, 0.0, 9.0, 2.0, 1.0), strict=True)
    ),
)
LEXICON = Lexicon.build(
    [
        *(Phrase("gambling", word, "en", HERE, 1.1) for word in ("casino", "free spins", "казино", "cá độ")),
        Phrase("gambling", "win + now", "en", HERE, 1.2, groups=(("win", "won"), ("now",)), within=3),
        Phrase("gambling", "đánh bài ăn tiền", "vi", HERE, 2.0),
        Phrase("drugs", "weed", "en", HERE, 1.5),
        Phrase("drugs", "buy + cocaine", "en", HERE, 4.0, groups=(("buy", "order"), ("cocaine", "lsd")), within=9),
    ],
    MODEL,
)
PIECES = [
    *KNOWN, "free", "weed", "w33d", "c4sino", "c.a.s.i.n.o", "c a s i n o", "сasino", "cásinö", "won", ";;;", ".", "a",
    "danh bai an tien", "đánh bài ăn tiền", "ca do", "cá độ", "کازینو", "ca-si-no", "weeeeed", "buy", "c0caine",
    "l5d", "c.o.c.a.i.n.e", "phở " + "the weather in spring and in autumn " * 7,
]  # fmt: skip
PASSAGES = st.builds(
    Passage, st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join), st.sampled_from([*Place, Place.BODY])
)


def read_whole(passages: list[Passage]) -> tuple[TopicScore, ...]:
    """What a scan finds that looks at every page closely."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Glance, "topics", lambda *_: {"gambling", "drugs"})
        return LEXICON.scan(passages)


@settings(deadline=None, max_examples=400)
@given(st.lists(PASSAGES, max_size=6))
def test_what_a_close_look_finds_is_never_let_go(passages: list[Passage]) -> None:
    found = [one for one in read_whole(passages) if one.score >= 1]
    assert [one for one in LEXICON.scan(passages) if one.score >= 1] == found


@given(st.lists(st.text("abc казі được ;", max_size=30), min_size=1, max_size=5))
def test_passages_together_may_be_spelled_as_each_of_them_may(texts: list[str]) -> None:
    together = Joined(" ;;; ".join(texts))
    assert all(kinds_of(fold(text)) <= together.kinds for text in texts if fold(text))


def test_the_title_may_be_toneless_though_the_page_is_not() -> None:
    assert Kind.TONELESS in Joined("danh bai an tien ;;; đánh bài ăn tiền hôm nay").kinds


@pytest.mark.parametrize("texts", [("free", "spins"), ("win", "now"), ("the casi", "no")])
def test_nothing_stands_across_two_passages(texts: tuple[str, str]) -> None:
    lexicon = Lexicon.build([Phrase("t", "free spins", "en", HERE, 9.0), Phrase("t", "casino", "en", HERE, 9.0)])
    assert lexicon.scan(list(texts)) == ()


@given(st.text("ab é赌, ", max_size=9_000), st.integers(1, 9))
def test_of_a_short_text_all_is_asked_and_of_a_long_one_whole_words(text: str, times: int) -> None:
    data = spaced(fold(text) * times)
    found = sample(data)
    assert found == data if len(data) <= 16 * 1024 else len(found) <= 16 * 1024
    assert set(found.split()) <= set(data.split())


def test_what_is_asked_of_a_long_text_comes_from_all_over_it() -> None:
    words = [f"w{number}" for number in range(100_000)]
    numbers = [int(word[1:]) for word in sample(spaced(" ".join(words))).split()]
    assert numbers == sorted(numbers) and len(numbers) > 2_000
    assert all(any(start <= number < start + 7_000 for number in numbers) for start in range(0, 93_000, 7_000))


WAYS_ROUND = {
    "one part of a combination in leet": ["you can buy pure c0caine here today"],
    "an accent on a page with one Vietnamese word": [
        "best cásino",
        "a bowl of phở, and " + "the weather in spring " * 15,
    ],
    "leet behind a heap of splits": ["a-" * 60_000, "c4sino and c4sino"],
    "an alphabet under a heap of another": ["казино бонус ставки казино " * 4, "x" * 9_000],
    "signs that are no letters": ["казино бонус ставки казино", "─" * 900],
}


@pytest.mark.parametrize("way", WAYS_ROUND)
def test_ways_round_the_look(way: str) -> None:
    passages = [Passage(text) for text in WAYS_ROUND[way]]
    found = {one.topic for one in LEXICON.scan(passages)}
    assert found and found == {one.topic for one in read_whole(passages)}


def topics(*passages: Passage) -> set[str]:
    look = LEXICON._glance.at(passages)
    return LEXICON._glance.topics(look, 4.0)


def test_what_stands_below_counts_no_more_because_a_title_stands_above() -> None:
    title, below = Passage("the news of the day", Place.TITLE), Passage("weed and the garden")
    assert topics(title, below) == topics(below) == set()
    assert topics(title._replace(text="weed"), below) == {"drugs"}
    assert topics(title._replace(text="w33d"), below) == {"drugs"}


def test_words_in_leet_are_read_together_wherever_they_stand() -> None:
    look = LEXICON._glance.at([Passage("c.a.s.i.n.o", Place.TITLE), Passage("b.o.n.u.s s.p.i.n.s", Place.BODY)])
    assert max(len(one.features) for one in look.all) == 3


def test_long_words_at_the_places_that_are_asked_hide_nothing() -> None:
    page = "".join(f" {'x' * 1_100} {'y' * 1_100} " + "casino bonus spins " * 200 for _ in range(16))
    data = sample(spaced(page))
    assert len(data) > 8_000 and data.count(b"casino") > 300


def test_a_thousand_strings_of_a_program_cost_no_more_than_one_text() -> None:
    strings = [Passage(f"menu entry number {number}: colour of the paper") for number in range(1_000)]
    times = {}
    for name, passages in (("many", strings), ("one", [Passage("\n".join(one.text for one in strings))])):
        started = time.thread_time()
        for _ in range(5):
            assert LEXICON.scan(passages) == ()
        times[name] = time.thread_time() - started
    assert times["many"] < 3 * times["one"]
