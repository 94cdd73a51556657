"""Letters in a row, cut into the words they most likely are: ``w e e d f o r s a l e`` leaves no spaces to go by.

The cheapest way wins: a known word costs 1, one with a known beginning more, and each letter of no word more still.
What is known are the words and beginnings of the learned model, of all its languages.
"""

from __future__ import annotations

from collections.abc import Callable, Set

from hedgerow.core.spacing import PREFIX

type Words = Callable[[str], Set[str]]
"""Of the words in a folded text those that are known, and their known beginnings: ``cocai*``."""

LEAST = 6
"""Letters of a row in which more than one word is looked for."""

MOST = 2_000
"""Letters that one look at a page cuts, the first of it, 10 to 20 microseconds each. A suspicious page is looked at up
to three times. Whoever fills the beginning with other letters has the rest left uncut."""

_LONGEST = 16
_UNKNOWN = 1.5
"""What a letter of no known word costs, where a word costs 1."""

_ENDING = 0.4
"""What a letter behind a known beginning costs: endings are many in Kazakh, Russian and Persian."""


class Cutter:
    """Cuts the rows of one look at a page, or of one message: as many as there is time for."""

    __slots__ = ("_known", "_left")

    def __init__(self, known: Words) -> None:
        self._known, self._left = known, MOST

    def cut(self, letters: str) -> str:
        """The words with spaces between; "" when they are not to be told apart, or when it has been enough."""
        letters, rest = letters[: self._left], letters[self._left :]
        if len(letters) < LEAST:
            return ""
        self._left -= len(letters)
        found = [*parted(letters, self._known), *([rest] if rest else ())]
        return " ".join(found) if len(found) > 1 else ""


def parted(letters: str, known: Words) -> list[str]:
    """The likeliest words. Linear time."""
    pieces = {letters[a:b] for a in range(len(letters)) for b in range(a + 1, min(a + _LONGEST, len(letters)) + 1)}
    words = known(" ".join(pieces))
    return _joined(letters, _ends(letters, words))


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
    """Of a known word, or of one with a known beginning; else 0."""
    if piece in words:
        return 1.0
    return 1.0 + (len(piece) - PREFIX) * _ENDING if f"{piece[:PREFIX]}*" in words else 0.0


def _joined(letters: str, ends: list[tuple[int, bool]]) -> list[str]:
    """The pieces; unknown letters that meet are one word."""
    found: list[str] = []
    start, before = 0, True
    for end, known in ends:
        if known or before:
            found.append(letters[start:end])
        else:
            found[-1] += letters[start:end]
        start, before = end, known
    return found
