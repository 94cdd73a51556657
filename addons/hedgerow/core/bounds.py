"""What a page can score at most, from the parts that stand in it: nearly every page is let go by this alone.

A part stands for its phrases wherever it stands, inside words too, and a phrase counts as often as it may. So the
bound is never too low, and only the topics that can matter are looked at closely.
"""

from __future__ import annotations

import functools
import math
import operator
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set

from hedgerow.core.model import Place
from hedgerow.core.phrases import Phrase
from hedgerow.core.pools import Members
from hedgerow.core.scoring import length_factor, stands

LEAST = 1.0
"""Points a page must be able to reach in a topic to be looked at more closely for it."""

_ROUNDING = 1e-9

type Standing = Sequence[Set[int]]
"""Of each search, the parts that stand in one reading."""

type Uses = Sequence[Sequence[Sequence[int]]]
"""Of each search and each part: the pools of which it is the searched part of a text."""


class Bounds:
    """Made once for a lexicon. Immutable."""

    __slots__ = ("_bits", "_full", "_members", "_most", "_parts", "_shared", "_topics", "_uses")

    def __init__(
        self, phrases: Sequence[Phrase], members: tuple[Sequence[Members], Sequence[Members]], uses: Uses
    ) -> None:
        """``members``: of each pool those that count on pages, and all."""
        names = sorted({phrase.topic for phrase in phrases})
        self._bits = {name: 1 << number for number, name in enumerate(names)}
        self._topics = tuple(phrase.topic for phrase in phrases)
        self._full = tuple(map(_full, phrases))
        self._most = tuple(phrase.weight * math.fsum(1 / n for n in range(1, phrase.most + 1)) for phrase in phrases)
        on_pages, everywhere = members
        self._parts = self._masks(on_pages, uses), self._masks(everywhere, uses)
        self._members = tuple(tuple(one for one in found if self._full[one[0]]) for found in on_pages)
        self._uses = tuple(tuple(self._alone(found) for found in search) for search in uses)
        self._shared = tuple(self._several(search) for search in uses)

    def _alone(self, pools: Iterable[int]) -> Members:
        """The phrases of those pools that have one, as nearly all do."""
        return tuple(self._members[pool][0] for pool in pools if len(self._members[pool]) == 1)

    def _several(self, search: Sequence[Sequence[int]]) -> dict[int, list[int]]:
        """By part, the pools that several phrases share: each is asked once, however many of its texts stand there."""
        found = {part: [pool for pool in pools if len(self._members[pool]) > 1] for part, pools in enumerate(search)}
        return {part: pools for part, pools in found.items() if pools}

    def _masks(self, members: Iterable[Members], uses: Uses) -> tuple[tuple[int, ...], ...]:
        """Of each search and each part the topics it speaks about, as bits."""
        masks = [self._mask(found) for found in members]
        return tuple(tuple(_joined(masks[pool] for pool in found) for found in search) for search in uses)

    def _mask(self, members: Members) -> int:
        return _joined(self._bits[self._topics[phrase]] for phrase, _ in members)

    def most(self, standing: Iterable[tuple[Place, Standing]], words: int) -> dict[str, float]:
        """By topic the points a page of so many words can score at most."""
        best: dict[int, float] = {}
        for place, found in standing:
            factor = stands(place)
            for phrase in self._met(found):
                if factor > best.get(phrase, 0.0):
                    best[phrase] = factor
        sums: dict[str, float] = defaultdict(float)
        for phrase, factor in best.items():
            sums[self._topics[phrase]] += self._most[phrase] * factor
        length = length_factor(words)
        return {topic: most / length + _ROUNDING for topic, most in sums.items()}

    def bits(self, topics: Iterable[str]) -> int:
        """Topics as bits."""
        return sum(self._bits[topic] for topic in topics if topic in self._bits)

    def _met(self, found: Standing) -> list[int]:
        """Phrases that raise a score and of which every group may stand there."""
        groups: dict[int, int] = {}
        met: set[int] = set()
        for uses, shared, parts in zip(self._uses, self._shared, found, strict=True):
            for part in parts:
                for phrase, group in uses[part]:
                    groups[phrase] = groups.get(phrase, 0) | 1 << group
            met.update(pool for part in shared.keys() & parts for pool in shared[part])
        for pool in met:
            for phrase, group in self._members[pool]:
                groups[phrase] = groups.get(phrase, 0) | 1 << group
        return [phrase for phrase, mask in groups.items() if mask == self._full[phrase]]

    def anything(self, found: Standing) -> bool:
        """True when a phrase that counts on pages may stand there."""
        return bool(self._met(found))

    def wanted(self, search: int, parts: Set[int], topics: int, typed: bool) -> list[int]:
        """Those of the parts that speak about one of the topics, for or against."""
        masks = self._parts[typed][search]
        return [part for part in parts if masks[part] & topics]

    @property
    def all(self) -> int:
        """Every topic."""
        return (1 << len(self._bits)) - 1


def _full(phrase: Phrase) -> int:
    """A bit for each group; none of what lowers a score, so that it is never met."""
    return 0 if phrase.lowers else (1 << max(len(phrase.groups), 1)) - 1


def _joined(masks: Iterable[int]) -> int:
    return functools.reduce(operator.or_, masks, 0)
