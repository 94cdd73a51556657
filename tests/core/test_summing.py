"""Lists and learned weights together."""

from __future__ import annotations

import pytest

from hedgerow.core.features import Feature
from hedgerow.core.learned import Line, Model, Subject
from hedgerow.core.model import Passage, Place, Where
from hedgerow.core.words import Lexicon, Phrase

HERE = Where("words/learned/en.tsv", 9)
SUBJECTS = (
    Subject("gambling", "en", -4.0, 3.0, Line(2.0, 1.0), Line(1.0, 0.5)),
    Subject("self-harm", "en", -3.0, 2.0, None, Line(1.0, 0.5), ("hate",)),
)
FEATURES = (
    Feature("spin*", ((0, 12.0),), HERE),
    Feature("free", ((0, 4.0), (1, -1.0)), HERE),
    Feature("museum", ((0, -14.0),), HERE),
    Feature("goodbye", ((1, 9.0),), HERE),
    Feature("quoted", ((1, -9.0),), HERE),
    *(
        Feature(word, ((0, 0.0), (1, 0.0)), HERE)
        for word in "now ok a about the jackpot day here online casino they are all friends vermin of words".split()
    ),
)
PHRASES = [
    Phrase("gambling", "online casino", "en", Where("words/gambling.en.yaml", 3), 1.0),
    Phrase("gambling", "jackpot", "en", Where("words/gambling.en.yaml", 4), 3.0),
    Phrase("hate", "vermin", "en", Where("words/hate.en.yaml", 2), 3.0),
]
LEXICON = Lexicon.build(PHRASES, Model(SUBJECTS, FEATURES))
BY_HAND = Lexicon.build(PHRASES)


def scored(text: str, typed: bool = False, lexicon: Lexicon = LEXICON) -> dict[str, float]:
    return {score.topic: round(score.score, 2) for score in lexicon.scan([text], typed)}


def test_many_small_signs_catch_what_no_list_knows() -> None:
    assert scored("free spinning now ok", True) == {"gambling": pytest.approx(1 + (-4 + 16 / 2 - 1) * 0.5)}
    assert scored("free spinning now ok")["gambling"] == pytest.approx(3 + (-4 + 16 / 2 - 2) * 1)
    assert scored("free spinning now ok", lexicon=BY_HAND) == {}


def test_signs_against_it_take_a_phrase_of_a_list_away() -> None:
    assert scored("the jackpot", lexicon=BY_HAND)["gambling"] == 3.0
    assert scored("a museum about a jackpot").get("gambling", 0.0) == 0.0


def test_a_list_and_signs_add_up() -> None:
    alone = scored("free spinning day here", True)["gambling"]
    assert scored("free spinning online casino", True)["gambling"] > alone


def test_topics_that_nothing_was_learned_about_are_the_lists_own() -> None:
    assert scored("they are vermin")["hate"] == scored("they are vermin", lexicon=BY_HAND)["hate"] == 3.0


def test_a_subject_may_take_other_lists_hits_away_but_adds_none() -> None:
    assert scored("quoted: they are vermin", True).get("hate", 0.0) < 1
    assert scored("goodbye vermin all goodbye", True)["hate"] <= 3.0  # not more than the list says
    assert scored("quoted: they are vermin")["hate"] == 3.0  # it knows nothing of pages
    assert "hate" not in scored("goodbye goodbye all friends", True)


def test_what_people_say_of_themselves_is_not_judged_on_pages() -> None:
    assert scored("goodbye goodbye all friends", True)["self-harm"] > 1
    assert scored("goodbye goodbye all friends") == {}


def test_evidence_points_into_the_text_and_to_the_line() -> None:
    text = "Now: FREE  Spinning!"
    (score,) = LEXICON.scan([text], True)
    assert [(text[hit.start : hit.end], hit.phrase, str(hit.where)) for hit in score.hits] == [
        ("Spin", "spin*", str(HERE)),
        ("FREE", "free", str(HERE)),
    ]
    assert [hit.weight for hit in score.hits] == sorted((hit.weight for hit in score.hits), reverse=True)


def test_a_disguise_is_seen_through_if_it_says_much_more() -> None:
    assert scored("fr33 sp1nning", True)["gambling"] == pytest.approx(1 + (-4 + 16 / 2 - 1) * 0.5)
    few = scored("free sp1nning today here", True)["gambling"]  # one of four words: half of the doubt is left
    assert few == pytest.approx(1 + (-4 + 16 / 2 - 1.5 - 1) * 0.5)
    assert "gambling" not in scored("fr33", True)


def test_passages_of_a_page_are_one_text() -> None:
    parts = [Passage("free", Place.TITLE), Passage("spinning now ok", Place.BODY)]
    (score,) = LEXICON.scan(parts)
    assert score.topic == "gambling"
    assert LEXICON.may_find([part.text for part in parts])
    assert not LEXICON.may_find(["museum of free words"])


def test_of_addresses_the_lists_speak_alone() -> None:
    assert LEXICON.scan([Passage("free spinning", Place.ADDRESS)], True) == ()
    (score,) = LEXICON.scan([Passage("free spinning online casino", Place.ADDRESS)], True)
    assert score.score == 1.0


@pytest.mark.parametrize("file, text, score", [
    ("words/gambling.en.yaml", "a museum about the jackpot", 0.0),
    ("local/words/gambling.en.yaml", "a museum about the jackpot", 3.0),
    ("words/gambling.en.yaml", "a museum about the j4ckpot", 3.0),
])  # fmt: skip
@pytest.mark.parametrize("typed", [True, False])
def test_what_a_school_wrote_and_what_is_disguised_holds(file: str, text: str, score: float, typed: bool) -> None:
    lexicon = Lexicon.build([Phrase("gambling", "jackpot", "en", Where(file, 4), 3.0)], Model(SUBJECTS, FEATURES))
    assert scored(text, typed, lexicon).get("gambling", 0.0) == score


@pytest.mark.parametrize(
    "text, heard", [("goodbye", False), ("goodbye all friends", False), ("goodbye my all friends", True)]
)
def test_two_words_are_a_crisis_only_where_a_list_says_so(text: str, heard: bool) -> None:
    assert bool(scored(text, True).get("self-harm")) is heard


INSULTS = Subject("bullying", "en", -3.0, 1.0, None, Line(4.0, 0.5), ("strong-language",), believed=1.0)
TALK = [
    Feature(word, ((0, 0.0),), HERE) for word in "you are a fool my he said that so we asked him to stop it".split()
]
SAID = Lexicon.build(
    [
        Phrase("bullying", "fool", "en", Where("words/bullying.en.yaml", 3), 1.0),
        Phrase("strong-language", "fool", "en", Where("words/strong-language.en.yaml", 3), 1.0),
    ],
    Model((INSULTS,), (*TALK, Feature("said that", ((0, -9.0),), HERE))),
)


@pytest.mark.parametrize(
    "text, believed",
    [
        ("you are a fool", True),
        ("fool", True),
        ("he said that you are a fool", False),  # the odds speak against it
        ("so we asked him to stop it and he said you are a fool and that so we asked him to stop it", False),  # so long
    ],
)
def test_a_word_of_the_lists_in_a_short_text_means_what_it_says(text: str, believed: bool) -> None:
    found = scored(text, True, SAID)
    assert {topic for topic, score in found.items() if score >= 1} == (set(INSULTED) if believed else set())


INSULTED = ("bullying", "strong-language")
