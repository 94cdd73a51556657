"""One spelling for words that read the same: NFKC, case, invisible characters, Persian and Russian letter variants.

``fold`` runs at C speed and keeps no offsets; ``core.origins`` finds them again for the few places that matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Set
from functools import lru_cache

ZWNJ = "‌"

_ASCII: dict[int, int | None] = {code: None for code in (*range(0x09), *range(0x0E, 0x1C), 0x7F)}
_ASCII |= {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_ASCII[ord("`")] = ord("'")

NOTHING = re.compile(
    # Controls, soft hyphen, joiners and direction marks, fillers that are letters by category, Arabic vowel signs,
    # tatweel, variation selectors, tags. ZWNJ stays: it can stand for a space.
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u064b-\u065f\u0670\u0640\u06d6-\u06dc\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufe70-\ufe7f\ufeff\uffa0"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e01ef]+"
)

_LETTERS = {
    "ي": "ی", "ى": "ی", "ې": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه",
    "أ": "ا", "إ": "ا", "ٱ": "ا", "آ": "ا", "ؤ": "و",
    "ё": "е", "Ё": "Е", "ı": "i", "İ": "i",
    "‘": "'", "’": "'", "ʼ": "'", "ʻ": "'", "´": "'", "`": "'", "‐": "-", "‑": "-",
}  # fmt: skip
_LETTERS |= {chr(base + digit): str(digit) for base in (0x0660, 0x06F0) for digit in range(10)}
_LETTERS |= dict.fromkeys("\x85\u1680\u2028\u2029", " ")  # NFKC knows the other spaces
_VARIANTS = str.maketrans(_LETTERS)


@lru_cache(maxsize=8192)
def _plain(char: str) -> str:
    """One character without its compatibility form, variants and, where it shows nothing, itself."""
    if char in _LETTERS or NOTHING.match(char):
        return _LETTERS.get(char, "")
    return NOTHING.sub("", unicodedata.normalize("NFKC", char)).translate(_VARIANTS)


def _combines(char: str) -> bool:
    """True when NFKC or case folding cannot be done character by character around ``char``."""
    if unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff":
        return True
    folded = char.casefold()
    return folded != char and (not unicodedata.is_normalized("NFKC", folded) or folded != folded.casefold())


def _class(chars: Iterable[str]) -> str:
    return "".join(map(re.escape, chars))


# Ideographs, Hangul syllables, surrogates and private use change by nothing here: asking them doubles the start.
_RANGES = (range(0x80, 0x3400), range(0xA000, 0xAC00), range(0xD7A4, 0xD800), range(0xF900, 0x10000))
_BMP = [chr(code) for codes in _RANGES for code in codes]
_CHANGING = [char for char in _BMP if _plain(char) != char]
_COMBINING = frozenset(char for char in _BMP if _combines(char)).difference(_CHANGING)
_MERGING = _COMBINING.union(char for char in _CHANGING if not _COMBINING.isdisjoint(_plain(char)))
# One character class costs a sixth of several: all characters of the plane that ask for more than lower case.
_ODD = re.compile(f"[\x00-\x08\x0e-\x1b`\x7f\U00010000-\U0010ffff{_class(_CHANGING)}{_class(_COMBINING)}]")

_MANY = 64
"""Replacing up to so many different characters one by one beats asking at each."""

_SPACED_ZWNJ = re.compile(f" ?{ZWNJ}+(?: |\\Z)| {ZWNJ}+|\\A{ZWNJ}+")


def fold(text: str) -> str:
    """``text`` in the spelling phrases are compared in; single spaces, ZWNJ kept between letters. Linear time."""
    text = " ".join(_letters(text)[0].split())
    return _SPACED_ZWNJ.sub(_spaced, text).strip() if ZWNJ in text else text


def bare(text: str) -> bytes | None:
    """``fold(text)`` in UTF-8 without any white space and ZWNJ: a phrase that stands in the one stands in the other.

    None where that is not so: a combining mark joins with whatever letter is left before it. Removing white space
    takes a fifth of the time that putting it in order takes.
    """
    letters, odd = _letters(text)
    if not _MERGING.isdisjoint(odd):
        return None
    if ZWNJ in letters:
        letters = letters.replace(ZWNJ, "")
    return letters.encode("utf-8", "surrogatepass").translate(None, _WHITE)


_WHITE = b" \t\n\x0b\x0c\r\x1c\x1d\x1e\x1f"
"""What ``str.split`` takes for white space and ``_letters`` leaves."""


def _letters(text: str) -> tuple[str, Set[str]]:
    """``text`` with every letter in the one form it is compared in, white space as it was; what was odd in it."""
    if text.isascii():
        return text.translate(_ASCII), frozenset()
    # The commonest first: replacing what is absent costs nothing.
    text = text.replace("\xa0", " ").replace("ё", "е").replace("ي", "ی")
    if odd := set(_ODD.findall(text)):
        text = _without(odd, text)
        if not _COMBINING.isdisjoint(odd):
            text = _composed(text)
    return text.casefold(), odd


def _without(odd: set[str], text: str) -> str:
    """``text`` with the characters in ``odd`` made plain."""
    if len(odd) > _MANY:
        return _ODD.sub(_changed, text)
    for char in odd:
        if (plain := _plain(char)) != char:
            text = text.replace(char, plain)
    return text


def _changed(match: re.Match[str]) -> str:
    return _plain(match[0])


def _composed(text: str) -> str:
    """Text with combining marks: composed, folded, composed again until nothing changes."""
    for _ in range(3):
        before = text
        text = unicodedata.normalize("NFKC", text).casefold().replace("i̇", "i")
        text = unicodedata.normalize("NFKC", _ODD.sub(_changed, text))
        if text == before:
            break
    return text


def _spaced(match: re.Match[str]) -> str:
    return " " if " " in match[0] else ""


def readings(folded: str) -> tuple[str, ...]:
    """A ZWNJ reads as nothing or as a space: Persian writers use all three."""
    if ZWNJ not in folded:
        return (folded,)
    return folded.replace(ZWNJ, ""), folded.replace(ZWNJ, " ")
