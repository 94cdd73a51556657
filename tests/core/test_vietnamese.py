"""Vietnamese tones, their places, and what can be a syllable."""

from __future__ import annotations

import pytest

from hedgerow.core.vietnamese import has_tones, is_sign, is_syllable, placements, share, toneless


@pytest.mark.parametrize(
    "text, expected", [("các bạn", "cac ban"), ("đường", "duong"), ("quặc", "quac"), ("abc", "abc")]
)
def test_toneless(text: str, expected: str) -> None:
    assert toneless(text) == expected


@pytest.mark.parametrize(
    "text, expected", [("cac", False), ("đi", True), ("café", True), ("größe", False), ("ơ", True)]
)
def test_has_tones(text: str, expected: bool) -> None:
    assert has_tones(text) is expected


@pytest.mark.parametrize("word", "nghiêng quyển giường thuở khuya xoong yêu ơi gì đánh bạc uyên".split())
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", "school porn bádwörd word strip black quyếtx ww".split())
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize(
    "text, least, most",
    [
        ("cach choi ca do bong da tren mang", 1, 1),
        ("the school is closed on monday because of snow", 0, 0.5),
        ("le chien et le chat dorment dans la maison", 0, 0.7),
        ("", 0, 0),
    ],
)
def test_share(text: str, least: float, most: float) -> None:
    assert least <= share(text) <= most


@pytest.mark.parametrize("text, expected", [("danh bac", True), ("lon", False), ("lo de", False), ("con cac", True)])
def test_is_sign(text: str, expected: bool) -> None:
    assert is_sign(text.split()) is expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("hòa bình", {"hoà bình"}),
        ("hoà bình", {"hòa bình"}),
        ("khỏe thuỷ", {"khoẻ thuỷ", "khỏe thủy"}),
        ("hoàn quý", set()),
        ("bạn", set()),
    ],
)
def test_placements(text: str, expected: set[str]) -> None:
    assert set(placements(text)) == expected
