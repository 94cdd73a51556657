"""What was meant when the keyboard stood in another alphabet: ``ghbdtn`` is привет, ``зщкт`` is porn."""

from __future__ import annotations

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
