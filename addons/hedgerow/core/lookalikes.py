"""Letters that look like others, and signs that stand for letters.

The look-alikes are a choice from Unicode's confusables (UTS #39, confusables.txt 15.1, read through the package
confusable-homoglyphs 3.3.1, which brings a megabyte for ten thousand pairs and has had no release since 2024): those of
scripts that fonts of today show, without what NFKC undoes. To them come letters that Unicode does not call
confusable because only their capitals are (к, т, м), small capitals, squared letters and Cyrillic for Latin by shape.
"""

from __future__ import annotations

import re
import unicodedata

_LATIN = {
    "a": "аАαΑɑᴀ⍺Ꭺꓮ", "b": "вВβΒʙƄЬьᏏᏴꓐ", "c": "сСϲϹᴄⲥⲤꮯᏟꓚ", "d": "ԁԀᴅɗԂᎠꓓ", "e": "еЕεΕєЄҽᴇɛ℮Ꭼꓰҿ", "f": "ғҒƒꜰϝϜꓝք",
    "g": "ɡցɢԌᏀꓖ", "h": "һҺнНηΗʜհᎻꓧ", "i": "іІιΙɪɩӏꭵᎥїЇ", "j": "јЈϳᴊʝᎫꓙ", "k": "кКκΚᴋқҚҜҝᏦꓗ", "l": "ʟӀⅼɭᏞꓡǀ",
    "m": "мМΜᴍϻϺᎷꓟ", "n": "пПΝɴոռηпꓠ", "o": "оОοΟσᴏօՕⲟⲞөӨꓳ", "p": "рРρΡᴘⲣⲢᏢꓑ", "q": "ԛԚզգ", "r": "гГʀᴦꭇяЯᏒꓣ",
    "s": "ѕЅꜱƽՏᏚꓢ", "t": "тТτΤᴛᎢꓔ", "u": "υᴜսʋцЦиИՍꓴ", "v": "ѵѴνᴠѴᏙꓦ", "w": "ѡѠԝԜшШωᴡɯաᎳꓪ", "x": "хХχΧхᕽꓫ",
    "y": "уУγΥʏүҮчЧᎩꓬ", "z": "ᴢΖꓜᏃ",
}  # fmt: skip
_CYRILLIC = {
    "а": "aα", "в": "bβ", "с": "cϲ", "е": "eε", "н": "h", "к": "kκ", "м": "m", "о": "oο0", "р": "pρ", "т": "tτ",
    "у": "yuγ", "х": "xχ", "і": "iι", "п": "n", "г": "rΓ", "ь": "b", "ә": "ə", "ө": "ɵ", "и": "u", "ш": "w",
    "з": "з", "л": "λΛ", "ф": "φΦ", "д": "Δ", "һ": "h", "ғ": "ƒ",
}  # fmt: skip
_SOUNDS = dict(zip("abvgdezijklmnoprstufhcy", "абвгдезийклмнопрстуфхцы", strict=True))


def _to(table: dict[str, str]) -> dict[int, str]:
    return {ord(like): letter for letter, likes in reversed(table.items()) for like in reversed(likes)}


TO_LATIN = _to(_LATIN) | {code: chr(code - first + 97) for first in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
                          for code in range(first, first + 26)}  # fmt: skip
TO_CYRILLIC = _to(_CYRILLIC)
BY_SOUND = {ord(latin): letter for latin, letter in _SOUNDS.items()}

LEET = tuple(
    str.maketrans(dict(zip(signs.split(), letters.split(), strict=True)))
    for signs, letters in (
        ("4 @ 3 € 1 ! | 0 5 $ 7 + 8 9 ¢ £ 6", "a a e e i i i o s s t t b g c l b"),
        ("4 @ 3 € 1 ! | 0 5 $ 7 + 8 9 ¢ 6 2", "a a e e l l l o s s t t b g c g z"),
    )
)
"""Signs for Latin letters. Two tables: 1 is i or l, 6 is b or g."""

CYRILLIC_LEET = str.maketrans("0@3461", "оазчбі")

SIGNS = frozenset("0123456789@$!|+€¢£")
"""What stands for a letter in leet."""

_EXOTIC = re.compile(
    "[\u0180-\u02af\u13a0-\u13ff\u1400-\u167f\u1d00-\u1d2b\u2c80-\u2cff\ua4d0-\ua4ff\ua730-\ua731\uab30-\uabbf"
    "ѕѡѵјԁԛԝӏҽ\U0001f130-\U0001f189\U0001f1e6-\U0001f1ff]"
)
_SCRIPTS = (
    (re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"), "Latin"),
    (re.compile("[\u0400-\u052f]"), "Cyrillic"),
    (re.compile("[\u0370-\u03ff]"), "Greek"),
    (re.compile("[\u0531-\u058f]"), "Armenian"),
)


def is_exotic(word: str) -> bool:
    """True when a letter stands in the word that is in none of the alphabets in use here."""
    return bool(_EXOTIC.search(word))


def scripts(word: str) -> frozenset[str]:
    """Which of the alphabets that look alike have a letter in the word."""
    return frozenset(name for pattern, name in _SCRIPTS if pattern.search(word))


def in_latin(word: str) -> str:
    """The Latin word that it looks like, small letters; "" when a letter looks like none."""
    return _all(unicodedata.normalize("NFKC", word).translate(TO_LATIN).lower(), "Latin")


def wholly_latin(word: str) -> str:
    """The Latin word for one of another alphabet all whose letters are its twins; "" for any other.

    Small в and т are not twins of b and t, their capitals are: вет is a Russian word, ВЕТ may be none.
    """
    return word.translate(TO_LATIN).lower() if _TWINS.fullmatch(word) else ""


_TWINS = re.compile("[асеорхуіѕјһԁԛԝονραικυАВСЕНКМОРТХІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ\\W\\d_]+")


def in_cyrillic(word: str) -> tuple[str, ...]:
    """The Cyrillic words that it looks and sounds like, small letters; empty when a letter is like none."""
    plain = unicodedata.normalize("NFKC", word).lower()
    found = (plain.translate(TO_CYRILLIC), plain.translate(BY_SOUND))
    return tuple(dict.fromkeys(filter(None, (_all(one, "Cyrillic") for one in found))))


def _all(word: str, script: str) -> str:
    return word if scripts(word) == {script} and not is_exotic(word) else ""
