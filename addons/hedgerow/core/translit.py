"""Words of one alphabet written in the other: both sides are brought to one coarse Latin spelling and compared there.

``kak skachat``, ``kak ska4at'`` and ``kak skačatʹ`` are one; so are ``massaj`` and ``massazh``.
"""

from __future__ import annotations

import re

from hedgerow.core.vietnamese import toneless

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "j", "з": "z", "и": "i", "й": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
    "ц": "c", "ч": "4", "ш": "w", "щ": "w", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i",
}  # fmt: skip
_FROM_CYRILLIC = str.maketrans(_CYRILLIC)

_SAME = {
    "shch": "w", "sch": "w", "sh": "w", "zh": "j", "kh": "h", "ts": "c", "tc": "c", "ch": "4", "x": "h", "q": "k",
    "yo": "e", "jo": "e", "ye": "e", "je": "e", "ya": "ia", "ja": "ia", "yu": "iu", "ju": "iu", "y": "i",
    "ij": "i", "yj": "i", "j": "i",
    "š": "w", "č": "4", "ž": "j", "ʹ": "", "ʺ": "", "'": "", '"': "",
}  # fmt: skip
_LATIN = re.compile("|".join(map(re.escape, _SAME)))
_HARD_J = re.compile("|".join(re.escape(key) for key in _SAME if key[0] != "j"))
_DOUBLED = re.compile(r"([a-z4])\1+")

_ENGLISH = {
    "ck": "k", "ch": "4", "sh": "w", "ph": "f", "th": "t", "oo": "u", "ee": "i", "ea": "i", "ce": "se", "ci": "si",
    "cy": "si", "c": "k", "qu": "kv", "q": "k", "x": "ks", "w": "v", "y": "i", "j": "dj",
}  # fmt: skip
_SOUNDS = re.compile("|".join(_ENGLISH))
_SILENT = re.compile(r"(?<=[a-z4]{2}[b-df-hj-np-tvwxz4])e\b")


def from_cyrillic(folded: str) -> str:
    """A folded Russian or Kazakh text in the coarse spelling."""
    return _DOUBLED.sub(r"\1", folded.translate(_FROM_CYRILLIC).replace("ts", "c"))


def from_latin(folded: str) -> tuple[str, ...]:
    """A folded Latin text in the coarse spelling: j as the й of ``ja`` and, in the second, always as ж."""
    plain = toneless(folded)
    soft = _DOUBLED.sub(r"\1", _LATIN.sub(_same, plain))
    hard = _DOUBLED.sub(r"\1", _HARD_J.sub(_same, plain)) if "j" in plain else soft
    return tuple(dict.fromkeys((soft, hard)))


def sounded(folded: str) -> str:
    """A folded English text as it sounds, in the coarse spelling: what Cyrillic letters make of it."""
    return _DOUBLED.sub(r"\1", _SILENT.sub("", _SOUNDS.sub(_sound, folded)))


def _same(match: re.Match[str]) -> str:
    return _SAME[match[0]]


def _sound(match: re.Match[str]) -> str:
    return _ENGLISH[match[0]]
