"""Phrases in five languages, found whole-word in one pass, with evidence that points back to the original text.

The interface is final; scoring and packs replace the inside of ``Lexicon``, not its callers.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, Implementation

from hedgerow.core.model import Hit, TopicScore, Where
from hedgerow.core.normal import ZWNJ, bare, fold, readings
from hedgerow.core.origins import Normalised, normalise
from hedgerow.core.sieve import Sieve

__all__ = ["Lexicon", "Phrase", "normalise", "patterns"]

MAX_HITS = 5
MAX_EXCERPT = 80

_CHUNK = 64 * 1024
"""Characters searched at once: bounds the list of raw matches a hostile page can make."""

_TABLED = 96 * 1024
"""Bytes of spellings searched with a full table: in half the time, for up to 400 bytes of memory a byte."""

_MOST_PLACES = 100
"""Places of one spelling that are weighed: enough to find one that stands outside a longer phrase."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of a word list."""

    topic: str
    text: str
    language: str
    where: Where
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class _Found:
    text: Normalised
    reading: int
    start: int
    end: int


def patterns(text: str) -> tuple[str, ...]:
    """The folded spellings a phrase is searched in; empty when nothing of it can be searched.

    Hyphens also stand for spaces; Persian compounds are also written as one word.
    """
    folded = fold(text)
    spellings = list(readings(folded))
    if "-" in folded:
        spellings.extend(reading.replace("-", " ") for reading in readings(folded))
    if any("؀" <= char <= "ۿ" for char in folded):
        spellings.extend([reading.replace(" ", "") for reading in readings(folded)])
    return tuple(dict.fromkeys(" ".join(spelling.split()) for spelling in spellings if is_word(spelling)))


def is_word(text: str) -> bool:
    """True when there is a letter, digit or symbol to search for, not only punctuation and spaces."""
    return any(char.isalnum() or unicodedata.category(char)[0] == "S" for char in text)


def _key(text: str) -> str:
    """What two lines share that are one phrase: written with a hyphen, a space or neither, it counts once."""
    return fold(text).translate(_SPACES)


_SPACES = {ord(char): None for char in f" -{ZWNJ}"}


@lru_cache(maxsize=4096)
def _joins(char: str) -> bool:
    """Letters, digits and marks continue a word; scripts written without spaces have no word ends to check."""
    if "฀" <= char <= "໿" or "က" <= char <= "႟" or "ក" <= char <= "៿" or "぀" <= char <= "鿿":
        return False
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def _whole(text: str, start: int, end: int) -> bool:
    """True when [start, end) does not begin or end inside a word."""
    if start and _joins(text[start]) and _joins(text[start - 1]):
        return False
    return not (end < len(text) and _joins(text[end - 1]) and _joins(text[end]))


def _automaton(spellings: Iterable[str]) -> AhoCorasick:
    """Small lists as a table, large ones as a graph: 50,000 phrases as a table would be half a gigabyte."""
    listed = tuple(spellings)
    small = sum(len(spelling.encode()) for spelling in listed) <= _TABLED
    implementation = Implementation.DFA if small else Implementation.ContiguousNFA
    return AhoCorasick(listed, store_patterns=False, implementation=implementation)


