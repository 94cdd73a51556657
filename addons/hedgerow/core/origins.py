"""Places in a folded text, led back to the original: evidence shows what stood there, not what we made of it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from hedgerow.core.kinds import ON_PAGES, PLAIN, Kind, kinds_of
from hedgerow.core.normal import NOTHING, ZWNJ, fold, readings

_BLOCK = 2048
"""Characters folded at once when a place is sought."""

_GUESSES = 6

_POSSIBLE = PLAIN | ON_PAGES
"""Kinds a text can be of as it is."""

_BLOCK_END = re.compile(r"[ \t\r\n]")
_UNSPACED = 4 * _BLOCK


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Cuts at white space; text without any is cut hard, where an offset may be off by a letter."""
    start = 0
    while start < len(text):
        match = _BLOCK_END.search(text, start + _BLOCK, start + _UNSPACED)
        end = match.start() if match else min(start + _UNSPACED, len(text))
        yield start, end
        start = end


class Origins:
    """Where places of ``fold(text)`` stand in ``text``."""

    __slots__ = ("_folded", "_spans", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans: list[tuple[int, int]] = []
        self._folded: list[int] = []  # where each block begins in the folded text
        position = 0
        for start, end in _blocks(text):
            if folded := fold(text[start:end]):
                position += bool(position and text[start].isspace())
                self._folded.append(position)
                self._spans.append((start, end))
                position += len(folded)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's [start, end) for the folded text's [start, end)."""
        first, last = self._index(start), self._index(end - 1) + 1
        while last < len(self._text) and (unicodedata.combining(self._text[last]) or NOTHING.match(self._text[last])):
            last += 1
        return first, last

    def _index(self, position: int) -> int:
        """The original's index of the character that becomes the folded text's ``position``."""
        block = max(bisect_right(self._folded, position) - 1, 0)
        start, end = self._spans[block]
        offset = position - self._folded[block]
        return min(start + _first_longer(self._text[start:end], offset), end) - 1


def _first_longer(text: str, offset: int) -> int:
    """The shortest beginning of ``text`` that folds to more than ``offset`` characters; one more than all has if none.

    A letter mostly folds to one letter, so that the second guess is right; where guesses do not help, by halves.
    """
    low, high, guess, tries = 0, len(text) + 1, min(offset, len(text)), 0
    while low < high:
        size = len(fold(text[:guess]))
        low, high = (guess + 1, high) if size <= offset else (low, guess)
        tries += 1
        guess = (
            min(max(guess + offset - size + (size <= offset), low), high - 1) if tries < _GUESSES else (low + high) // 2
        )
    return low


class Normalised:
    """A text as the phrases see it: ``readings`` of its folded form, and the way back to the original."""

    __slots__ = ("_origins", "_gaps", "_kinds", "folded", "original", "readings", "whole")

    def __init__(self, text: str) -> None:
        self.original = text
        self.folded = fold(text)
        self.readings = readings(self.folded)
        self._origins: Origins | None = None
        self._gaps: list[int] | None = None
        self._kinds: frozenset[Kind] | None = None
        self.whole = True  # phrases begin and end where words do

    @property
    def kinds(self) -> frozenset[Kind]:
        """Which spellings of phrases may be sought in this text."""
        if self._kinds is None:
            self._kinds = kinds_of(self.folded)
        return self._kinds

    @property
    def possible(self) -> frozenset[Kind]:
        """What ``kinds`` can be at most: to tell them costs more than to search."""
        return _POSSIBLE

    def takes(self, kind: Kind) -> bool:
        """True when a spelling of this kind counts here."""
        return (self._kinds is None and kind is Kind.PLAIN) or kind in self.kinds

    def span(self, reading: int, start: int, end: int) -> tuple[int, int]:
        """[start, end) of ``readings[reading]`` in the original."""
        if reading == 0 and len(self.readings) > 1:
            start, end = self._joined(start), self._joined(end - 1) + 1
        if self._origins is None:
            self._origins = Origins(self.original)
        return self._origins.span(start, end)

    def _joined(self, position: int) -> int:
        """The folded text's index of a character of the reading without ZWNJ."""
        if self._gaps is None:
            places = (index for index, char in enumerate(self.folded) if char == ZWNJ)
            self._gaps = [place - count for count, place in enumerate(places)]
        return position + bisect_right(self._gaps, position)


def normalise(text: str) -> Normalised:
    """``text`` ready to be searched."""
    return Normalised(text)


class Piece(NamedTuple):
    """A word of a reading, and [start, end) of the original it was made of."""

    text: str  # folded
    start: int
    end: int


class Reading(Normalised):
    """Words of a text in another spelling: where letters were disguised, with their neighbours, or the whole text.

    Evidence is whole words: inside a disguise no letter has a place of its own.
    """

    __slots__ = ("_ends", "_pieces", "seen")

    def __init__(
        self,
        original: str,
        pieces: Sequence[Piece],
        kinds: frozenset[Kind] = PLAIN,
        whole: bool = True,
        seen: float = 0.0,
    ) -> None:
        """``seen``: the share of the words that anybody sees to be disguised."""
        self.original = original
        self._kinds = kinds
        self.whole = whole
        self.folded = " ".join(piece.text for piece in pieces)
        self.readings = readings(self.folded)[:1]
        self.seen = seen
        self._pieces = pieces
        self._ends = list(accumulate(len(piece.text.replace(ZWNJ, "")) + 1 for piece in pieces))

    @property
    def possible(self) -> frozenset[Kind]:
        """They are known."""
        return self.kinds

    @property
    def words(self) -> int:
        """How many there are in this spelling."""
        return sum(len(piece.text.split()) for piece in self._pieces if piece.start < piece.end)

    @property
    def stood(self) -> int:
        """How many there are in the original, where single letters are some."""
        return sum(len(self.original[piece.start : piece.end].split()) for piece in self._pieces)

    def span(self, reading: int, start: int, end: int) -> tuple[int, int]:
        """[start, end) of the original's words in which the reading's [start, end) stands."""
        first, last = bisect_right(self._ends, start), bisect_right(self._ends, end - 1)
        return self._pieces[first].start, self._pieces[min(last, len(self._pieces) - 1)].end
