"""A folded text in which only letters, digits and marks touch: a whole word is then the bytes `` word ``.

What stands between words is a space; a sign of another alphabet than ASCII stands by itself, and so does each letter of
the scripts that are written without spaces. One search for literals then tells which whole words stand there.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from hedgerow.core.sieve import Marks, Signs

_UNSPACED = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"), ("\u3040", "\u9fff"))
"""Thai and Lao, Burmese, Khmer, Chinese and Japanese: first and last letter."""

PREFIX = 5
"""Letters of the beginnings of words that are features: endings are many in Kazakh, Russian and Persian."""

_OTHERS = bytes(code for code in range(128) if not chr(code).isalnum())
_TO_SPACES = bytes.maketrans(_OTHERS, b" " * len(_OTHERS))

_HARD = Signs(
    [
        rb"\xe0[\xb8-\xbb][\x80-\xbf]|\xe1(?:[\x80\x81\x9e\x9f][\x80-\xbf]|\x82[\x80-\x9f])",
        rb"\xe3[\x81-\xbf][\x80-\xbf]|[\xe4-\xe9][\x80-\xbf]{2}|\xed[\xa0-\xbf][\x80-\xbf]",
    ]
)
"""Letters of scripts without spaces, and halves of surrogates: so many different ones that each is looked at."""

_FAR = Signs([rb"[\xf0-\xf4][\x80-\xbf]{3}|\xee[\x80-\xbf]{2}|\xef[\x80-\xa3][\x80-\xbf]"])
"""Pictures beyond the plane, and private use: whoever has icons has few."""

_FAR_LEADS = (b"\xee", b"\xef", b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")
_MOST_FAR = 5_000
_MOST_KINDS = 64
"""Different signs that are replaced one by one."""


@lru_cache(maxsize=4096)
def joins(char: str) -> bool:
    """Letters, digits and marks continue a word; scripts written without spaces have no word ends to check."""
    return not _is_unspaced(char) and (char.isalnum() or unicodedata.category(char)[0] == "M")


def _is_unspaced(char: str) -> bool:
    return any(first <= char <= last for first, last in _UNSPACED)


def spaced(reading: str) -> bytes:
    """A folded text so that `` word `` stands in it wherever ``word`` stands as a whole word. Linear time."""
    if reading.isascii():
        return b" %b " % reading.encode().translate(_TO_SPACES)
    data = reading.encode("utf-8", "surrogatepass")
    signs = _signs(data)
    if signs is None:
        data = reading.translate(_APART).encode("utf-8", "surrogatepass")
    elif signs:
        for sign in signs:  # one character is found faster than its three bytes
            reading = reading.replace(sign, f" {sign} ")
        data = reading.encode("utf-8", "surrogatepass")
    return b" %b " % data.translate(_TO_SPACES)


def sought(part: str, goes_on: bool) -> bytes:
    """What stands in ``spaced`` of each text in which this folded text stands as a whole word, or begins one.

    Signs of ASCII alone leave nothing to search but the space that stands in every text.
    """
    middle = spaced(part)[1:-1]
    before = b" " if joins(part[0]) else b""
    behind = b" " if joins(part[-1]) and not goes_on else b""
    return before + middle + behind


def _signs(data: bytes) -> list[str] | None:
    """The signs that stand there, where they are few."""
    if _HARD.ends(data, 1):
        return None
    found = [_SIGNS[number] for number in _COMMON.numbers(data)]
    if any(lead in data for lead in _FAR_LEADS):
        ends = _FAR.ends(data, _MOST_FAR)
        if len(ends) == _MOST_FAR:
            return None
        chars = {(data[end - 4 : end] if data[end - 4] >= 0xF0 else data[end - 3 : end]).decode() for end in ends}
        found += [char for char in chars if not joins(char)]
    return found if len(found) <= _MOST_KINDS else None


class _Apart(dict[int, str]):
    """For ``str.translate``: signs apart."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = found = char if code < 0x80 or joins(char) else f" {char} "
        return found


_APART = _Apart()


_NEAR = [*range(0x80, 0xD800), *range(0xF900, 0x10000)]
_SIGNS = [char for char in map(chr, _NEAR) if not (joins(char) or _is_unspaced(char))]
_COMMON = Marks([char.encode() for char in _SIGNS], literal=True, once=True)
