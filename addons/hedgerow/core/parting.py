"""Letters in a row, cut into the words they most likely are: ``w e e d f o r s a l e`` leaves no spaces to go by.

The cheapest way wins: a known word costs 1, a short one and one with a known beginning more, and each letter of no word
more still. What is known are the words and beginnings of the learned model, of all its languages: in any letters at all
some language has words of two. Where most of what a stretch holds is so short, it is an alphabet or a puzzle.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Set

from hedgerow.core.spacing import PREFIX

type Words = Callable[[str], Set[str]]
"""Of the words in a folded text those that are known, and their known beginnings: ``cocai*``."""

LEAST = 6
"""Letters of a row in which more than one word is looked for."""

MOST = 2_000
"""Letters that one look at a page cuts, the first of it, 10 to 20 microseconds each; the same row again is free. A
suspicious page is looked at up to three times. Who fills the beginning with other letters has the rest left uncut."""

_LONGEST = 16
_UNKNOWN = 1.5
"""What a letter of no known word costs, where a word costs 1."""

_ENDING = 0.4
"""What a letter behind a known beginning costs: endings are many in Kazakh, Russian and Persian."""

_SHORT = {1: 1.3, 2: 1.2}
"""What known words of so few letters cost."""

_STRETCH = 40
"""Letters judged together: who puts an alphabet before words hides those near it at most."""


class Cutter:
    """Cuts the rows of one look at a page, or of one message: as many as there is time for."""

    __slots__ = ("_cut", "_known", "_left")

    def __init__(self, known: Words) -> None:
        self._known, self._left = known, MOST
        self._cut: dict[str, str] = {}

    def cut(self, letters: str) -> str:
        """The words with spaces between; "" when they are not to be told apart, or when it has been enough."""
        if letters not in self._cut and min(self._left, len(letters)) >= LEAST:
            found = parted(letters[: self._left], self._known)
            self._cut[letters] = " ".join([*found, letters[self._left :]]).rstrip() if len(found) > 1 else ""
            self._left = max(self._left - len(letters), 0)
        return self._cut.get(letters, "")


def parted(letters: str, known: Words) -> list[str]:
    """The likeliest words. Linear time."""
    pieces = {letters[a:b] for a in range(len(letters)) for b in range(a + 1, min(a + _LONGEST, len(letters)) + 1)}
    found: list[str] = []
    stretch = [(0, True)]  # where the one before ends, then its own pieces
    for end in _ends(letters, known(" ".join(pieces))):
        stretch.append(end)
        if end[0] - stretch[0][0] >= _STRETCH or end[0] == len(letters):
            found += _told(letters, stretch)
            stretch = [end]
    return found


def _told(letters: str, ends: list[tuple[int, bool]]) -> list[str]:
    """The words of one stretch; its letters as they are where most of what is known is short."""
    sizes = [end - start for (start, _), (end, is_word) in itertools.pairwise(ends) if is_word]
    if sum(size for size in sizes if size in _SHORT) * 2 > sum(sizes):
        return [letters[ends[0][0] : ends[-1][0]]]
    return _joined(letters, ends)


def _ends(letters: str, words: Set[str]) -> list[tuple[int, bool]]:
    """The cheapest way to the end: where each piece ends, and whether it is a word."""
    best: list[tuple[float, int, bool]] = [(0.0, 0, True)]  # to each letter: what it costs, where its piece begins
    for end in range(1, len(letters) + 1):
        ways = [
            (best[start][0] + cost, start, True)
            for start in range(max(end - _LONGEST, 0), end)
            if (cost := _cost(letters[start:end], words))
        ]
        best.append(min([*ways, (best[end - 1][0] + _UNKNOWN, end - 1, False)]))
    found: list[tuple[int, bool]] = []
    end = len(letters)
    while end:
        _, start, known = best[end]
        found.append((end, known))
        end = start
    return found[::-1]


def _cost(piece: str, words: Set[str]) -> float:
    """Of a known word, or of one with a known beginning; else 0. Where two known words meet nothing is an ending."""
    if piece in words:
        return _SHORT.get(len(piece), 1.0)
    if f"{piece[:PREFIX]}*" not in words:
        return 0.0
    if any(piece[:n] in words and piece[n:] in words for n in range(PREFIX, len(piece))):
        return 0.0
    return 1.0 + (len(piece) - PREFIX) * _ENDING


def _joined(letters: str, ends: list[tuple[int, bool]]) -> list[str]:
    """The pieces between the ends; unknown letters that meet are one word."""
    found: list[str] = []
    before = True
    for (start, _), (end, known) in itertools.pairwise(ends):
        if known or before:
            found.append(letters[start:end])
        else:
            found[-1] += letters[start:end]
        before = known
    return found
