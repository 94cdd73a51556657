"""What one word can be read as."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.disguise_words import LONGEST, MOST, disguises, in_figures, is_leet, plainly, share_seen
from hedgerow.core.normal import fold


@pytest.mark.parametrize(
    "word, first",
    [
        ("b4dw0rd!", "badword"), ("b.a.d", "bad"), ("pooorn", "porn"), ("kiiill", "kill"), ("pörn", "porn"),
        ("рorn", "porn"), ("thíchhh", "thích"), ("п0рно", "порно"), ("$ex", "sex"),
    ],
)  # fmt: skip
def test_likeliest_first(word: str, first: str) -> None:
    assert disguises(word, fold(word), False)[0] == first


@pytest.mark.parametrize(
    "word", ["school", "trường", "слово", "کتاب", "2023", "1.2.3", "—", "", "x" * (LONGEST + 1), "D.3.1"]
)
def test_ordinary_words_have_none(word: str) -> None:
    assert all(
        one.replace(" ", "") == fold(word).replace(".", "").replace(" ", "")
        for one in disguises(word, fold(word), False)
    )


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(exclude_categories=["Zs", "Cc"]), max_size=20), st.booleans())
def test_any_word_is_survived(word: str, typed: bool) -> None:
    read = disguises(word, fold(word), typed)
    assert len(read) <= MOST and all(read)


@given(st.text(max_size=8).filter(lambda text: not any(map(str.isspace, text))))
def test_plainly_is_fold(word: str) -> None:
    assert plainly(word) == fold(word)


@pytest.mark.parametrize("word, expected", [("70", "to"), ("47", "at"), ("12345", ""), ("h0w", ""), ("", "")])
def test_in_figures(word: str, expected: str) -> None:
    assert in_figures(word) == expected


@pytest.mark.parametrize("word, expected", [("h0w", True), ("70", False), ("how", False), ("(h0w)", True)])
def test_is_leet(word: str, expected: bool) -> None:
    assert is_leet(word) is expected


def test_of_a_long_text_the_share_that_shows_is_told_by_some_of_its_words() -> None:
    assert share_seen(["c.a.s.i.n.o", "words"] * 30 + ["to"] * 99) == 0.5
    assert share_seen(["c.a.s.i.n.o", "words", "stand"] * 3_000) == pytest.approx(1 / 3, abs=0.1)
    assert share_seen(["a"]) == share_seen([]) == 0.0
