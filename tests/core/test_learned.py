"""The linear model: what stands in a text is what the features of that text are; sums, roots, evidence."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.learned import NOTHING, Feature, Learned, Line, Model, Subject, features_of, length
from hedgerow.core.model import Where
from hedgerow.core.normal import fold
from hedgerow.core.spacing import spaced

HERE = Where("words/learned/en.tsv", 9)
LINE = Line(2.0, 0.5)


def model(*features: tuple[str, float]) -> Learned:
    subject = Subject("gambling", "en", -1.0, 2.0, LINE, LINE)
    return Learned(Model((subject,), tuple(Feature(text, ((0, weight),), HERE) for text, weight in features)))


@pytest.mark.parametrize(
    "text, expected",
    [
        ("free spins", {"free", "spins", "spins*", "free spins"}),
        ("casinos, now!", {"casinos", "casin*", "now"}),  # what punctuation parts is no pair
        ("don't", {"don", "t", "don t"}),
        ("🔞 x", {"🔞", "x"}),
        ("", set()),
    ],
)
def test_features(text: str, expected: set[str]) -> None:
    assert features_of(text) == expected


@settings(deadline=None)
@given(st.text("ab é赌🔞,.'ж ", max_size=40), st.text("ab é赌🔞,.'ж ", max_size=40))
def test_what_stands_in_a_text_are_its_features(text: str, other: str) -> None:
    """Learned from one, found by the other: both must mean the same."""
    names = sorted(features_of(fold(text)) | features_of(fold(other)))
    learned = model(*((name, 1.0) for name in names))
    standing = learned.standing(spaced(fold(text)))
    assert {names[n] for n in standing} == features_of(fold(text))


def test_odds_are_the_sum_by_the_root_of_the_length() -> None:
    learned = model(("free spins", 6.0), ("casin*", 3.0), ("homework", -2.0), *((f"word{n}", 0.0) for n in range(60)))
    known = set(range(3, 63))
    assert learned.odds(learned.summed({0, 1} | known), 9) == {0: pytest.approx(-1 + 9 / 3)}
    assert learned.odds(learned.summed({0, 1, 2} | known), 100) == {0: pytest.approx(-1 + 7 / 10)}
    assert learned.odds(learned.summed({0}), 1) == {0: pytest.approx(-1 + 6 / math.sqrt(4))}  # one word is no text
    assert learned.odds(learned.summed(set()), 9) == {}


def test_of_a_text_in_a_language_that_is_not_known_nothing_is_said() -> None:
    learned = model(("casino", 9.0), ("bonus", 9.0))
    assert learned.odds(learned.summed({0, 1}), 9) == {}


def test_what_tells_is_what_speaks_for_it() -> None:
    learned = model(("a", 1.0), ("b", -5.0), ("c", 3.0), ("d", 2.0))
    assert learned.telling({0, 1, 2, 3}, 0, 2) == [(3.0, 2), (2.0, 3)]


def test_points() -> None:
    assert LINE.points(2.0, 3.0) == 3.0
    assert LINE.points(4.0, 3.0) == 4.0
    assert LINE.points(-40.0, 3.0) == 0.0


def test_nothing_is_learned() -> None:
    assert Learned(NOTHING).standing(b" any words ") == set()


def test_length() -> None:
    assert length(["one two", "", "three"]) == 3
