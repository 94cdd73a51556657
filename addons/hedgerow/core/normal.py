"""One spelling for words that read the same: NFKC, case, invisible characters, Persian and Russian letter variants.

``fold`` runs at C speed and keeps no offsets; ``core.origins`` finds them again for the few places that matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache

from hedgerow.core.sieve import Marks, Signs

ZWNJ = "‌"

NOTHING = re.compile(
    # Controls, soft hyphen, joiners and direction marks, fillers that are letters by category, Arabic vowel signs,
    # tatweel, variation selectors, tags. ZWNJ stays: it can stand for a space.
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u064b-\u065f\u0670\u0640\u06d6-\u06dc\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufe70-\ufe7f\ufeff\uffa0"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e01ef]+"
)

_LETTERS = {
    "ي": "ی", "ى": "ی", "ې": "ی", "ئ": "ی", "ے": "ی", "ۓ": "ی", "ك": "ک",
    "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۂ": "ه",
    "أ": "ا", "إ": "ا", "ٱ": "ا", "آ": "ا", "ؤ": "و",
    "ё": "е", "Ё": "Е", "ı": "i", "İ": "i",
    "‘": "'", "’": "'", "ʼ": "'", "ʻ": "'", "´": "'", "\u1ffd": "'", "`": "'", "‐": "-", "‑": "-",
}  # fmt: skip
_LETTERS |= {chr(base + digit): str(digit) for base in (0x0660, 0x06F0) for digit in range(10)}
_LETTERS |= dict.fromkeys("\x85\u1680\u2028\u2029", " ")  # NFKC knows the other spaces
_VARIANTS = str.maketrans(_LETTERS)


_LONGEST_FORM = 4
"""Characters one character may become. The few that become more (U+FDFA: 18) are whole phrases or units of measure
that nobody searches in one sign, and a page of them would have to be read as if it were eighteen times its size."""


@lru_cache(maxsize=65_536)
def _plain(char: str) -> str:
    """One character without its compatibility form, variants and, where it shows nothing, itself."""
    if char in _LETTERS or NOTHING.match(char):
        return _LETTERS.get(char, "")
    plain = NOTHING.sub("", unicodedata.normalize("NFKC", char)).translate(_VARIANTS)
    if plain > "\uffff":  # marks of music and dead scripts beyond the plane: nobody's lists have any
        plain = "".join(one for one in plain if one <= "\uffff" or not unicodedata.combining(one))
    return plain if len(plain) <= _LONGEST_FORM else " "


def _combines(char: str) -> bool:
    """True when NFKC or case folding cannot be done character by character around ``char``."""
    if unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff":
        return True
    folded = char.casefold()
    return folded != char and (not unicodedata.is_normalized("NFKC", folded) or folded != folded.casefold())


def _is_composed(char: str) -> bool:
    """True for what NFC makes of a letter and its marks."""
    return not unicodedata.is_normalized("NFD", char) and unicodedata.is_normalized("NFC", char)


def _class(chars: Iterable[str]) -> str:
    return "".join(map(re.escape, chars))


# Ideographs, Hangul syllables, surrogates and private use change by nothing here: asking them doubles the start.
_RANGES = (range(0x80, 0x3400), range(0xA000, 0xAC00), range(0xD7A4, 0xD800), range(0xF900, 0x10000))
_BMP = [chr(code) for codes in _RANGES for code in codes]
_CHANGING = [char for char in _BMP if _plain(char) != char]
_COMBINING = frozenset(char for char in _BMP if _combines(char)).difference(_CHANGING)
# One character class costs a sixth of several: all characters of the plane that ask for more than lower case.
_ODD = re.compile(f"[\x00-\x08\x0e-\x1b`\x7f\U00010000-\U0010ffff{_class(_CHANGING)}{_class(_COMBINING)}]")

_COMPOSED = re.compile(f"[{_class(filter(_is_composed, _CHANGING))}]")
"""What composing can make of letter and mark and is not plain yet: alef and hamza, for one."""

_MARKED = re.compile(f"[{_class(_COMBINING)}]")

_MANY = 64
"""Replacing up to so many different characters one by one beats asking at each."""

_SLICE = 64 * 1024
"""Characters looked at together for what is odd among them."""

_MARKS = _class(filter(unicodedata.combining, map(chr, range(0x300, 0x10000))))
_TOO_MANY_MARKS = re.compile(f"(?<=[{_MARKS}]{{30}})[{_MARKS}]+")
"""Putting a run of marks in order takes the square of its length: a page of nothing else would take hours. No word
has more than a few; 30 is the bound of the Stream-Safe Text Format (UAX #15, section 13)."""


def fold(text: str) -> str:
    """``text`` in the spelling phrases are compared in; single spaces, ZWNJ kept between letters. Linear time.

    Which characters ask for more than lower case is told by one pass over the bytes; few distinct ones stand on a page.
    """
    data = text.encode("utf-8", "surrogatepass")
    if len(data) != len(text):
        odd = _odd_ones(data)
        plain = _slowly(text) if odd is None else _replaced(text, odd)
        data = plain.encode("utf-8", "surrogatepass")
    single = _SPACES.sub(b" ", data.translate(_TO_SMALL, _GONE)).strip(b" ")  # half the time of splitting and joining
    folded = single.decode("utf-8", "surrogatepass")
    return _joined(folded) if ZWNJ in folded else folded


def _odd_ones(data: bytes) -> list[tuple[str, str]] | None:
    """(character, what it becomes) of the odd ones that stand there; None where that is not told one by one."""
    seen, becomes = _odd_table()
    found = [becomes[number] for number in seen.numbers(data)]
    if len(found) > _MANY:
        return None
    if any(lead in data for lead in _ASTRAL_LEADS):
        ends = _ASTRAL.ends(data, _MOST_ASTRAL)
        if len(ends) == _MOST_ASTRAL:
            return None
        found += [(char, _plain(char).casefold()) for char in {data[end - 4 : end].decode() for end in ends}]
    return None if None in [after for _, after in found] else found  # type: ignore[return-value]


def _replaced(text: str, odd: list[tuple[str, str]]) -> str:
    few = len(odd) <= _FEW_CAPITALS
    for char, after in odd:
        if few or char not in _CAPITALS:
            text = text.replace(char, after)
    return text if few else text.casefold()  # for an alphabet of capitals one pass over all letters takes less time


_ASTRAL_LEADS = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")
_ASTRAL = Signs([rb"[\xf0-\xf4][\x80-\xbf][\x80-\xbf][\x80-\xbf]"])
_MOST_ASTRAL = 5_000
_FEW_CAPITALS = 12


def _becomes(char: str) -> str | None:
    """What replaces one odd character, folded; None where its neighbours have a say, or where that is odd again."""
    after = _plain(char).casefold()
    again = any(one in _KEYS and _plain(one).casefold() != one for one in after)
    return None if again or _has_mark(char) else after


def _has_mark(char: str) -> bool:
    """True of a mark, and of what becomes one or holds one: U+0340 is a grave accent."""
    return not _COMBINING.isdisjoint(_plain(char))


_KEYS = frozenset(_CHANGING) | _COMBINING | {char for char in _BMP if char.casefold() != char}
_CAPITALS = frozenset(_KEYS.difference(_CHANGING, _COMBINING))


@lru_cache(maxsize=1)
def _odd_table() -> tuple[Marks, list[tuple[str, str | None]]]:
    """What tells the odd characters by number, and what each becomes."""
    becomes = [(char, _becomes(char)) for char in sorted(_KEYS)]
    return Marks([char.encode() for char, _ in becomes], literal=True, once=True), becomes


def _slowly(text: str) -> str:
    """Letters and case as they are compared, white space as it was: where marks stand, or very many odd characters."""
    text, odd = _letters(text)
    if any(map(_has_mark, odd)):
        text = "".join(_composed(piece) if _MARKED.search(piece) else piece for piece in _pieces(text))
    return text.casefold()


def _joined(text: str) -> str:
    """ZWNJ between letters only, one at a time. A pattern for it would stop at every space."""
    while ZWNJ * 2 in text:
        text = text.replace(ZWNJ * 2, ZWNJ)
    if f" {ZWNJ}" in text or f"{ZWNJ} " in text:
        text = text.replace(f" {ZWNJ}", " ").replace(f"{ZWNJ} ", " ").replace("  ", " ")
    return text.strip(f" {ZWNJ}")


_WHITE = b"\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f"
_GONE = bytes((*range(0x09), *range(0x0E, 0x1C), 0x7F))
_TO_SMALL = bytes.maketrans(
    bytes(range(ord("A"), ord("Z") + 1)) + _WHITE + b"`",
    bytes(range(ord("a"), ord("z") + 1)) + b" " * len(_WHITE) + b"'",
)


def encoded(folded: str) -> bytes:
    """A folded text in UTF-8, in which "_" is no letter, as it is none for a reader."""
    return folded.encode("utf-8", "surrogatepass").replace(b"_", b" ")


_SPACES = re.compile(rb"  +")


def characters(data: bytes) -> int:
    """How many characters begin in these bytes of UTF-8."""
    return len(data.translate(None, _CONTINUING))


_CONTINUING = bytes(range(0x80, 0xC0))


def _letters(text: str) -> tuple[str, Set[str]]:
    """``text`` with each character made plain by itself, in either case, white space as it was; what was odd in it."""
    # The commonest first: replacing what is absent costs nothing.
    text = text.replace("\xa0", " ").replace("ё", "е").replace("ي", "ی")
    odd = _odd(text)
    return _without(odd, text), odd


def _odd(text: str) -> set[str]:
    """The odd characters in ``text``. Where there are many, looking at every character beats finding each of them."""
    found: set[str] = set()
    seen: set[str] = set()
    many = False
    for start in range(0, len(text), _SLICE):
        piece = text[start : start + _SLICE]
        if many:
            seen.update(piece)
        else:
            places = _ODD.findall(piece)
            many = len(places) > _SLICE // 8
            found.update(places)
    return found.union(filter(_ODD.match, seen))


def _without(odd: Set[str], text: str) -> str:
    """``text`` with the characters in ``odd`` made plain."""
    changing = [char for char in odd if _plain(char) != char]
    if len(changing) > _MANY:
        return _ODD.sub(_changed, text)
    for char in changing:
        text = text.replace(char, _plain(char))
    return text


def _changed(match: re.Match[str]) -> str:
    return _plain(match[0])


def _pieces(text: str) -> Iterator[str]:
    """The text, cut in front of white space, across which nothing composes: most of a page has no mark."""
    start = 0
    while start < len(text):
        cut = _BEFORE_SPACE.search(text, start + _PIECE)
        end = cut.start() if cut else len(text)
        yield text[start:end]
        start = end


_PIECE = 2048
_BEFORE_SPACE = re.compile(r"[ \t\n\r]")


def _composed(text: str) -> str:
    """Text with combining marks: folded and composed until nothing changes, which is nearly always at once."""
    text = _TOO_MANY_MARKS.sub("", text)
    if _IOTA not in text:  # it must be composed first: folded, it is a letter of its own
        text = text.casefold()
    for _ in range(4):
        composed = unicodedata.normalize("NFKC", text)
        text = composed.casefold().replace("i̇", "i")
        text = _without(set(_COMPOSED.findall(text)), text)
        if text == composed:
            break
    return text


_IOTA = "\u0345"


def readings(folded: str) -> tuple[str, ...]:
    """A ZWNJ reads as nothing or as a space: Persian writers use all three."""
    if ZWNJ not in folded:
        return (folded,)
    return folded.replace(ZWNJ, ""), folded.replace(ZWNJ, " ")
