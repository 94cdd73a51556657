"""Whole words as bytes: what stands in a text as a word stands in its spaced form between spaces."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hedgerow.core.matching import Matcher
from hedgerow.core.normal import fold
from hedgerow.core.phrases import spelled
from hedgerow.core.spacing import joins, sought, spaced

SIGNS = "“”«»—…،؛؟۔·€🔞🎰👩🏽\ue000\U000f0000赌场ไทย日ー.,;:!?'\"-_()+$#@"
LETTERS = "abжқيمạđ٣5ǆ\u0301"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", "  "),
        ("one, two_three", " one  two three "),
        ("“one”—two", "  “ one ”  — two "),
        ("نام، نان؟", " نام ،  نان ؟  "),
        ("赌场casino", "  赌  场 casino "),
        ("🔞adult", "  🔞 adult "),
        ("\U00010400a", " \U00010400a "),
    ],
)
def test_spaced(text: str, expected: str) -> None:
    assert spaced(text).decode() == expected


@pytest.mark.parametrize(
    "part, goes_on, expected",
    [
        ("word", False, " word "),
        ("word", True, " word"),
        ("18+", False, " 18 "),
        ("c++ now", False, " c   now "),
        ("🔞", False, " 🔞 "),
        ("赌场", False, " 赌  场 "),
        ("赌场", True, " 赌  场 "),
    ],
)
def test_sought(part: str, goes_on: bool, expected: str) -> None:
    assert sought(part, goes_on).decode() == expected


@settings(deadline=None)
@given(st.text(SIGNS + LETTERS + "  ", max_size=30), st.text(LETTERS + SIGNS + " *", min_size=1, max_size=6))
@example("🎰赌", "赌*")
def test_whatever_is_found_is_told_to_stand(text: str, phrase: str) -> None:
    """The bound rests on it: what a close look finds as a whole word, the fast search has told."""
    reading = fold(text.replace("ab", phrase.replace("*", "a")))
    matcher = Matcher(spelled(phrase))
    standing = matcher.standing(spaced(reading))
    assert {spot.spelling for spot in matcher.spots(reading)} == {
        spot.spelling for spot in matcher.spots(reading, wanted=standing)
    }


@settings(deadline=None)
@given(st.text(max_size=40))
def test_few_signs_and_many_are_set_apart_alike(text: str) -> None:
    reading = fold(text)
    crowd = "".join(chr(code) for code in range(0x2190, 0x2200))  # too many kinds to be replaced one by one
    assert spaced(f"{reading} {crowd}").startswith(spaced(reading)[:-1])
    alone = "".join(char if char.isascii() or joins(char) else f" {char} " for char in reading)
    assert spaced(reading).split() == spaced(alone).split()


def test_two_megabytes_in_a_moment() -> None:
    for piece in ("plain words ", "“слова”, ", "赌场 x", "🎰 a🔞", "".join(map(chr, range(0x2190, 0x2300)))):
        text = piece * (2 * 2**20 // len(piece.encode()))
        started = time.process_time()
        spaced(text)
        assert time.process_time() - started < 0.6
