"""Each disguise does one thing, and does it the same way every time."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.twins import NAMES, twins


@pytest.mark.parametrize(
    "language, text, name, twin",
    [
        ("en", "play big casino", "zero width", "pl\u200bay big ca\u200bsino"),
        ("en", "big casino", "look-alikes", "big саsіnо"),
        ("ru", "казино и бар", "look-alikes", "кaзинo и бар"),
        ("en", "a casino site", "leet", "a c451n0 51t3"),
        ("ru", "много", "leet", "мн0г0"),
        ("en", "the casino", "spaced", "the   c a s i n o"),
        ("vi", "sòng bạc", "dotted", "s.ò.n.g bạc"),
        ("en", "the casino", "repeats", "the caaaasino"),
        ("vi", "bạc", "decomposed", unicodedata.normalize("NFD", "bạc")),
        ("vi", "Đánh bạc", "without tones", "Danh bac"),
        ("kk", "құмар ойын", "Russian letters", "кумар ойын"),
        ("fa", "یک کتاب", "Arabic letters", "يك كتاب"),
        ("fa", "می\u200cروم", "no ZWNJ", "میروم"),
        ("fa", "می\u200cروم", "space for ZWNJ", "می روم"),
    ],
)
def test_a_disguise(language: str, text: str, name: str, twin: str) -> None:
    assert twins(text, language)[name] == twin


def test_what_changes_nothing_is_no_twin() -> None:
    assert "without tones" not in twins("bac si", "vi")
    assert "without tones" not in twins("bác sĩ", "en")
    assert twins("", "fa") == {}


@given(st.text(), st.sampled_from(["en", "fa", "kk", "ru", "vi", "other"]))
def test_twins_are_made_of_any_text_and_always_alike(text: str, language: str) -> None:
    made = twins(text, language)
    assert made == twins(text, language)
    assert set(made) <= set(NAMES) and text not in made.values()
