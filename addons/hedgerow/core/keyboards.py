"""What was meant when the keyboard stood in another alphabet: ``ghbdtn`` is привет, ``зщкт`` is porn."""

from __future__ import annotations

import re

from hedgerow.core.vietnamese import toneless

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN = "ейцукенгшщзхъфывапролджэячсмитьбю"  # е for ё, as in folded text
_PERSIAN = dict(zip("qwertyuiop[]asdfghjkl;'zxcvbnm,", "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو", strict=True)) | {"\\": "پ"}
_KAZAKH = dict(zip("234589-=0", "әіңғүұөһқ", strict=True))

_TO_RUSSIAN = str.maketrans(_LATIN, _RUSSIAN)
_TO_KAZAKH = str.maketrans(dict(zip(_LATIN, _RUSSIAN, strict=True)) | _KAZAKH)
_TO_PERSIAN = str.maketrans(_PERSIAN)
_TO_LATIN = str.maketrans(_RUSSIAN + "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدو", _LATIN + "qwertyuiop[]asdfghjkl;'zxcvbn,")

TABLES = (_TO_RUSSIAN, _TO_KAZAKH, _TO_PERSIAN, _TO_LATIN)
"""Of one layout each, for ``str.translate`` of a lower-case word; what comes out is folded."""

_VOWELS = re.compile("[aeiouаеиоуыэюяәөұүіاوی]")
_LETTERS = re.compile(r"[^\W\d_]")
_SPOKEN = 0.26
"""Vowels among the letters of anything that can be spoken; keys hit for others seldom make so many."""

_GAINED = 0.1
_SHORTEST = 4
"""Letters from which on one can tell: by three, при would be a drug."""


def is_slip(typed: str, meant: str) -> bool:
    """True when a folded text can be spoken less than what the same keys make in another layout."""
    spoken = _vowels(typed)
    return len(_LETTERS.findall(typed)) >= _SHORTEST and spoken < _SPOKEN and _vowels(meant) > spoken + _GAINED


def _vowels(folded: str) -> float:
    plain = toneless(folded)
    letters = len(_LETTERS.findall(plain))
    return len(_VOWELS.findall(plain)) / letters if letters else 0.0
