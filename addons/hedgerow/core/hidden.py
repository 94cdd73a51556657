"""Where do words stand that show only through leet and splits (``c4sino``, ``c a s i n o``)? A fast "nowhere".

The letters of a text are joined, figures read as letters, and words sought in that. What stands there openly is no
news, and neither is what two words make together; the rest deserves a closer look (``core.disguise``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, islice

from hedgerow.core.literals import MOST_KEYS, Literals, places
from hedgerow.core.normal import SPLITS, veiled
from hedgerow.core.sieve import Signs

_SHORTEST, _FEWEST = 6, 4
"""Bytes and letters: those of shorter words meet across the words of any text."""

MOST_PLACES = 300
"""Places of a page that are read again: a page full of disguises has been seen through long before."""

_MOST_TRIED = 5_000
_BLOCK = 1024

_GAP, _LETTER = rb"[\s._*/|-]", rb"(?:[A-Za-z0-9@$]|[\xc3-\xdb][\x80-\xbf]|\xe1[\xba\xbb][\x80-\xbf])"
_LOOSE = Signs(
    [
        rb"(?i)[a-z\x80-\xbf][-_.*~'/|][a-z\xc3-\xdb]",
        rb"(?i)[a-z\x80-\xbf][0-9@$!|]+[a-z\xc3-\xe1]",
        rb"(?i)[a-z\x80-\xbf][0-9@$][^0-9a-z@$\x80-\xff]",
        rb"(?i)[^0-9a-z@$][@$0-9][a-z\xc3-\xe1]",
        rb"%b%b%b+%b%b+%b%b" % (_GAP, _LETTER, _GAP, _LETTER, _GAP, _LETTER, _GAP),
    ]
)
"""Leet, a word split by signs, single letters."""


class Hidden:
    """Words, compiled. Immutable. Of very long lists nothing is looked for: each page would need a closer look."""

    __slots__ = ("_keys", "_literals")

    def __init__(self, words: Iterable[str]) -> None:
        keys = {word: veiled(word.encode("utf-8", "surrogatepass")) for word in words}
        keys = {w: found for w, found in keys.items() if len(found) >= _SHORTEST and len(found.decode()) >= _FEWEST}
        self._keys = keys if len(keys) <= MOST_KEYS else {}
        self._literals = Literals(tuple(dict.fromkeys(self._keys.values())))

    def places(self, reading: str, openly: Callable[[], set[str]]) -> list[tuple[int, int]]:
        """[start, end) of places of a folded text where a word shows only so; ``openly`` tells which stand there as
        they are. Linear time."""
        data = reading.encode("utf-8", "surrogatepass")
        letters = veiled(data)
        numbers = self._literals.numbers(letters)
        if not numbers:
            return []
        shown = {self._keys[word] for word in openly() if word in self._keys}
        keys = {number: self._literals[number] for number in numbers if self._literals[number] not in shown}
        spots = islice(_spots(keys, letters, data), _MOST_TRIED)
        loose = islice((spot for spot in spots if _is_loose(data, *spot)), MOST_PLACES)
        return list(_in_characters(data, sorted(set(loose))))


def _spots(keys: dict[int, bytes], letters: bytes, data: bytes) -> Iterator[tuple[int, int]]:
    """Where they stand in ``data``."""
    unveiled = None
    for _, ends in places(keys, letters):
        for end, number in ends:
            unveiled = unveiled or _Unveiled(data)
            yield unveiled.at(end - len(keys[number])), unveiled.at(end - 1) + 1


class _Unveiled:
    """Back from the letters to the bytes they were taken from."""

    __slots__ = ("_data", "_passed")

    def __init__(self, data: bytes) -> None:
        self._data = data
        blocks = (data[start : start + _BLOCK] for start in range(0, len(data), _BLOCK))
        self._passed = [0, *accumulate(map(_left, blocks))]

    def at(self, letter: int) -> int:
        """Which byte is the ``letter``-th that is left."""
        block = bisect_right(self._passed, letter) - 1
        start, wanted = block * _BLOCK, letter - self._passed[block]
        ends = range(start, min(start + _BLOCK, len(self._data)))
        return start + bisect_right(ends, wanted, key=lambda end: _left(self._data[start : end + 1]))


def _left(data: bytes) -> int:
    return len(data.translate(None, SPLITS))


def _is_loose(data: bytes, start: int, end: int) -> bool:
    """True when leet or splits stand there: not two words that happen to meet."""
    around = data[max(start - 1, 0) : end + 1]
    return bool(_LOOSE.ends(b"%b%b%b" % (b"" if start else b" ", around, b"" if end < len(data) else b" "), 1))


def _in_characters(data: bytes, spots: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Bytes of UTF-8 to characters."""
    passed = begun = 0
    for start, end in spots:
        begun += _characters(data[passed:start])
        passed = start
        yield begun, begun + _characters(data[start:end])


def _characters(data: bytes) -> int:
    """How many characters begin in these bytes of UTF-8."""
    return len(data.translate(None, _INSIDE))


_INSIDE = bytes(range(0x80, 0xC0))
