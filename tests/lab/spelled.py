"""The phrases of the school's lists in disguise (evasion E): as pages, as what is typed; and innocent twins."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from .said import OTHERS, PHRASES, UTF_8, Body, page

VI, FA, KK, RU = (OTHERS[language] for language in ("vi", "fa", "kk", "ru"))
_TWINS = str.maketrans("aeocpx", "аеосрх")
_GREEK = str.maketrans("oa", "οα")
_LEET = str.maketrans("aeios", "43105")
_SMALL = str.maketrans("abdefhklmnoprtuwz", "ᴀʙᴅᴇꜰʜᴋʟᴍɴᴏᴘʀᴛᴜᴡᴢ")


def _each(change: Callable[[str], str]) -> str:
    """All four phrases, each word changed."""
    return " and ".join(" ".join(map(change, phrase.split(" "))) for phrase in PHRASES)


def _wide(word: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in word)


def _middle(between: str) -> Callable[[str], str]:
    return lambda word: word[:3] + between + word[3:]


FILLERS = {f"E03-{ord(char):04x}": char for char in "\u200b\u200c\u200d\u2060\ufeff\xad\u034f\u180e\u061c\u202a\u202e"}
FILLERS |= {f"E04-{ord(char):04x}": char for char in "\u3164\u2800\u115f\u1160\uffa0"}

BOTH: dict[str, str] = {
    "E01-case": _each(str.title),
    "E01-dots": _each(".".join),
    "E01-spaces": "  and  ".join("   ".join(" ".join(word) for word in phrase.split(" ")) for phrase in PHRASES),
    "E01-underscores": _each("_".join),
    "E01-hyphen": _each(_middle("-")),
    "E01-underscore": _each(_middle("_")),
    **{row: _each(_middle(char)) for row, char in FILLERS.items()},
    "E07-cyrillic": _each(lambda word: word.translate(_TWINS)),
    "E07-greek": _each(lambda word: word.translate(_GREEK)),
    "E07-small-capitals": _each(lambda word: word.translate(_SMALL)),
    "E07-full-width": _each(_wide),
    "E08-leet": _each(lambda word: word.translate(_LEET)),
    "E08-accents": _each(lambda word: word.replace("a", "ä").replace("e", "ë").replace("o", "ö")),
    "E08-repeats": _each(lambda word: word[0] + word[1] * 4 + word[2:]),
    "E09-zalgo": _each(lambda word: "".join(char + "\u0336\u0351\u0317" for char in word)),
    "E11-nfd": unicodedata.normalize("NFD", VI[0]),
    "E11-mixed": "đánh quă\u0323c",
    "E13-old-place": "hòa quẩng",
    "E13-new-place": "hoà quẩng",
    "E15-arabic-letters": FA[0].replace("ی", "ي").replace("ک", "ك"),
    "E16-joined": FA[0].replace("\u200c", ""),
    "E16-apart": FA[0].replace("\u200c", " "),
    "E17-tatweel": "قـمـبـار",
    "E18-vowel-signs": "قِمْبَار",
    "E19-kazakh": KK[0].upper(),
    "E19-russian-keys": "кункай ойнагыш",
    "E19-latin-2021": "qūñqai oinağyş",
    "E21-mixed": "қaзінaқ",
}
"""Found on pages and in what is typed."""

TYPED: dict[str, str] = {
    "E07-one-word": PHRASES[0].translate(_TWINS),
    "E08-one-word": PHRASES[0].translate(_LEET),
    "E13-toneless": "danh quac",
    "E13-telex": "ddanhs quawcj",
    "E13-vni": "d9anh1 qua8c5",
    "E19-latin-2017": "qun'qai' oi'nag'ys'".replace("i'", "i"),
    "E19-ascii": "kunkai oinagysh",
    "E22-translit": "plohaya hryamka",
    "E22-english-in-cyrillic": "снёркельбиб".replace("ё", "о"),
    "E22-keys": "rhfrjpz,kbr",
}
"""Found in what is typed."""

INNOCENT: dict[str, str] = {
    "M01": "Scunthorpe, Essex, Sussex, analysis, therapist, cocktail, sextant, Moby-Dick, chicken breast",
    "M05-vietnamese": "các bạn lớn, danh quac có dấu, lon nước",
    "M05-persian": "قمباری و قمری",
    "M05-kazakh": "құмыра, ойын, қазан",
    "M05-russian": "плохая погода, хрюмка и кракозяблики",
    "E13-tones-elsewhere": "ở đây danh quac",
    "E07-real-russian": "рак, сом, оса, хор, вата",
    "E01-letters": "a b c d e f g",
    "inside": " and ".join(f"x{phrase}x".replace("i", "1") for phrase in PHRASES),
}


def body(name: str) -> Body | None:
    """The page of a case, if it is one of these."""
    text = {**BOTH, **INNOCENT}.get(name)
    return (UTF_8, "", page(f"say {text} now")) if text else None
