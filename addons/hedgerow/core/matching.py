"""Where spellings stand in a folded text: one part of each is found in one pass, the rest by walking from there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from hedgerow.core.literals import Meanings, places
from hedgerow.core.normal import characters, encoded
from hedgerow.core.phrases import Spelling
from hedgerow.core.spacing import joins, sought

_MOST_PLACES = 100
"""Places of one spelling that are weighed: enough to find one that stands outside a longer phrase."""

LONGEST_ENDING = 40
"""Letters a stem may be followed by: walking over a page that is one long word would take the square of its length."""


class Spot(NamedTuple):
    """Where a spelling stands in a reading: from ``start`` to ``end``, whole words."""

    start: int
    end: int
    spelling: int


class Matcher:
    """Spellings, compiled. Immutable."""

    __slots__ = ("_parts", "_sought", "_spellings", "_standing", "whole")

    def __init__(self, spellings: Sequence[Spelling], whole: bool = True, most: int | None = None) -> None:
        """``whole``: only whole words are sought, and what stands inside others need not be told. ``most``: of how
        many Hyperscan is asked, if not of the usual number."""
        standing: dict[str, list[int]] = defaultdict(list)
        for number, spelling in enumerate(spellings):
            standing[spelling.parts[spelling.longest]].append(number)
        self.whole = whole
        self._spellings = tuple(spellings)
        self._parts = tuple(standing)
        self._standing = tuple(map(tuple, standing.values()))  # the spellings a part is of
        keys = map(self._key, range(len(self._parts)))
        numbers: dict[bytes, list[int]] = defaultdict(list)
        for part, key in enumerate(keys):
            numbers[key].append(part)
        self._sought = Meanings(numbers, most)

    def __len__(self) -> int:
        return len(self._spellings)

    def _key(self, part: int) -> bytes:
        text = self._parts[part]
        return sought(text, any(map(self._goes_on, self._standing[part]))) if self.whole else encoded(text)

    def _goes_on(self, number: int) -> bool:
        """True when behind a part of this spelling the word may go on."""
        return self._spellings[number].open or len(self._spellings[number].parts) > 1

    @property
    def parts(self) -> Sequence[str]:
        """What is searched, by number."""
        return self._parts

    @property
    def spellings(self) -> Sequence[Sequence[int]]:
        """Of each part, the spellings it stands for."""
        return self._standing

    def standing(self, data: bytes) -> set[int]:
        """Which parts stand in a reading, ``spaced`` or else ``encoded``: one pass at a gigabyte a second."""
        return self._sought.standing(data)

    def spots(self, reading: str, whole: bool = True, wanted: Collection[int] | None = None) -> list[Spot]:
        """Places, of ``whole`` words if asked, at most ``_MOST_PLACES`` of each spelling, in no order. Linear time.

        ``wanted`` are the parts that are looked for: all that ``standing`` told, or some of them.
        """
        counts: Counter[int] = Counter()
        found = []
        for end, part in self._ends(reading, range(len(self._parts)) if wanted is None else wanted):
            text = self._parts[part]
            start = end - len(text)
            for number in self._standing[part] if reading.startswith(text, start) else ():
                if counts[number] < _MOST_PLACES and (
                    span := _span(reading, self._spellings[number], start, end, whole)
                ):
                    counts[number] += 1
                    found.append(Spot(*span, number))
        return found

    def _ends(self, reading: str, wanted: Collection[int]) -> Iterator[tuple[int, int]]:
        """Where parts end in ``reading``, in characters, inside words too."""
        data = encoded(reading)
        keys = {part: encoded(self._parts[part]) for part in wanted}
        if len(data) == len(reading):
            for _, ends in places(keys, data):
                yield from ends
            return
        before = passed = 0
        for base, ends in places(keys, data):
            before += characters(data[passed:base])
            passed = place = base
            count = before
            for end, part in ends:
                count += characters(data[place:end])
                place = end
                yield count, part


def _span(text: str, spelling: Spelling, start: int, end: int, whole: bool) -> tuple[int, int] | None:
    """The whole spelling around its longest part at [start, end), or None when the rest does not stand there."""
    index = spelling.longest
    for part in reversed(spelling.parts[:index]):
        found = _before(text, part, start)
        if found is None:
            return None
        start = found
    for part in spelling.parts[index + 1 :]:
        end = _ending(text, end)
        if not text.startswith(part, end + 1) or text[end] != " ":
            return None
        end += 1 + len(part)
    if spelling.open:
        end = _ending(text, end)
    return (start, end) if not whole or _whole(text, start, end) else None


def _ending(text: str, position: int) -> int:
    """Where the word that goes on at ``position`` ends, if it does soon."""
    last = min(position + LONGEST_ENDING, len(text))
    while position < last and joins(text[position]):
        position += 1
    return position


def _before(text: str, part: str, start: int) -> int | None:
    """Where ``part``, any letters and a space stand that end at ``start``."""
    if start < 2 or text[start - 1] != " ":
        return None
    last = len(part)
    while last and joins(part[last - 1]):
        last -= 1
    stem = len(part) - last  # letters of the word whose ending is free
    word = start - 1
    first = max(word - stem - LONGEST_ENDING, 0)
    while word > first and joins(text[word - 1]):
        word -= 1
    begin = word - last
    fits = start - 1 - word >= stem and begin >= 0 and text.startswith(part, begin)
    return begin if fits else None


def _whole(text: str, start: int, end: int) -> bool:
    """True when [start, end) does not begin or end inside a word."""
    return not (goes_on(text, start) or goes_on(text, end))


def goes_on(text: str, place: int) -> bool:
    """True when a word stands on both sides of a place: it neither begins nor ends there."""
    return 0 < place < len(text) and joins(text[place - 1]) and joins(text[place])