class Lexicon:
    """All phrases of all topics and languages, compiled. Immutable; built aside at a reload."""

    __slots__ = ("_automaton", "_longest", "_phrases", "_sieve", "_targets")

    def __init__(self, phrases: tuple[Phrase, ...], spellings: dict[str, tuple[int, ...]]) -> None:
        self._phrases = phrases
        self._targets = tuple(spellings.values())
        self._longest = max(map(len, spellings), default=0)
        self._automaton = _automaton(spellings) if spellings else None
        self._sieve = Sieve(key for key in map(bare, spellings) if key)

    @classmethod
    def build(cls, phrases: Iterable[Phrase]) -> Lexicon:
        """Compiled phrases: linear in their number; 50,000 take less than two seconds."""
        numbers: dict[tuple[str, str], int] = {}
        kept: list[Phrase] = []
        spellings: dict[str, dict[int, None]] = defaultdict(dict)
        for phrase in phrases:
            spelled = patterns(phrase.text)
            index = numbers.setdefault((phrase.topic, _key(phrase.text)), len(kept))
            if index == len(kept):
                kept.append(phrase)
            elif kept[index].weight < phrase.weight:
                kept[index] = phrase
            for spelling in spelled:
                spellings[spelling][index] = None
        return cls(tuple(kept), {spelling: tuple(indexes) for spelling, indexes in spellings.items()})

    @classmethod
    def empty(cls) -> Lexicon:
        """No phrases: finds nothing."""
        return cls.build(())

    def __len__(self) -> int:
        return len(self._phrases)

    def scan(self, texts: Sequence[str]) -> tuple[TopicScore, ...]:
        """Scores of all topics with a phrase in ``texts``, highest first.

        A phrase counts once, and a mention counts for one phrase: the longest that stands there.
        """
        if self._automaton is None:
            return ()
        found: dict[int, _Found] = {}
        for text in texts:
            if self.may_find((text,)):
                self._search(normalise(text), found)
        topics: dict[str, list[int]] = defaultdict(list)
        for index in found:
            topics[self._phrases[index].topic].append(index)
        scores = (self._score(topic, indexes, found) for topic, indexes in topics.items())
        return tuple(sorted(scores, key=lambda score: (-score.score, score.topic)))

    def may_find(self, texts: Iterable[str]) -> bool:
        """False when ``scan`` finds nothing in texts of these letters, wherever white space stands in them.

        With the shipped lists it is True for one page in eighty, and takes a third of the time.
        """
        return any(key is None or self._sieve.holds(key) for key in map(bare, texts))

    def _search(self, text: Normalised, found: dict[int, _Found]) -> None:
        for number, reading in enumerate(text.readings):
            reached: dict[str, int] = {}
            for start, negative, pattern in sorted(self._places(reading)):
                for index in self._targets[pattern]:
                    topic = self._phrases[index].topic
                    # "porn" inside "gay porn" is one mention, and the longer phrase has it.
                    if -negative > reached.get(topic, 0):
                        reached[topic] = -negative
                        found.setdefault(index, _Found(text, number, start, -negative))

    def _places(self, text: str) -> list[tuple[int, int, int]]:
        """Whole-word places as (start, -end, spelling), at most ``_MOST_PLACES`` of each spelling."""
        counts: Counter[int] = Counter()
        places = []
        for pattern, start, end in self._raw(text):
            if counts[pattern] < _MOST_PLACES and _whole(text, start, end):
                counts[pattern] += 1
                places.append((start, -end, pattern))
        return places

    def _raw(self, text: str) -> Iterator[tuple[int, int, int]]:
        """All places where a spelling stands, inside words too, chunk by chunk."""
        assert self._automaton is not None
        for base in range(0, len(text), _CHUNK):
            piece = text[base : base + _CHUNK + self._longest]
            for pattern, start, end in self._automaton.find_matches_as_indexes(piece, overlapping=True):
                yield pattern, base + start, base + end

    def _score(self, topic: str, indexes: list[int], found: dict[int, _Found]) -> TopicScore:
        indexes.sort(key=lambda index: (-self._phrases[index].weight, found[index].start))
        languages: dict[str, float] = defaultdict(float)
        for index in indexes:
            languages[self._phrases[index].language] += self._phrases[index].weight
        hits = tuple(self._hit(index, found[index]) for index in indexes[:MAX_HITS])
        return TopicScore(topic, sum(languages.values()), max(languages, key=languages.__getitem__), hits)

    def _hit(self, index: int, found: _Found) -> Hit:
        phrase, original = self._phrases[index], found.text.original
        start, end = found.text.span(found.reading, found.start, found.end)
        excerpt = _excerpt(original, start, end)
        return Hit(phrase.topic, phrase.text, phrase.where, start, end, excerpt, phrase.language, phrase.weight)


def _excerpt(text: str, start: int, end: int) -> str:
    """The original around a hit, at most ``MAX_EXCERPT`` characters, on one line."""
    around = max(MAX_EXCERPT - (end - start), 0) // 2
    begin = max(start - around, 0)
    return " ".join(text[begin : begin + MAX_EXCERPT].split())
