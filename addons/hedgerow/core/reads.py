"""What of the phrases and of the learned features stands in a text, in each of its readings: asked in few passes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Set
from typing import NamedTuple

from hedgerow.core.hidden import MOST_PLACES, framed, in_characters, spelled_out, suspects, together, unveiled
from hedgerow.core.kinds import ON_PAGES, PLAIN, Kind
from hedgerow.core.learned import Learned
from hedgerow.core.matching import Matcher
from hedgerow.core.model import Place
from hedgerow.core.normal import encoded
from hedgerow.core.origins import Normalised
from hedgerow.core.parting import Cutter
from hedgerow.core.spacing import spaced

INSIDE = frozenset({Kind.JOINED})
SEARCHES = (PLAIN, ON_PAGES, INSIDE, frozenset(Kind) - PLAIN - ON_PAGES - INSIDE)
"""What is searched at once: always, on pages that may need it, inside words too, and in readings made for it."""

UNVEILED = PLAIN | INSIDE
"""What counts where leet is read as letters and splits are closed."""

_NONE: Set[int] = frozenset()
_PLAINLY, _INSIDE_WORDS = SEARCHES.index(PLAIN), SEARCHES.index(INSIDE)

_SHORTEST_HIDDEN = 4
"""Letters: shorter words come of "they're" and of "AI-based" by themselves."""

_MOST_ASKED, _PIECE = 16 * 1024, 256
"""Bytes of a long text that the model is asked about, and of one of the pieces from all over it: what some 2,500 words
say together, all of them say. Innocent words at each of the 64 places would hide a page from the model; the lists read
all of it."""

type Standing = tuple[Set[int], ...]
"""Of each search, the parts that stand in one reading."""


class Read(NamedTuple):
    """A text in one of its spellings: its readings, and which parts of each search stand in them."""

    text: Normalised
    place: Place
    passage: int
    standing: tuple[Standing, ...]
    features: Set[int]  # of the model
    asked: float = 1.0  # the share of the text they were sought in


class Searches:
    """The phrases' parts and the model's features, compiled. Immutable."""

    __slots__ = ("learned", "matchers")

    def __init__(self, matchers: tuple[Matcher, ...], learned: Learned) -> None:
        """``matchers``: one for each of ``SEARCHES``."""
        self.matchers = matchers
        self.learned = learned

    def cutter(self) -> Cutter:
        """For one look at a page: it knows the model's words."""
        return Cutter(self.learned.words)

    def searched(self, text: Normalised, place: Place, passage: int, typed: bool = False) -> Read:
        """Asks each search which of its parts stand there."""
        spacings = [spaced(reading) for reading in text.readings]
        both = zip(text.readings, spacings, strict=True)
        standing = tuple(self.standing(reading, words, text.possible) for reading, words in both)
        samples = [sample(words) for words in spacings]
        known: set[int] = set().union(*(self.learned.standing(words, typed) for words in samples))
        return Read(text, place, passage, standing, known, sum(map(len, samples)) / sum(map(len, spacings)))

    def standing(self, reading: str, words: bytes, kinds: Set[Kind]) -> Standing:
        """Of each search that can count in a text of these kinds the parts that stand in a reading, which is ``words``
        when it is ``spaced``."""
        return tuple(
            _NONE if asked.isdisjoint(kinds) else matcher.standing(words if matcher.whole else encoded(reading))
            for matcher, asked in zip(self.matchers, SEARCHES, strict=True)
        )

    def hidden(self, reading: str) -> list[tuple[int, int]]:
        """Parts of a folded text in which something shows only through leet and splits."""
        data = framed(reading)
        windows = suspects(data)
        if not windows:
            return []
        whole = together(data, windows)
        others = list(unveiled(whole))
        other = "\n".join(others)
        parts = self.shown(whole, self.standing(other, spaced(other), UNVEILED))
        shown = [self.matchers[search].parts[part] for search, found in parts.items() for part in found]
        rows = spelled_out(whole)
        lines = zip(
            in_characters(data, windows), whole.split(b"\n"), *(other.split("\n") for other in others), strict=True
        )
        found = (
            window
            for window, text, *read in (lines if shown or rows else ())
            if any(part in one for one in read for part in shown) or (rows and spelled_out(text))
        )
        return list(itertools.islice(found, MOST_PLACES))

    def shown(self, text: bytes, unveiled: Standing) -> dict[int, set[int]]:
        """By search the parts that stand in a text when it is read otherwise, and not as it is."""
        return {search: self._only_in(search, text, unveiled[search]) for search in (_PLAINLY, _INSIDE_WORDS)}

    def _only_in(self, search: int, text: bytes, unveiled: Set[int]) -> set[int]:
        matcher = self.matchers[search]
        found = {part for part in unveiled if len(matcher.parts[part]) >= _SHORTEST_HIDDEN}
        if not found:
            return found
        plain = text.decode("utf-8", "surrogatepass")
        return found - matcher.standing((spaced if matcher.whole else encoded)(plain))


def sample(data: bytes) -> bytes:
    """All of a ``spaced`` text; of a long one pieces from all over it, cut at spaces."""
    if len(data) <= _MOST_ASKED:
        return data
    pieces = _MOST_ASKED // _PIECE
    return b"".join(_piece(data, data.find(b" ", number * len(data) // pieces)) for number in range(pieces))


def _piece(data: bytes, start: int) -> bytes:
    """The first ordinary words from a space on: whoever fills the place with one long word gains nothing."""
    while start >= 0:
        end = data.rfind(b" ", start + 1, start + _PIECE)
        if end > start:
            return data[start : end + 1]
        start = data.find(b" ", start + 1)
    return b""


def narrowed(read: Read) -> Read:
    """Without the parts of searches that do not count in such a text: to tell costs more than to search."""
    taken = [any(map(read.text.takes, kinds)) for kinds in SEARCHES]
    return read._replace(
        standing=tuple(
            tuple(parts if takes else frozenset() for parts, takes in zip(found, taken, strict=True))
            for found in read.standing
        )
    )


def features(read: Iterable[Read]) -> set[int]:
    """All features of the model that stand there."""
    return set().union(*(one.features for one in read))
