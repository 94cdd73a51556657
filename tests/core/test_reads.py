"""Searches are asked only what can count in a text."""

from __future__ import annotations

from hedgerow.core.kinds import Kind
from hedgerow.core.model import Place, Where
from hedgerow.core.normal import fold
from hedgerow.core.origins import Normalised, Piece, Reading
from hedgerow.core.reads import narrowed
from hedgerow.core.spacing import spaced
from hedgerow.core.words import Lexicon, Phrase

HERE = Where("x", 1)
LEXICON = Lexicon.build([Phrase("t", "free spins", "en", HERE, 9.0), Phrase("t", "đánh bài", "vi", HERE, 2.0)])


def searched(text: Normalised) -> list[bool]:
    """By search, whether something of it stands there."""
    (standing,) = LEXICON._searches.searched(text, Place.BODY, 0).standing
    return list(map(bool, standing))


def test_as_it_is_a_text_is_not_searched_inside_words() -> None:
    assert searched(Normalised("free spins, freespins, danh bai")) == [True, True, False, False]


def test_a_reading_is_searched_for_the_kinds_it_was_made_for() -> None:
    pieces = [Piece(word, 0, 1) for word in ("free", "spins", "freespins", "danh", "bai")]
    assert searched(Reading("x", pieces)) == [True, False, False, False]
    assert searched(Reading("x", pieces, frozenset({Kind.JOINED}))) == [False, False, True, False]


def test_what_is_not_searched_would_not_have_counted() -> None:
    text = Normalised("đánh bài, danh bai, free spins and freespins")
    words = spaced(fold(text.original))
    whole = tuple(matcher.standing(words) for matcher in LEXICON._searches.matchers)
    read = LEXICON._searches.searched(text, Place.BODY, 0)
    assert all(whole[:3]) and narrowed(read._replace(standing=(whole,))) == narrowed(read)
