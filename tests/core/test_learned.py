"""The linear model: what stands in a text is what the features of that text are; sums, roots, evidence."""

from __future__ import annotations

import math
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.features import Feature, Features
from hedgerow.core.learned import NOTHING, Learned, Line, Model, Subject, features_of, length, letters_of
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
@given(st.text("ab é赌🔞,.' ", max_size=40), st.text("ab é赌🔞,.'ж ", max_size=40))
def test_what_stands_in_a_text_are_its_features(text: str, other: str) -> None:
    """Learned from one, found by the other: both must mean the same."""
    names = sorted(features_of(fold(text)) | features_of(fold(other)))
    learned = model(*((name, 1.0) for name in names))
    standing = learned.standing(spaced(fold(text)), typed=True)  # whatever letters it is in
    assert {names[n] for n in standing} == features_of(fold(text))


def test_odds_are_the_sum_by_the_root_of_the_length() -> None:
    learned = model(("free spins", 6.0), ("casin*", 3.0), ("homework", -2.0), *((f"word{n}", 0.0) for n in range(60)))
    known = set(range(3, 63))
    assert learned.odds({0, 1} | known, 9) == {0: pytest.approx(-1 + 9 / 3)}
    assert learned.odds({0, 1, 2} | known, 100) == {0: pytest.approx(-1 + 7 / 10)}
    long = learned.odds({0, 1} | known, 1600)
    assert long == {0: pytest.approx(-1 + 9 / (10 * 16**0.75))}  # more than by the root
    assert learned.odds({0}, 1) == {0: pytest.approx(-1 + 6 / math.sqrt(4))}  # one word is no text
    assert learned.odds(set(), 9) == {}


def test_of_a_text_in_a_language_that_is_not_known_nothing_is_said() -> None:
    learned = model(("casino", 9.0), ("bonus", 9.0))
    assert learned.odds({0, 1}, 9) == {}


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


@pytest.mark.parametrize(
    "text, letters",
    [
        ("hello world", ["latin"]),
        ("đánh bài ăn tiền", ["latin"]),
        ("қазақша мәтін", ["cyrillic"]),
        ("обзор iphone и viagra", ["latin", "cyrillic"]),
        ("обзор телефона iphone с камерой и большим экраном для всей семьи", ["cyrillic"]),
        ("سلام دنیا", ["arabic"]),
        ("我去赌场", []),
        ("12 — •", []),
        ("казино бонус ставки казино казино бонус ставки ставки казино " + "x" * 999, ["latin", "cyrillic"]),
        ("12 + 3", []),
        ("", []),
    ],
)
def test_letters(text: str, letters: list[str]) -> None:
    assert letters_of(spaced(fold(text))) == letters


def test_what_a_language_borrows_is_sought_among_its_own_letters() -> None:
    subject = Subject("drugs", "ru", -1.0, 2.0, LINE, LINE)
    learned = Learned(Model((subject,), (Feature("vhq", ((0, 4.0),), HERE),)))
    assert learned.standing(spaced(fold("новый vhq товар в наличии, доставка по городу за час"))) == {0}


def test_what_says_something_of_typed_texts_only_is_sought_in_those_only() -> None:
    crisis = Subject("self-harm", "en", -1.0, 2.0, None, LINE)
    learned = Learned(Model((crisis,), (Feature("goodbye", ((0, 4.0),), HERE),)))
    assert (learned.standing(b" goodbye "), learned.standing(b" goodbye ", typed=True)) == (set(), {0})


@given(
    st.lists(
        st.builds(
            Feature,
            st.text(max_size=9),
            st.lists(st.tuples(st.integers(0, 30), st.floats(-30, 30)), max_size=4).map(tuple),
            st.builds(Where, st.sampled_from(["a.tsv", "b.tsv"]), st.integers(0, 99_999)),
        )
    )
)
def test_packed_features_are_the_features(features: list[Feature]) -> None:
    packed = Features(features)
    assert list(packed) == features and packed[:2] == features[:2]
    assert list(pickle.loads(pickle.dumps(packed))) == features
    assert [tuple(packed.weights(number)) for number in range(len(packed))] == [one.weights for one in features]


def test_of_a_page_only_what_pages_are_judged_for() -> None:
    subjects = (Subject("drugs", "en", -1.0, 2.0, LINE, LINE), Subject("self-harm", "en", -1.0, 2.0, None, LINE))
    learned = Learned(Model(subjects, (Feature("goodbye", ((0, 4.0), (1, 2.0)), HERE),)))
    assert learned.odds({0}, 1) == {0: pytest.approx(-1 + 2), 1: pytest.approx(-1 + 1)}
    assert learned.odds({0}, 1, typed=False) == {0: pytest.approx(-1 + 2)}


def test_features_say_something_in_their_own_language_only() -> None:
    subjects = (Subject("drugs", "en", -1.0, 2.0, LINE, LINE), Subject("drugs", "vi", -1.0, 2.0, LINE, LINE))
    texts = [*(f"word{n}" for n in range(9)), "chơi"]
    learned = Learned(Model(subjects, tuple(Feature(text, ((text == "chơi", 1.0),), HERE) for text in texts)))
    assert learned.odds(set(range(10)), 9) == {0: pytest.approx(-1 + 9 / 3)}


def test_whatever_the_order_of_the_features_each_is_known_in_its_own_language() -> None:
    subjects = (Subject("drugs", "vi", -1.0, 2.0, LINE, LINE), Subject("drugs", "en", -1.0, 2.0, LINE, LINE))
    mixed = (Feature("mua", ((0, 5.0),), HERE), Feature("buy", ((1, 3.0),), HERE), Feature("ban", ((0, 1.0),), HERE))
    learned = Learned(Model(subjects, mixed))
    known = learned.standing(b" buy ", typed=True)
    assert [learned.model.features[number].text for number in known] == ["buy"]
    assert learned.odds(known, 1) == {1: pytest.approx(-1 + 3 / 2)}
    assert learned.telling(known, 1, 2) == [(3.0, *known)] and learned.telling(known, 0, 2) == []
