"""What a text is about by all its words together: a linear model a language, learned from texts, that can be read.

Each word, pair of words and beginning of a word has a weight for each topic; those that stand in a text are added up
and divided by the root of its length. What is left is the natural logarithm of the odds. Hand-made lists say what
decides by itself; this says what dozens of small signs mean together, for a topic and against it.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from hedgerow.core.features import Feature, Features
from hedgerow.core.literals import Meanings
from hedgerow.core.spacing import PREFIX, joins, sought, spaced

SHORT = 4
"""Words a text counts as at least, for one word alone must not decide; a message of fewer is too short for what people
say of themselves and to each other."""

MEANT = 16.0
"""Of the lists' points (1 + points, the logarithm), by the root of the words: among four words one means what it
says, among forty it may be quoted."""

_KNOWN, _MOST_KNOWN = 0.6, 100
"""Features a word that are known of a text in the language; of a long text so many are enough."""

_BESIDE = 0.9
"""Of the features of the language most of which are known, the share another one must have to be spoken too."""

_MOST_KEYS = 100_000
"""Shipped features change with a new version only, and are compiled once."""

_LONG, _LONG_POWER = 100, 0.75
"""Words of a long text, and the power of its length beyond them. Measured: pages of 25 innocent twins each, of adult,
gambling and drug pages: 13.6% are caught with the root, so none; one harmful page in twice its length: 66% and 56%."""


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
    believed: float | None = None  # odds, with ``MEANT``, from which on what the lists say of typed text stands

    def believes(self, odds: float, listed: float, words: int) -> bool:
        """True when a word of the lists in so short a text means what it says, whatever stands around it."""
        return self.believed is not None and odds + MEANT * math.log1p(listed) / root_of(words) >= self.believed


@dataclass(frozen=True, slots=True)
class Model:
    """What is learned, of all languages."""

    subjects: tuple[Subject, ...] = ()
    features: Sequence[Feature] = ()


NOTHING = Model()


class _Sought:
    """Some features, compiled, apart by the letters of their language: most texts are searched for those of one."""

    __slots__ = ("_by_letters",)

    def __init__(self, features: Iterable[tuple[int, str, str]]) -> None:
        found: dict[str, dict[bytes, list[int]]] = {name: defaultdict(list) for name in LETTERS}
        for number, language, text in features:
            stem = text.endswith("*")
            key = sought(text.removesuffix("*") if stem else text, stem)
            for name in (_WRITTEN[language],) if language in _WRITTEN else LETTERS:
                found[name][key].append(number)
        self._by_letters = {name: Meanings(keys, _MOST_KEYS) for name, keys in found.items()}

    def standing(self, data: bytes, letters: Iterable[str]) -> set[int]:
        return set().union(*(self._by_letters[name].standing(data) for name in letters))


class Learned:
    """A model, compiled. Immutable."""

    __slots__ = ("_ends", "_on_pages", "_typed_only", "_weights", "model")

    def __init__(self, model: Model) -> None:
        def language(feature: Feature) -> str:
            return model.subjects[feature.weights[0][0]].language if feature.weights else ""

        features = sorted(model.features, key=language)  # what is asked together stands together
        self.model = model = Model(model.subjects, Features(features))
        names = list(map(language, features))
        self._ends = {name: end for end, name in enumerate(names, 1)}
        self._weights = _columns(model)
        paged = {number for number, subject in enumerate(model.subjects) if subject.page}
        both: tuple[list[tuple[int, str, str]], list[tuple[int, str, str]]] = ([], [])
        for number, (feature, name) in enumerate(zip(features, names, strict=True)):
            typed_only = paged.isdisjoint(subject for subject, _ in feature.weights)
            both[typed_only].append((number, name, feature.text))
        self._on_pages, self._typed_only = map(_Sought, both)

    def standing(self, data: bytes, typed: bool = False) -> set[int]:
        """Which features stand in a ``spaced`` text: one pass for each of its alphabets; of what is ``typed`` all."""
        if typed:
            return self._on_pages.standing(data, LETTERS) | self._typed_only.standing(data, LETTERS)
        return self._on_pages.standing(data, letters_of(data))

    def words(self, text: str) -> set[str]:
        """Of a folded text's words, and of their beginnings, those that are features."""
        found = (self.model.features[number].text for number in self.standing(spaced(text), typed=True))
        return {one for one in found if " " not in one}

    def odds(self, features: Set[int], words: int, typed: bool = True) -> dict[int, float]:
        """By subject the logarithm of the odds of a text of so many words; of the language it is in, if it is known.

        Of a page, which nobody ``typed``, for what pages are judged for.
        """
        found: dict[int, float] = {}
        known = self._by_language(features)
        for name in _spoken({name: len(some) for name, some in known.items()}, words):
            found |= self._of_language(name, known[name], root_of(words), typed)
        return found

    def _by_language(self, features: Iterable[int]) -> dict[str, list[int]]:
        ordered = sorted(features)
        found: dict[str, list[int]] = {}
        start = 0
        for name, last in self._ends.items():
            end = bisect_left(ordered, last, start)
            if end > start:
                found[name] = ordered[start:end]
            start = end
        return found

    def _of_language(self, name: str, features: Sequence[int], root: float, typed: bool) -> dict[int, float]:
        subjects = self.model.subjects
        of = itemgetter(*features, len(self.model.features))  # faster than to ask one by one; the last weighs nothing
        return {
            number: subjects[number].start + sum(of(weights)) / root
            for number, weights in self._weights.get(name, ())
            if typed or subjects[number].page
        }

    def telling(self, features: Iterable[int], subject: int, most: int) -> list[tuple[float, int]]:
        """Weight and number of the features that speak most for a subject, the heaviest first."""
        language = self.model.subjects[subject].language
        weights = dict(self._weights[language])[subject]
        found = ((weights[n], n) for n in self._by_language(features).get(language, ()))
        return sorted((one for one in found if one[0] > 0), reverse=True)[:most]


