"""A page at one look: which topics may reach so many points? Most pages none, and then nothing more is asked of them.

Its passages are read as one text, as if all of it stood above; addresses by themselves: every pass over a text costs
its beginning. What does stand above is read alone where that may decide. Of the lists the look never says too little;
the odds of words in leet are near to what reading them says. Phrases and features that would stand across two passages
do not stand there. Words in disguise count wherever they show, without being read with their neighbours.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from hedgerow.core.bounds import Bounds
from hedgerow.core.disguise import any_disguised, disguised
from hedgerow.core.disguise_words import share_seen
from hedgerow.core.hidden import AROUND, framed, in_characters, spelled_out, suspects, together, unveiled_once
from hedgerow.core.kinds import Kind, kinds_of
from hedgerow.core.model import Passage, Place
from hedgerow.core.odds import odds_of
from hedgerow.core.origins import Normalised, Reading
from hedgerow.core.parting import Cutter
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
    mixed: Sequence[Read] = ()  # what stands above and below, as if all of it stood above
    heads: Sequence[Passage] = ()  # what of it does

    @property
    def all(self) -> list[Read]:
        """In whatever place."""
        return [*self.read, *self.mixed]


class Glance:
    """Made once for a lexicon. Immutable."""

    __slots__ = ("_bounds", "_searches")

    def __init__(self, searches: Searches, bounds: Bounds) -> None:
        self._searches = searches
        self._bounds = bounds

    def at(self, passages: Sequence[Passage]) -> Look:
        """Linear time."""
        read: list[Read] = []
        mixed: list[Read] = []
        words = 0
        cutter = self._searches.cutter()
        for batch in _together(passages):
            plain = self._plain(batch)
            words += plain.text.folded.count(" ") + 1 - (_SPACES - 1) * (len(batch) - 1)
            (mixed if _is_mixed(batch) else read).extend((plain, *self._hidden(plain, cutter)))
            for alike in _by_weight(batch):
                odd = any_disguised([one.text for one in alike])
                others = (other for text in odd for other in disguised(text, False, (), cutter))
                read += self._searched(others, alike[0].place)
        heads = list(filter(_is_above, passages)) if mixed else ()
        return Look(read, words, odds_of(self._searches.learned, [*read, *mixed], words), mixed, heads)

    def topics(self, look: Look, least: float) -> set[str]:
        """Those in which such a page may reach ``least`` points."""
        return self.matter(look, least)[1]

    def matter(self, look: Look, least: float) -> tuple[list[Read], set[str]]:
        """What of a page counts, and the topics in which it may reach ``least`` points: most pages have none, and
        what stands above in them, and which spellings count in them, is never told."""
        worth = self._worth(look, least)
        if worth and look.mixed:
            look = self._parted(look)
            worth = self._worth(look, least)
        if worth:
            look = look._replace(read=list(map(narrowed, look.read)))
            worth = self._worth(look, least)
        return look.read, worth

    def _parted(self, look: Look) -> Look:
        """What stands above is read by itself, for it counts more than the same below."""
        read = [*look.read, *(one._replace(place=Place.BODY) for one in look.mixed)]
        cutter = self._searches.cutter()
        for batch in _together(look.heads):
            plain = self._plain(batch)
            read += (plain, *self._hidden(plain, cutter))
        return look._replace(read=read, mixed=(), heads=())

    def _plain(self, batch: Sequence[Passage]) -> Read:
        """Passages as they are, in the place of the first."""
        return self._searches.searched(Joined(_BETWEEN.join(one.text for one in batch)), batch[0].place, 0)

    def _worth(self, look: Look, least: float) -> set[str]:
        most = self._bounds.most(((one.place, found) for one in look.all for found in one.standing), look.words)
        return worth_a_look(self._searches.learned.model, look.odds, most, least)

    def _searched(self, texts: Iterable[Normalised], place: Place) -> Iterator[Read]:
        return (self._searches.searched(text, place, 0) for text in texts)

    def _hidden(self, plain: Read, cutter: Cutter) -> Iterator[Read]:
        """What shows only through leet and splits, wherever it stands; letters that stand alone are read."""
        reading = plain.text.readings[0]
        data = framed(reading)
        windows = suspects(data)
        if not windows:
            return
        whole = together(data, windows)
        if spelled_out(whole):
            rows = in_characters(data, [(start, end) for start, end in windows if spelled_out(data[start:end])])
            alone = [at for start, end in rows for at in range(start, end, AROUND)]
            yield from self._searched(disguised(reading, False, alone, cutter), plain.place)
        other = unveiled_once(whole)
        words = spaced(other)
        hidden = self._searches.standing(other, words, UNVEILED)
        shown = self._searches.shown(whole, hidden)
        if any(shown.values()):
            # Of a combination one part may be in leet, and the others as they are.
            standing = tuple(plain.standing[0][n] | parts if n in shown else set() for n, parts in enumerate(hidden))
            unveiled = Reading("", (), UNVEILED, seen=share_seen(whole.decode("utf-8", "replace").split()))
            yield Read(unveiled, plain.place, 0, (standing,), self._searches.learned.standing(sample(words)))


def _together(passages: Iterable[Passage]) -> Iterator[list[Passage]]:
    """Passages as many as are read in one go, what counts most first; addresses by themselves, for they say nothing."""
    apart: tuple[list[Passage], ...] = ([], [], [])
    for one in passages:
        apart[_RANKS.get(one.place, 1)].append(one)
    heads, below, addresses = apart
    yield from _batches((*sorted(heads, key=lambda one: -stands(one.place)), *below))
    yield from _batches(addresses)


_RANKS = {place: 0 for place in Place if stands(place) > 1} | {Place.ADDRESS: 2}
"""What counts more, and what is no sentence; the rest is between them."""


def _is_above(passage: Passage) -> bool:
    return _RANKS.get(passage.place) == 0


def _is_mixed(batch: Sequence[Passage]) -> bool:
    return _is_above(batch[0]) and not _is_above(batch[-1])


def _by_weight(batch: Sequence[Passage]) -> list[Sequence[Passage]]:
    """What stands above and what stands below, each if there is any."""
    above = len(list(itertools.takewhile(_is_above, batch)))
    return [some for some in (batch[:above], batch[above:]) if some]


def _batches(passages: Iterable[Passage]) -> Iterator[list[Passage]]:
    batch: list[Passage] = []
    size = 0
    for one in passages:
        if batch and size + len(one.text) > _MOST:
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(one.text)
    if batch:
        yield batch
