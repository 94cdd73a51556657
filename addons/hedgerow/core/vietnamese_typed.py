"""Vietnamese as it comes from the keys: Telex (``ddanhs bacj``), VNI (``d9anh1 bac5``) and what the young write.

Each function reads one folded word and answers with the same word where it sees nothing to change.
"""

from __future__ import annotations

import unicodedata

from hedgerow.core.vietnamese import (
    ACUTE,
    BREVE,
    CIRCUMFLEX,
    DOT,
    GRAVE,
    HOOK,
    HORN,
    TILDE,
    TONES,
    is_syllable,
    toneless,
)

_TELEX = {"s": ACUTE, "f": GRAVE, "r": HOOK, "x": TILDE, "j": DOT}
_VNI = {"1": ACUTE, "2": GRAVE, "3": HOOK, "4": TILDE, "5": DOT, "6": CIRCUMFLEX, "7": HORN, "8": BREVE}
_VOWELS = "aeiouy"
_TAKES = {CIRCUMFLEX: "aeo", HORN: "uo", BREVE: "a"}

_TEEN = {
    "k": "không", "ko": "không", "kg": "không", "kh": "không", "hok": "không", "hem": "không", "khong": "không",
    "kô": "không", "dc": "được", "đc": "được", "dk": "được", "đk": "được", "j": "gì", "z": "vậy", "zay": "vậy",
    "vs": "với", "ck": "chồng", "vk": "vợ", "ng": "người", "ngta": "người ta", "mk": "mình", "mik": "mình",
    "bn": "bạn", "bik": "biết", "bit": "biết", "bt": "biết", "wa": "quá", "qá": "quá", "r": "rồi", "rùi": "rồi",
    "cx": "cũng", "cg": "cũng", "ntn": "như thế nào", "nch": "nói chuyện", "ns": "nói", "trc": "trước", "lm": "làm",
    "iu": "yêu", "thik": "thích", "thíc": "thích", "pải": "phải", "fải": "phải", "pít": "biết", "hc": "học",
    "hs": "học sinh", "gv": "giáo viên", "cs": "có", "nhìu": "nhiều", "nhiu": "nhiều", "mún": "muốn", "mun": "muốn",
    "mn": "mọi người", "mng": "mọi người", "e": "em", "a": "anh", "t": "tao", "m": "mày", "nx": "nữa", "cj": "chị",
    "gđ": "gia đình", "sđt": "số điện thoại", "onl": "online", "ib": "nhắn tin", "đm": "địt mẹ", "dm": "địt mẹ",
    "đmm": "địt mẹ mày", "dmm": "địt mẹ mày", "vcl": "vãi cả lồn", "vl": "vãi lồn", "clm": "cái lồn má",
}  # fmt: skip
"""Written short in chats. The source is use: every line can be read on any Vietnamese wall."""

_ONSETS = (("dz", "d"), ("f", "ph"), ("j", "gi"), ("w", "qu"))


def teen(word: str) -> str:
    """A word of chat language in full: ``ko`` is không, ``thik`` thích, ``fim`` phim."""
    if word in _TEEN:
        return _TEEN[word]
    for short, full in _ONSETS:
        if word.startswith(short) and is_syllable(full + word[len(short) :]):
            return full + word[len(short) :]
    return word[:-1] + "ch" if word.endswith("k") and is_syllable(word[:-1] + "ch") else word


def telex(word: str) -> str:
    """A word typed in Telex with its marks; the same word when it is none."""
    if not (word.isascii() and word.isalpha()) or len(word) > 12:
        return word
    built = _Built()
    for char in word:
        if not _telex_key(built, char):
            built.letters.append(char)
    return built.word(word)


def vni(word: str) -> str:
    """A word typed in VNI with its marks; the same word when it is none."""
    if not (word.isascii() and word[:1].isalpha() and any(char.isdigit() for char in word)) or len(word) > 12:
        return word
    built = _Built()
    for char in word:
        if char == "9" and built.letters[:1] == ["d"]:
            built.letters[0] = "đ"
        elif char.isalpha():
            built.letters.append(char)
        elif not built.mark(_VNI.get(char, "")):
            return word
    return built.word(word)


class _Built:
    """A syllable while its keys come."""

    __slots__ = ("letters", "tone")

    def __init__(self) -> None:
        self.letters: list[str] = []  # each with its hat or horn
        self.tone = ""

    def vowel(self) -> bool:
        return any(letter[0] in _VOWELS for letter in self.letters)

    def mark(self, mark: str) -> bool:
        """Puts a tone, hat or horn where it belongs; False when nothing can carry it."""
        if mark and mark in TONES:
            self.tone = mark
            return self.vowel()
        places = [n for n, letter in enumerate(self.letters) if letter in _TAKES.get(mark, "")]
        if not places:
            return False
        chosen = places[-1:]
        if mark == HORN and "".join(self.letters[places[-1] - 1 : places[-1] + 1]) == "uo":
            chosen = [places[-1] - 1, places[-1]]
        for place in chosen:
            self.letters[place] += mark
        return True

    def word(self, typed: str) -> str:
        """The syllable, its tone put in the older place; ``typed`` when it is none."""
        plain = "".join(self.letters)
        if plain == typed or not is_syllable(unicodedata.normalize("NFC", plain)):
            return typed
        if self.tone:
            self.letters[self._place()] += self.tone
        return unicodedata.normalize("NFC", "".join(self.letters))

    def _place(self) -> int:
        letters = [toneless(letter) for letter in self.letters]
        start = 2 if letters[:2] in (["q", "u"], ["g", "i"]) and any(c in _VOWELS for c in letters[2:3]) else 0
        vowels = [n for n in range(start, len(letters)) if letters[n] in _VOWELS]
        marked = [n for n in vowels if len(self.letters[n]) > 1]
        if marked:
            return marked[-1]
        closed = vowels[-1] + 1 < len(letters)
        return vowels[-1] if closed else vowels[1] if len(vowels) > 2 else vowels[0]


def _telex_key(built: _Built, char: str) -> bool:
    """True when a key changes what stands there already instead of adding to it."""
    letters = built.letters
    if char in _TELEX and built.vowel():
        return built.mark(_TELEX[char])
    if char == "d" and letters[:1] == ["d"]:
        letters[0] = "đ"
        return True
    if char == "w":
        first, second = (BREVE, HORN) if "oa" in "".join(letters) or letters[:2] == ["q", "u"] else (HORN, BREVE)
        if not (built.mark(first) or built.mark(second)):
            letters.append("u" + HORN)
        return True
    return char in "aeo" and char in letters and _nucleus(letters, char) and built.mark(CIRCUMFLEX)


def _nucleus(letters: list[str], char: str) -> bool:
    """True when the vowel stood there last, or only consonants came after it: ``banan`` is no ``bânn``."""
    last = max(n for n, letter in enumerate(letters) if letter[0] in _VOWELS)
    return letters[last] == char
