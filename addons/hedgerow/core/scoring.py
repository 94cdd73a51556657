"""From mentions to topic scores that people can follow: weights add up, context takes away, length and place count."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hedgerow.core.model import Hit, Place, TopicScore
from hedgerow.core.origins import Normalised
from hedgerow.core.phrases import Phrase

MAX_HITS = 5
MAX_EXCERPT = 80

CRISIS, FIRST_PERSON = "self-harm", 2.0
"""A phrase of this topic that weighs so much is somebody speaking of themselves: no context makes it harmless."""

_PLACES = {Place.TITLE: 2.0, Place.HEADING: 1.5}
_SHORT = 300
"""Words up to which a page's length does not matter."""

_MOST_LOWERED = 0.8
"""What context may take away: hiding behind one good word is worth a factor of five, and no more."""

_MOST_CONTEXT = 2
"""Hits that say what spoke against it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase in a text; ``shown`` is what of it stands there."""

    text: Normalised
    reading: int
    start: int
    end: int
    shown: str
    place: Place

    @property
    def stands(self) -> float:
        """What the place makes of a weight."""
        return stands(self.place)


@dataclass(frozen=True, slots=True)
class _Weighed:
    phrase: Phrase
    mention: Mention
    weight: float


@dataclass(frozen=True, slots=True)
class Scored:
    """The points of a topic, and what they rest on. Where that stands costs more than to judge: ``told`` says it."""

    topic: str
    score: float
    _up: Sequence[_Weighed]
    _down: Sequence[_Weighed]

    def told(self) -> TopicScore:
        """With the hits that say most, led back to the original."""
        languages: dict[str, float] = defaultdict(float)
        for one in self._up:
            languages[one.phrase.language] += one.weight
        heaviest = max(sorted(languages), key=lambda language: round(languages[language], 6))
        against = sorted(self._down, key=_rank)[:_MOST_CONTEXT]
        shown = [*sorted(self._up, key=_rank)[: MAX_HITS - len(against)], *against]
        hits = tuple(hit(one.phrase, one.mention, one.weight) for one in shown)
        return TopicScore(self.topic, self.score, heaviest, hits)


type _Total = Callable[[Sequence[_Weighed], Sequence[_Weighed]], float]
"""From what speaks for a topic and what against it to its score."""


def typed_scores(found: Iterable[tuple[Phrase, Sequence[Mention]]]) -> list[Scored]:
    """What a person typed: each phrase counts once, whatever the length. 1 decides."""
    return _scores([_Weighed(phrase, mentions[0], phrase.weight) for phrase, mentions in found], _typed)


def page_scores(found: Iterable[tuple[Phrase, Sequence[Mention]]], words: int) -> list[Scored]:
    """A page of so many words: the n-th mention counts an n-th, and twice the length is less than twice the matter."""
    length = length_factor(words)

    def total(up: Sequence[_Weighed], down: Sequence[_Weighed]) -> float:
        raised, lowered = _sum(up), _sum(down)
        return (raised - min(lowered, _MOST_LOWERED * raised)) / length

    return _scores([_page_weight(phrase, mentions) for phrase, mentions in found], total)


def length_factor(words: int) -> float:
    """What the points of a page of so many words are divided by."""
    return max(1.0, math.sqrt(words / _SHORT))


def stands(place: Place) -> float:
    """What a place makes of a weight."""
    return _PLACES.get(place, 1.0)


def _page_weight(phrase: Phrase, mentions: Sequence[Mention]) -> _Weighed:
    best = sorted(mentions, key=lambda mention: -mention.stands)[: phrase.most]
    return _Weighed(phrase, best[0], phrase.weight * math.fsum(one.stands / n for n, one in enumerate(best, 1)))


def _typed(up: Sequence[_Weighed], down: Sequence[_Weighed]) -> float:
    score = max(_sum(up) - _sum(down), 0.0)
    crisis = any(one.phrase.topic == CRISIS and one.weight >= FIRST_PERSON for one in up)
    return max(score, 1.0) if crisis else score


def _sum(weighed: Iterable[_Weighed]) -> float:
    return math.fsum(one.weight for one in weighed)


def _scores(weighed: Iterable[_Weighed], total: _Total) -> list[Scored]:
    """Those with points, in no order."""
    topics: dict[str, tuple[list[_Weighed], list[_Weighed]]] = defaultdict(lambda: ([], []))
    for one in weighed:
        topics[one.phrase.topic][one.phrase.lowers].append(one)
    scores = (Scored(topic, total(up, down), up, down) for topic, (up, down) in topics.items() if up)
    return [one for one in scores if one.score > 0]


def _rank(one: _Weighed) -> tuple[float, int]:
    return -one.weight, one.mention.start


def hit(phrase: Phrase, mention: Mention, weight: float) -> Hit:
    """What is told of a mention."""
    original = mention.text.original
    start, end = mention.text.span(mention.reading, mention.start, mention.end)
    signed = -weight if phrase.lowers else weight
    excerpt = _excerpt(original, start, end)
    return Hit(phrase.topic, mention.shown, phrase.where, start, end, excerpt, phrase.language, signed)


def _excerpt(text: str, start: int, end: int) -> str:
    """The original around a hit, at most ``MAX_EXCERPT`` characters, on one line."""
    around = max(MAX_EXCERPT - (end - start), 0) // 2
    begin = max(start - around, 0)
    return " ".join(text[begin : begin + MAX_EXCERPT].split())
