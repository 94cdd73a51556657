"""The odds of a text whose words are disguised: as those of the same words plain, as far as the disguise is seen."""

from __future__ import annotations

import itertools

import pytest

from hedgerow.core.disguise_words import share_seen, shows
from hedgerow.core.features import Feature
from hedgerow.core.learned import Line, Model, Subject
from hedgerow.core.model import Passage, Where
from hedgerow.core.twins import DISGUISES
from hedgerow.core.words import Lexicon, Phrase

HERE = Where("words/learned/en.tsv", 9)
WORDS = "behind market tonight bring money sticky flowers strong lemon grams packs".split()
SUBJECT = Subject("drugs", "en", -4.0, 1.0, Line(2.0, 1.0), Line(1.0, 1.0))
FEATURES = [*(Feature(word, ((0, 3.0),), HERE) for word in WORDS), *(Feature(a, ((0, -1.0),), HERE) for a in "aeimst")]
LEXICON = Lexicon.build([Phrase("drugs", "sticky flowers", "en", HERE, 0.5)], Model((SUBJECT,), tuple(FEATURES)))
TEXT = " ".join(WORDS)


def score(text: str, typed: bool) -> float:
    return next((one.score for one in LEXICON.scan([text if typed else Passage(text)], typed)), 0.0)


@pytest.mark.parametrize("name", ["zero width", "look-alikes", "leet", "spaced", "dotted", "repeats"])
def test_whoever_disguises_all_words_gains_nothing(name: str) -> None:
    assert score(DISGUISES[name](TEXT), True) >= score(TEXT, True) - 0.5


@pytest.mark.parametrize("name", ["look-alikes", "leet", "dotted"])
def test_nor_on_a_page(name: str) -> None:
    assert score(DISGUISES[name](TEXT), False) >= score(TEXT, False) - 2.0  # there splits are spaces, too


def test_nor_where_no_space_tells_the_words_apart() -> None:
    """HTML makes one space of three."""
    row = " ".join(TEXT.replace(" ", ""))
    assert score(row, False) >= score(TEXT, False) - 0.5
    assert score(row, True) >= score(TEXT, True) - 0.5


SYLLABLES = ("bac", "cod", "depa", "fos", "geci", "hok", "lape", "moce", "nopa", "rake")
MANY = [f"{a}{b}{c}" for a, b, c in itertools.product(SYLLABLES, SYLLABLES, SYLLABLES[:6])]
LONG = Lexicon.build(
    [Phrase("drugs", "sticky flowers", "en", HERE, 0.5), Phrase("drugs", " ".join(MANY[:2]), "en", HERE, 0.5)],
    Model((SUBJECT,), tuple(Feature(word, ((0, 1.0),), HERE) for word in MANY)),
)


def test_nor_on_a_long_page_of_which_a_part_is_read_again() -> None:
    page = " ".join(MANY)
    (plain,) = LONG.scan([Passage(page)])
    (otherwise,) = LONG.scan([Passage(DISGUISES["look-alikes"](page))])
    assert plain.score > 8 and otherwise.score > 5


def test_what_is_seen_is_drawn_from_the_whole_text() -> None:
    words = [f"w.o.r.d.{n}" if n % 100 else "plainly" for n in range(6400)]
    assert share_seen(words) > 0.9
    assert share_seen(["plainly"] * 3000 + ["w.o.r.d.s"] * 3000) == pytest.approx(0.5, abs=0.2)


@pytest.mark.parametrize(
    "chunk", ["we.ed", "dr_ugs", "ᴅʀᴜɢꜱ", "🅳🆁🆄🅶🆂", "c4sino", "рorn", "d.r.u.g.s", "freeeee", "d r u g s", "m\u200b0ney"]
)
def test_disguises_that_anybody_sees(chunk: str) -> None:
    assert shows(chunk)


@pytest.mark.parametrize("chunk", ["money", "đường", "деньги", "e-mail", "that's", "good,", "«слово»", "می\u200cشود"])
def test_ordinary_words_are_none(chunk: str) -> None:
    assert not shows(chunk)


def test_short_words_are_not_asked() -> None:
    assert share_seen(["2nd", "of", "the"]) == 0.0
    assert share_seen(["c4sino", "tonight", "2nd"]) == 0.5
