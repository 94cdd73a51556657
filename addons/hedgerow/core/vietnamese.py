"""Vietnamese letters: tones and where they stand, and what can be a syllable at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

GRAVE, ACUTE, TILDE, HOOK, DOT = TONES = "\u0300\u0301\u0303\u0309\u0323"
CIRCUMFLEX, BREVE, HORN = "\u0302\u0306\u031b"
_MARKS = str.maketrans(dict.fromkeys(TONES + CIRCUMFLEX + BREVE + HORN, ""))
_MARKED = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]")

_SYLLABLE = re.compile(
    "(?:ngh?|nh|kh|gh|gi|ph|th|tr|ch|qu|[bcdghklmnpqrstvx])?"
    "(?:uye|uya|uoi|uou|ieu|yeu|oai|oay|oeo|uay|uao|uyu|i[aeu]|u[aeiouy]|y[ae]|o[aeio]|a[iouy]|e[ou]|[aeiouy])"
    "(?:ch|ng|nh|[cmnpt])?"
)
_WORDS = re.compile(r"[^\W\d_]+")

_MEET_ABROAD = frozenset(
    # Short words of English, French, Spanish and Italian that could be syllables: no sign of Vietnamese.
    "a an at be but by can che chi come con da de di do du en et hat he hi him hot i in it la le lo long me mi mon my"
    " ne ni no not o on pen per pin po put que qui sa san se sen si sit so son su tan tap ten that the them then thin"
    " this ti tip to ton top tu un va vi vo te ta than thing y van may man men dan don ho ha hu ki mo ma na nom pa pi"
    " sim sin sun sang song sung tin tom tam tang tong chat chop cat cut cup cap bat bit bet bo bi bin ban bang bum"
    " hop hit hip hen hang hung hut kit kin ken let lit lot lip lap len lop got get gun gang gap gin met mat map mit"
    " net nut nap nip not nun pat pet pit pot pan rat rot run rim ram rang rung rap rip rib sat set sum tat tit toi"
    " van vet vat dot dip dim dam din don dun due die dia".split()
)


def toneless(text: str) -> str:
    """Folded text without tones, hats, horns and the bar of đ."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_MARKS)).replace("đ", "d")


def has_tones(folded: str) -> bool:
    """True when a letter of a folded text has a mark Vietnamese has, or is đ."""
    return bool(_MARKED.search(folded))


def is_syllable(folded: str) -> bool:
    """True when the word, tones taken away, can be a Vietnamese syllable."""
    return bool(_SYLLABLE.fullmatch(toneless(folded)))


def share(folded: str) -> float:
    """Which part of the words of a text could be Vietnamese: 0.9 and more where it is, a third in English."""
    words = _WORDS.findall(folded)
    return sum(map(_may_be, words)) / len(words) if words else 0.0


def _may_be(word: str) -> bool:
    return bool(_SYLLABLE.fullmatch(word))


def is_sign(words: Iterable[str]) -> bool:
    """True when toneless words are enough to say that they are Vietnamese: two, and one that is nowhere else a word."""
    found = [word for word in words if word.isalpha()]
    return len(found) >= 2 and any(word not in _MEET_ABROAD and _may_be(word) for word in found)


def _placements() -> list[tuple[str, str]]:
    """Both ways to put the tone of an open syllable: hòa and hoà."""
    found = []
    for first, second in ("oa", "oe", "uy"):
        for tone in TONES:
            old, new = (unicodedata.normalize("NFC", pair) for pair in (first + tone + second, first + second + tone))
            found.append((old, new))
    return found


_PLACED = _placements()


def placements(folded: str) -> tuple[str, ...]:
    """The other spellings of a text whose open syllables carry the tone on the first or the second vowel."""
    newer, older = folded, folded
    for old, new in _PLACED:
        newer = newer.replace(old, new)
        older = re.sub(f"(?<!q){new}(?![^\\W\\d_])", old, older) if new in older else older
    return tuple(other for other in dict.fromkeys((newer, older)) if other != folded)
