"""Telex, VNI and chat language, word by word."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.vietnamese import toneless
from hedgerow.core.vietnamese_typed import teen, telex, vni

SYLLABLES = "đánh bạc tiếng việt nguời người được chơi lồn quý hoa quyển giường khuya gì già thương ưa ăn".split()


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("ddanhs", "đánh"), ("danhds", "đánh"), ("bacj", "bạc"), ("tieengs", "tiếng"), ("nguowif", "người"),
        ("dduowcj", "được"), ("quys", "quý"), ("hoaf", "hòa"), ("toans", "toán"), ("wa", "ưa"),
        ("gif", "gì"), ("giaf", "già"), ("school", "school"), ("banan", "banan"), ("phim", "phim"), ("x", "x"),
    ],
)  # fmt: skip
def test_telex(typed: str, meant: str) -> None:
    assert telex(typed) == meant


@pytest.mark.parametrize(
    "typed, meant",
    [("d9anh1", "đánh"), ("bac5", "bạc"), ("d9uo7c5", "được"), ("tie6ng1", "tiếng"), ("a8n", "ăn"), ("mp3", "mp3"),
     ("h2o", "h2o"), ("2023", "2023"), ("b4", "b4")],
)  # fmt: skip
def test_vni(typed: str, meant: str) -> None:
    assert vni(typed) == meant


_KEYS = {"\u0300": "f", "\u0301": "s", "\u0303": "x", "\u0309": "r", "\u0323": "j"}


@given(st.sampled_from(SYLLABLES))
def test_each_syllable_can_be_typed(syllable: str) -> None:
    tone = next((_KEYS[mark] for mark in unicodedata.normalize("NFD", syllable) if mark in _KEYS), "")
    plain = syllable if not tone else "".join(c for c in unicodedata.normalize("NFD", syllable) if c not in _KEYS)
    keys = unicodedata.normalize("NFC", plain)
    for letter, typed in {"đ": "dd", "ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw"}.items():
        keys = keys.replace(letter, typed)
    assert toneless(telex(keys + tone)) == toneless(syllable)
    assert telex(keys + tone) == syllable or syllable in ("nguời",)


@pytest.mark.parametrize(
    "word, full",
    [
        ("ko", "không"),
        ("đc", "được"),
        ("fim", "phim"),
        ("thik", "thích"),
        ("jau", "giau"),
        ("sex", "sex"),
        ("black", "black"),
    ],
)
def test_teen(word: str, full: str) -> None:
    assert teen(word) == full
