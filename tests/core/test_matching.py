"""Where stems and their neighbours stand, in characters, whatever the alphabet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core import literals
from hedgerow.core.matching import Matcher
from hedgerow.core.phrases import spelled
from hedgerow.core.spacing import spaced


def found(phrase: str, text: str) -> list[str]:
    spellings = spelled(phrase)
    matcher = Matcher(spellings)
    standing = matcher.standing(spaced(text))
    assert sorted(matcher.spots(text, wanted=standing)) == sorted(matcher.spots(text))
    return sorted(text[spot.start : spot.end] for spot in matcher.spots(text, wanted=standing))


@pytest.mark.parametrize(
    "phrase, text, expected",
    [
        ("гашиш*", "купить гашиша.", ["гашиша"]),
        ("гашиш*", "гашиш", ["гашиш"]),
        ("гашиш*", "погашиша", []),
        ("гашиш*", "гашиш-шоп", ["гашиш"]),
        ("купи* закладк*", "где купить закладку тут", ["купить закладку"]),
        ("купи* закладк*", "купи закладки", ["купи закладки"]),
        ("купи* закладк*", "купить, закладку", []),
        ("купи* закладк*", "скупить закладку", []),
        ("купи* закладк*", "купить мою закладку", []),
        ("где купи* дом", "где купить дом", ["где купить дом"]),
        ("где купи* дом", "негде купить дом", []),
        ("где купи* дом", "где купить домик", []),
        ("shoot* the pigeons", "shooting the pigeons", ["shooting the pigeons"]),
        ("don't like*", "i don't liked it", ["don't liked"]),
        ("self-harm*", "self harming", ["self harming"]),
        ("shoot*", "shoot" + "x" * 40, ["shoot" + "x" * 40]),
        ("shoot*", "shoot" + "x" * 41, []),
        ("sex*", "essex sexting sex", ["sex", "sexting"]),
        ("sex", "sexting sex_ Sex".lower(), ["sex", "sex"]),
        ("赌场", "去赌场吧", ["赌场"]),
        ("میکشم*", "خودمو میکشمش", ["میکشمش"]),
    ],
)
def test_stems(phrase: str, text: str, expected: list[str]) -> None:
    assert found(phrase, text) == expected


@given(st.lists(st.sampled_from(["bad", "bäd", "плох", "word", "😀", "_", "ба"]), max_size=40))
def test_chunks_make_no_difference(words: list[str]) -> None:
    text = " ".join(words)
    spellings = [*spelled("bad word"), *spelled("плох*"), *spelled("bäd")]
    whole = sorted(Matcher(spellings).spots(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(literals, "_CHUNK", 7)
        assert sorted(Matcher(spellings).spots(text)) == whole


def test_inside_words_where_word_ends_are_unknown() -> None:
    matcher = Matcher(spelled("betting"))
    assert matcher.spots("xbettingx") == []
    assert [spot.start for spot in matcher.spots("xbettingx", whole=False)] == [1]