def _columns(model: Model) -> dict[str, list[tuple[int, array[float]]]]:
    """By language its subjects, each with what every feature weighs for it: languages share columns."""
    found: dict[str, list[tuple[int, array[float]]]] = defaultdict(list)
    columns: list[array[float]] = []
    places: dict[int, array[float]] = {}
    for number, subject in enumerate(model.subjects):
        rank = len(found[subject.language])
        if rank == len(columns):
            columns.append(array("f", bytes(4 * (len(model.features) + 1))))
        places[number] = columns[rank]
        found[subject.language].append((number, columns[rank]))
    for at, feature in enumerate(model.features):
        for number, weight in feature.weights:
            places[number][at] = weight
    return dict(found)


LATIN, CYRILLIC, ARABIC = "latin", "cyrillic", "arabic"
LETTERS = {
    LATIN: bytes(byte for byte in range(128) if chr(byte).isalpha()) + b"\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xe1",
    CYRILLIC: b"\xd0\xd1\xd2\xd3",
    ARABIC: b"\xd8\xd9\xda\xdb",
}
"""The first bytes of letters in UTF-8."""

_WRITTEN = {"en": LATIN, "vi": LATIN, "ru": CYRILLIC, "kk": CYRILLIC, "fa": ARABIC}

_LITTLE, _ENOUGH = 4, 50
"""Fewer letters, and so many times fewer than of others: nothing is spoken in them (``_BESIDE``). A number alone must
decide as well: a page may be filled with letters that say nothing."""


def letters_of(data: bytes) -> list[str]:
    """The letters a text is written in; none for signs and figures, and for other letters."""
    written = (LATIN,) if data.isascii() else LETTERS
    counts = {name: len(data) - len(data.translate(None, LETTERS[name])) for name in written}
    most = max(counts.values())
    return [name for name, count in counts.items() if count and (count >= _ENOUGH or count * _LITTLE >= most)]


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
    """What the weights of a text of so many words are divided by: the root; of a long text a higher power.

    The root alone would add up what is a little suspicious in each paragraph of a long lesson or of a law.
    """
    return math.sqrt(max(words, SHORT)) if words <= _LONG else math.sqrt(_LONG) * (words / _LONG) ** _LONG_POWER


def length(readings: Iterable[str]) -> int:
    """Words of a text, by its spaces."""
    return sum(reading.count(" ") + 1 for reading in readings if reading)
