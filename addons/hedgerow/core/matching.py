"""Where spellings stand in a folded text: literal parts in one pass, the rest by walking from there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from hedgerow.core.phrases import Spelling, joins

_CHUNK = 64 * 1024
"""Characters searched at once: bounds the list of raw matches a hostile page can make."""

_TABLED = 96 * 1024
"""Bytes of spellings searched with a full table: in half the time, for up to 400 bytes of memory a byte."""

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

    __slots__ = ("_automaton", "_longest", "_spellings", "_standing")

    def __init__(self, spellings: Sequence[Spelling]) -> None:
        standing: dict[str, list[int]] = defaultdict(list)
        for number, spelling in enumerate(spellings):
            standing[spelling.parts[spelling.longest]].append(number)
        self._spellings = tuple(spellings)
        self._standing = tuple(map(tuple, standing.values()))  # the spellings a literal part is of
        self._longest = max(map(len, standing), default=0)
        self._automaton = _automaton(standing) if standing else None

    def spots(self, text: str) -> list[Spot]:
        """Whole-word places, at most ``_MOST_PLACES`` of each spelling, in no order. Linear time."""
        counts: Counter[int] = Counter()
        found = []
        for part, start, end in self._raw(text):
            for number in self._standing[part]:
                if counts[number] >= _MOST_PLACES:
                    continue
                spelling = self._spellings[number]
                span = _span(text, spelling, start, end)
                if span is not None:
                    counts[number] += 1
                    found.append(Spot(*span, number))
        return found

    def _raw(self, text: str) -> Iterator[tuple[int, int, int]]:
        """All places where a part stands, inside words too, chunk by chunk."""
        if self._automaton is None:
            return
        for base in range(0, len(text), _CHUNK):
            piece = text[base : base + _CHUNK + self._longest]
            for part, start, end in self._automaton.find_matches_as_indexes(piece, overlapping=True):
                if start < _CHUNK:  # what begins later is found in its own chunk
                    yield part, base + start, base + end


def _automaton(parts: Iterable[str]) -> AhoCorasick:
    """Small lists as a table, large ones as a graph: 50,000 phrases as a table would be half a gigabyte."""
    listed = tuple(parts)
    small = sum(len(part.encode()) for part in listed) <= _TABLED
    implementation = Implementation.DFA if small else Implementation.ContiguousNFA
    return AhoCorasick(listed, store_patterns=False, implementation=implementation)


def _span(text: str, spelling: Spelling, start: int, end: int) -> tuple[int, int] | None:
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
    return (start, end) if _whole(text, start, end) else None


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
    if start and joins(text[start]) and joins(text[start - 1]):
        return False
    return not (end < len(text) and joins(text[end - 1]) and joins(text[end]))
