"""What the shipped lists promise to find they find in disguise too, at most five in a hundred less than as it is."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable

import pytest

from hedgerow.core.kazakh import latin, russian_keys
from hedgerow.core.normal import fold
from hedgerow.core.vietnamese import toneless
from hedgerow.core.words import Lexicon
from hedgerow.stores.words import in_force
from tests.shipped import word_lists

TO_CYRILLIC = str.maketrans("aeocpx", "аеосрх")
TO_LATIN = str.maketrans("аеосрх", "aeocpx")
LEET = str.maketrans("aeiostа", "431057@")


def words(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: " ".join(map(change, text.split(" ")))


def mixed(word: str) -> str:
    """Some letters of longer words from the other alphabet."""
    table = TO_CYRILLIC if word.isascii() else TO_LATIN
    return word[:1] + word[1:-1].translate(table) + word[-1:] if len(word) > 3 else word


def repeated(word: str) -> str:
    return word[:2] + word[1] * 2 + word[2:] if len(word) > 3 and word[1].isalpha() else word


def wide(word: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in word)


def under_marks(word: str) -> str:
    return "".join(char + ("\u0336\u0321" if char.isalpha() else "") for char in word)


TWINS: dict[str, Callable[[str], str]] = {
    "zero-width": words("\u200b".join),
    "look-alikes": words(mixed),
    "leet": lambda text: text.lower().translate(LEET),
    "spaced": lambda text: "   ".join(map(" ".join, text.split(" "))),
    "dotted": words(".".join),
    "underscores": lambda text: text.replace(" ", "_"),
    "hyphens": words(lambda word: word[:2] + "-" + word[2:] if len(word) > 3 else word),
    "repeats": words(repeated),
    "full-width": words(wide),
    "nfd": lambda text: unicodedata.normalize("NFD", text),
    "marks": words(under_marks),
    "upper": str.upper,
}


@functools.cache
def lexicon() -> Lexicon:
    return Lexicon.build(in_force(word_lists()))


@functools.cache
def share(change: Callable[[str], str], language: str = "") -> float:
    """Which part of the promised hits is found as typed text."""
    samples = [
        (one.topic, sample.text)
        for one in word_lists()
        for sample in one.samples
        if sample.key == "must-hit" and one.language == (language or one.language)
    ]
    hits = sum(
        any(score.topic == topic and score.score >= 1 for score in lexicon().scan([change(text)], True))
        for topic, text in samples
    )
    return hits / len(samples)


@pytest.mark.parametrize("twin", list(TWINS))
def test_disguised_twins(twin: str) -> None:
    assert share(TWINS[twin]) >= share(str) - 0.05


@pytest.mark.parametrize(
    "language, change",
    [
        ("vi", lambda text: toneless(fold(text))),
        ("kk", lambda text: russian_keys(fold(text))),
        *(("kk", lambda text, n=n: (latin(fold(text)) + (text,) * 5)[n]) for n in range(4)),
    ],
)
def test_twins_of_one_language(language: str, change: Callable[[str], str]) -> None:
    assert share(change, language) >= share(str, language) - 0.1
