"""Disguised twins of a text: what somebody writes who wants to be read by people and not by filters. No chance in it.

A twin changes every word it can. Whoever measures compares it with the text it came from, and only where it differs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

type Disguise = Callable[[str], str]

_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
_LEAST = 4
"""Letters of a word worth disguising."""

_LATIN, _CYRILLIC = "aceopxyiABCEHKMOPTXY", "асеорхуіАВСЕНКМОРТХУ"
_LOOK_ALIKES = str.maketrans(_LATIN + _CYRILLIC, _CYRILLIC + _LATIN)
_LEET = str.maketrans("aeiosAEIOSоОзЗчЧ", "4310543105003344")
_VOWEL = re.compile(r"[aeiouyàáâãèéêìíòóôõùúýăđơưаеёиоуыэюяәөүұіاویé]", re.IGNORECASE)
_KAZAKH = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ")
_ARABIC = str.maketrans("یک", "يك")
_ZWNJ, _ZWSP = "\u200c", "\u200b"


def _words(change: Disguise) -> Disguise:
    """``change`` done to each longer word."""

    def disguise(text: str) -> str:
        return _WORD.sub(lambda word: change(word[0]) if len(word[0]) >= _LEAST else word[0], text)

    return disguise


def _spaced(text: str) -> str:
    """L e t t e r s with a space between, words with three."""
    return "   ".join(" ".join(word) if len(word) >= _LEAST and word.isalpha() else word for word in text.split(" "))


def _repeated(word: str) -> str:
    return _VOWEL.sub(lambda vowel: vowel[0] * 4, word, count=1)


def without_tones(text: str) -> str:
    """Vietnamese as it is typed without its keyboard."""
    plain = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", plain).replace("đ", "d").replace("Đ", "D")


DISGUISES: Mapping[str, Disguise] = {
    "zero width": _words(lambda word: f"{word[:2]}{_ZWSP}{word[2:]}"),
    "look-alikes": _words(lambda word: word.translate(_LOOK_ALIKES)),
    "leet": _words(lambda word: word.translate(_LEET)),
    "spaced": _spaced,
    "dotted": _words(".".join),
    "repeats": _words(_repeated),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
}
"""Tricks of any language, by the name the tables have for them."""

OF_LANGUAGE: Mapping[str, Mapping[str, Disguise]] = {
    "vi": {"without tones": without_tones},
    "kk": {"Russian letters": lambda text: text.translate(_KAZAKH)},
    "fa": {
        "Arabic letters": lambda text: text.translate(_ARABIC),
        "no ZWNJ": lambda text: text.replace(_ZWNJ, ""),
        "space for ZWNJ": lambda text: text.replace(_ZWNJ, " "),
    },
}
"""How keyboards and habits write a language."""

NAMES = (*DISGUISES, *(name for disguises in OF_LANGUAGE.values() for name in disguises))


def twins(text: str, language: str) -> Mapping[str, str]:
    """The disguised texts by the name of their trick; those that change nothing are left out."""
    made = {name: change(text) for name, change in {**DISGUISES, **OF_LANGUAGE.get(language, {})}.items()}
    return {name: twin for name, twin in made.items() if twin != text}
