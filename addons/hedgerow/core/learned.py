"""What a text is about by all its words together: a linear model a language, learned from texts, that can be read.

Each word, pair of words and beginning of a word has a weight for each topic; those that stand in a text are added up
and divided by the root of its length. What is left is the natural logarithm of the odds. Hand-made lists say what
decides by itself; this says what dozens of small signs mean together, for a topic and against it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hedgerow.core.literals import Literals
from hedgerow.core.model import Where
from hedgerow.core.spacing import joins, sought, spaced

SHORT = 4
"""Words a text counts as at least, for one word alone must not decide; a message of fewer is too short for what people
say of themselves and to each other."""

_KNOWN, _MOST_KNOWN = 0.6, 100
"""Features a word that are known of a text in the language; of a long text so many are enough."""

_BESIDE = 0.9
"""Of the features of the language most of which are known, the share another one must have to be spoken too."""

_MOST_KEYS = 100_000
"""Shipped features change with a new version only, and are compiled once."""

PREFIX = 5
"""Letters of the beginnings of words that are features: endings are many in Kazakh, Russian and Persian."""


class Feature(NamedTuple):
    """A folded word, two words, or the beginning of one (``casin*``), and what it weighs for each subject."""

    text: str
    weights: tuple[tuple[int, float], ...]  # number of the subject, and what it weighs for it
    where: Where


class Line(NamedTuple):
    """From the logarithm of the odds to points: ``at`` is where the text is just caught, ``step`` what a unit adds."""

    at: float
    step: float

    def points(self, odds: float, caught: float) -> float:
        return max(caught + (odds - self.at) * self.step, 0.0)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: a topic in a language."""

    topic: str
    language: str
    start: float  # the logarithm of the odds of a text that says nothing
    listed: float  # what the hand-made lists' points count: of 1 + points the logarithm
    page: Line | None  # None: not judged on pages
    typed: Line
    checks: tuple[str, ...] = ()  # other topics: what their lists say of a text counts only as far as this agrees


@dataclass(frozen=True, slots=True)
class Model:
    """What is learned, of all languages."""

    subjects: tuple[Subject, ...] = ()
    features: tuple[Feature, ...] = ()


NOTHING = Model()


class Sums(NamedTuple):
    """Features known in each language, and what they weigh for each subject."""

    known: Mapping[str, int]
    sums: Mapping[int, float]

    def with_more(self, more: Sums) -> Sums:
        """Together."""
        known, sums = Counter(self.known), defaultdict(float, self.sums)
        known.update(more.known)
        for subject, weight in more.sums.items():
            sums[subject] += weight
        return Sums(known, sums)


class _Sought:
    """Some features, compiled."""

    __slots__ = ("_literals", "_numbers")

    def __init__(self, features: Sequence[Feature], numbers: Iterable[int]) -> None:
        keys: dict[bytes, list[int]] = defaultdict(list)
        for number in numbers:
            text = features[number].text
            stem = text.endswith("*")
            keys[sought(text.removesuffix("*") if stem else text, stem)].append(number)
        self._literals = Literals(tuple(keys), _MOST_KEYS)
        self._numbers = tuple(map(tuple, keys.values()))

    def standing(self, data: bytes) -> set[int]:
        return {number for key in self._literals.numbers(data) for number in self._numbers[key]}


class Learned:
    """A model, compiled. Immutable."""

    __slots__ = ("_languages", "_on_pages", "_typed_only", "model")

    def __init__(self, model: Model) -> None:
        self.model = model
        paged = {number for number, subject in enumerate(model.subjects) if subject.page}
        both: tuple[list[int], list[int]] = ([], [])
        for number, feature in enumerate(model.features):
            both[paged.isdisjoint(subject for subject, _ in feature.weights)].append(number)
        self._on_pages, self._typed_only = (_Sought(model.features, numbers) for numbers in both)
        self._languages = tuple(model.subjects[f.weights[0][0]].language if f.weights else "" for f in model.features)

    def standing(self, data: bytes, typed: bool = False) -> set[int]:
        """Which features stand in a ``spaced`` text: one pass, and one more for what only ``typed`` texts say."""
        return self._on_pages.standing(data) | (self._typed_only.standing(data) if typed else set())

    def summed(self, features: Iterable[int]) -> Sums:
        """What features say together: to be added to what others say."""
        sums: dict[int, float] = defaultdict(float)
        known: Counter[str] = Counter()
        for number in features:
            known[self._languages[number]] += 1
            for subject, weight in self.model.features[number].weights:
                sums[subject] += weight
        return Sums(known, sums)

    def odds(self, summed: Sums, words: int) -> dict[int, float]:
        """By subject the logarithm of the odds of a text of so many words; of the language it is in, if it is known."""
        spoken, root, subjects = _spoken(summed.known, words), root_of(words), self.model.subjects
        return {
            subject: subjects[subject].start + total / root
            for subject, total in summed.sums.items()
            if subjects[subject].language in spoken
        }

    def telling(self, features: Iterable[int], subject: int, most: int) -> list[tuple[float, int]]:
        """Weight and number of the features that speak most for a subject, the heaviest first."""
        found = ((dict(self.model.features[n].weights).get(subject, 0.0), n) for n in features)
        return sorted((one for one in found if one[0] > 0), reverse=True)[:most]


def _spoken(known: Mapping[str, int], words: int) -> set[str]:
    """The languages in which enough of the text is known: two in a mixture."""
    enough = max(min(words, _MOST_KNOWN) * _KNOWN, max(known.values(), default=0) * _BESIDE)
    return {language for language, count in known.items() if count >= enough}


def features_of(reading: str) -> set[str]:
    """The features of a folded text, as ``Feature.text`` writes them: what ``Learned.standing`` can find there."""
    found: set[str] = set()
    before = ""
    for word in spaced(reading).decode("utf-8", "replace").split(" "):
        if word:
            found.add(word)
        before, last = (word if word and joins(word[0]) else ""), before  # a sign is no word
        if len(before) >= PREFIX:
            found.add(f"{word[:PREFIX]}*")
        if before and last:
            found.add(f"{last} {word}")
    return found


def root_of(words: int) -> float:
    """What the weights of a text of so many words are divided by."""
    return math.sqrt(max(words, SHORT))


def length(readings: Iterable[str]) -> int:
    """Words of a text, by its spaces."""
    return sum(reading.count(" ") + 1 for reading in readings if reading)
