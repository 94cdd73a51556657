"""A page at one look: which topics may reach so many points? Most pages none, and then nothing more is asked of them.

Its passages are read as few texts, what stands above, what stands below, and addresses: every pass over a text costs
its beginning. Of the lists the look never says too little; the odds of words in leet are near to what reading them
says. Phrases and features that would stand across two passages do not stand there. Words in disguise count wherever
they show, without being read with their neighbours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from hedgerow.core.bounds import Bounds
from hedgerow.core.disguise import any_disguised, disguised
from hedgerow.core.hidden import AROUND, spelled_out, suspects, together, unveiled_once
from hedgerow.core.kinds import Kind, kinds_of
from hedgerow.core.model import Passage, Place
from hedgerow.core.origins import Normalised, Reading
from hedgerow.core.reads import UNVEILED, Read, Searches, narrowed, sample
from hedgerow.core.scoring import stands
from hedgerow.core.slices import SLICE
from hedgerow.core.spacing import spaced
from hedgerow.core.summing import worth_a_look

_BETWEEN = " ;;; "
"""Between passages: signs are spaces to the search, three of which no phrase has. Whoever writes it is looked at."""

_MOST = 2 * SLICE
"""Characters read at once: no single call works on megabytes."""

_SPACES = _BETWEEN.count(" ")


class Joined(Normalised):
    """Passages as one text: each of them says which spellings count there."""

    __slots__ = ()

    @property
    def kinds(self) -> frozenset[Kind]:
        """Whatever counts in one of them."""
        if self._kinds is None:
            self._kinds = frozenset().union(*map(kinds_of, self.folded.split(_BETWEEN)))
        return self._kinds


class Look(NamedTuple):
    """What is known of a page: how it can be read, its words, and its odds."""

    read: list[Read]
    words: int
    odds: dict[int, float]  # by subject of the model


class Glance:
    """Made once for a lexicon. Immutable."""

    __slots__ = ("_bounds", "_searches")

    def __init__(self, searches: Searches, bounds: Bounds) -> None:
        self._searches = searches
        self._bounds = bounds

    def at(self, passages: Sequence[Passage]) -> Look:
        """Linear time."""
        read: list[Read] = []
        words = 0
        for place, texts in _together(passages):
            joined = Joined(_BETWEEN.join(texts))
            words += joined.folded.count(" ") + 1 - (_SPACES - 1) * (len(texts) - 1)
            plain = self._searches.searched(joined, place, 0)
            read += (plain, *self._hidden(plain))
            odd = any_disguised(texts)
            read += self._searched((other for text in odd for other in disguised(text, False)), place)
        return Look(read, words, self._searches.odds(read, words))

    def topics(self, look: Look, least: float) -> set[str]:
        """Those in which such a page may reach ``least`` points."""
        return self.matter(look, least)[1]

    def matter(self, look: Look, least: float) -> tuple[list[Read], set[str]]:
        """What of a page counts, and the topics in which it may reach ``least`` points: most pages have none, and
        which spellings count in them is never told."""
        worth = self._worth(look, least)
        if worth:
            look = look._replace(read=list(map(narrowed, look.read)))
            worth = self._worth(look, least)
        return look.read, worth

    def _worth(self, look: Look, least: float) -> set[str]:
        most = self._bounds.most(((one.place, found) for one in look.read for found in one.standing), look.words)
        return worth_a_look(self._searches.learned.model, look.odds, most, least)

    def _searched(self, texts: Iterable[Normalised], place: Place) -> Iterator[Read]:
        return (self._searches.searched(text, place, 0) for text in texts)

    def _hidden(self, plain: Read) -> Iterator[Read]:
        """What shows only through leet and splits, wherever it stands; letters that stand alone are read."""
        reading = plain.text.readings[0]
        windows = suspects(reading)
        if not windows:
            return
        whole = together(reading, windows)
        if spelled_out(whole):
            alone = [
                at for start, end in windows if spelled_out(reading[start:end]) for at in range(start, end, AROUND)
            ]
            yield from self._searched(disguised(reading, False, alone), plain.place)
        other = unveiled_once(whole)
        words = spaced(other)
        hidden = self._searches.standing(other, words, UNVEILED)
        shown = self._searches.shown(whole, hidden)
        if any(shown.values()):
            # Of a combination one part may be in leet, and the others as they are.
            standing = tuple(plain.standing[0][n] | parts if n in shown else set() for n, parts in enumerate(hidden))
            yield Read(_UNVEILED, plain.place, 0, (standing,), self._searches.learned.standing(sample(words)))


_UNVEILED = Reading("", (), UNVEILED)
"""What words in leet stand for."""


def _together(passages: Sequence[Passage]) -> Iterator[tuple[Place, list[str]]]:
    """The texts of places that count alike, under the one that counts most, as many as are read in one go."""
    found: dict[tuple[bool, bool], list[Passage]] = defaultdict(list)
    for one in passages:
        found[stands(one.place) > 1, one.place is Place.ADDRESS].append(one)
    for alike in found.values():
        place = max((one.place for one in alike), key=stands)
        yield from ((place, texts) for texts in _batches(one.text for one in alike))


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > _MOST:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch
