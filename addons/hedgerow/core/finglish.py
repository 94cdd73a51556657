"""Persian in Latin letters. Persian writes few vowels, so both sides are brought to their consonants."""

from __future__ import annotations

import re

from hedgerow.core.normal import readings

_PERSIAN = {
    "ب": "b", "پ": "p", "ت": "t", "ط": "t", "ث": "s", "س": "s", "ص": "s", "ج": "j", "چ": "4", "ح": "h", "ه": "h",
    "خ": "x", "د": "d", "ذ": "z", "ز": "z", "ض": "z", "ظ": "z", "ر": "r", "ژ": "j", "ش": "w", "غ": "g", "ق": "g",
    "ف": "f", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "ا": "", "و": "", "ی": "", "ع": "", "ء": "",
}  # fmt: skip
_FROM_PERSIAN = str.maketrans(_PERSIAN)
_SAME = {"kh": "x", "sh": "w", "ch": "4", "zh": "j", "gh": "g", "q": "g", "c": "k", "ph": "f"} | dict.fromkeys(
    "aeiouyvw'", ""
)
_LATIN = re.compile("|".join(_SAME))
_DOUBLED = re.compile(r"([a-z4])\1+")
_SILENT = re.compile(r"(?<=[^\s])h\b")  # a final h is written and not heard

_FEWEST = 7
"""Consonants of the shortest phrase sought so: fewer stand by chance in any language."""


def of_persian(folded: str) -> tuple[str, ...]:
    """The consonants of a folded Persian phrase, half spaces read both ways; empty when they are too few."""
    found = (" ".join(_bones(one.translate(_FROM_PERSIAN)).split()) for one in readings(folded))
    return tuple(dict.fromkeys(bones for bones in found if _count(bones) >= _FEWEST and " " in bones))


def _count(bones: str) -> int:
    return sum("a" <= char <= "z" or char == "4" for char in bones)


def of_latin(word: str) -> str:
    """The consonants of a folded word of Latin letters."""
    return _bones(_LATIN.sub(_same, word))


def _bones(text: str) -> str:
    return _DOUBLED.sub(r"\1", _SILENT.sub("", text))


def _same(match: re.Match[str]) -> str:
    return _SAME[match[0]]
