"""Phrases in five languages, found whole-word in one pass, scored, with evidence that points back to the original."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hedgerow.core.combining import windows
from hedgerow.core.disguise import disguised, may_be_disguised
from hedgerow.core.hidden import Hidden
from hedgerow.core.kinds import ON_PAGES, PLAIN, Kind
from hedgerow.core.literals import MOST_KEYS
from hedgerow.core.matching import Matcher, Spot
from hedgerow.core.model import Passage, Place, TopicScore
from hedgerow.core.normal import encoded
from hedgerow.core.origins import Normalised, normalise
from hedgerow.core.phrases import Phrase, Spelling, key, patterns, respelled
from hedgerow.core.scoring import Mention, page_scores, typed_scores

__all__ = ["Lexicon", "Phrase", "normalise", "patterns"]

type _Spelled = tuple[Spelling, Kind]
"""A spelling, and the kind of text it counts in."""

type _Use = tuple[int, int, str]
"""The phrase a spelling belongs to, the group of it, and the text as the list has it."""

_SEARCHES = (PLAIN, ON_PAGES, frozenset(Kind) - PLAIN - ON_PAGES)
"""What is searched at once: always, on pages that may need it, and in readings made for it."""

type _Found = tuple[int, int, str]
"""Start, end, and what of the phrase stands there."""


class _Read(NamedTuple):
    """A text as it is, then as it reads where its letters are disguised."""

    texts: tuple[Normalised, ...]
    starts: bool  # something may be found in it

    @property
    def words(self) -> int:
        return self.texts[0].folded.count(" ") + 1


class Lexicon:
    """All phrases of all topics and languages, compiled. Immutable; built aside at a reload."""

    __slots__ = ("_hidden", "_kinds", "_matchers", "_phrases", "_uses")

    def __init__(self, phrases: tuple[Phrase, ...], spellings: Mapping[_Spelled, Iterable[_Use]]) -> None:
        self._phrases = phrases
        searches = [[one for one in spellings if one[1] in kinds] for kinds in _SEARCHES]
        listed = list(itertools.chain(*searches))
        self._uses = tuple(tuple(dict.fromkeys(spellings[one])) for one in listed)
        self._kinds = tuple(kind for _, kind in listed)
        starters = _starters(phrases, spellings)
        self._matchers = tuple(
            Matcher([one for one, _ in search], {n for n, one in enumerate(search) if one in starters})
            for search in searches
        )
        self._hidden = Hidden(one.parts[one.longest] for one, _ in searches[0] if (one, Kind.PLAIN) in starters)

    @classmethod
    def build(cls, phrases: Iterable[Phrase]) -> Lexicon:
        """Compiled phrases: linear in their number; 50,000 take less than two seconds.

        Very long lists are searched in their plain spellings only: in others they would take twice the time.
        """
        phrases = tuple(phrases)
        few = len(phrases) <= MOST_KEYS
        numbers: dict[object, int] = {}
        kept: list[Phrase] = []
        spellings: dict[_Spelled, list[_Use]] = defaultdict(list)
        for phrase in phrases:
            index = numbers.setdefault(_identity(phrase), len(kept))
            if index == len(kept):
                kept.append(phrase)
            elif kept[index].weight < phrase.weight:
                kept[index] = phrase
            for group, texts in enumerate(phrase.searched):
                for text in texts:
                    for spelling in respelled(text, phrase.language if few else "", bool(phrase.groups)):
                        spellings[spelling].append((index, group, text))
        return cls(tuple(kept), spellings)

    @classmethod
    def empty(cls) -> Lexicon:
        """No phrases: finds nothing."""
        return cls.build(())

    def __len__(self) -> int:
        return len(self._phrases)

    def scan(self, texts: Sequence[str | Passage], typed: bool = False) -> tuple[TopicScore, ...]:
        """Scores of all topics with a phrase in ``texts``, highest first.

        ``typed`` is what one person wrote: each phrase counts once. Else the texts are passages of one page. A mention
        counts for one phrase of a topic: the longest that stands there.
        """
        passages = [Passage(text) if isinstance(text, str) else text for text in texts]
        read = [self._read(passage.text, typed) for passage in passages]
        if not any(one.starts for one in read):
            return ()
        found: dict[int, list[Mention]] = defaultdict(list)
        for one, passage in zip(read, passages, strict=True):
            for index, mentions in self._mentions(one.texts, passage.place).items():
                found[index].extend(mentions)
        weighed = [(self._phrases[index], mentions) for index, mentions in found.items()]
        return typed_scores(weighed) if typed else page_scores(weighed, sum(one.words for one in read))

    def may_find(self, texts: Iterable[str]) -> bool:
        """False when ``scan`` surely finds nothing on a page of these texts, in the time such a scan takes."""
        return any(self._read(text, False).starts for text in texts)

    def _read(self, text: str, typed: bool) -> _Read:
        normal = normalise(text)
        if not self._phrases or not normal.folded:
            return _Read((normal,), False)
        usual, readings = self._matchers[:2], [encoded(reading) for reading in normal.readings]
        split = typed or self._hidden.shows(readings[0], lambda: usual[0].parts(normal.readings[0]))
        others = disguised(text, typed, self._splits if split else None) if split or may_be_disguised(text) else ()
        starts = typed or any(matcher.starts(data) for data in readings for matcher in usual)
        return _Read((normal, *others), starts or any(map(self._starts, others)))

    def _splits(self, text: str) -> bool:
        """True when leet or split words may stand there."""
        reading = normalise(text).readings[0]
        return self._hidden.shows(encoded(reading), lambda: self._matchers[0].parts(reading))

    def _starts(self, text: Normalised) -> bool:
        return any(matcher.starts(encoded(reading)) for reading in text.readings for matcher in self._matchers)

    def _mentions(self, texts: Iterable[Normalised], place: Place) -> dict[int, list[Mention]]:
        """By phrase, from the reading that has most of it: one mention must not count in two readings."""
        best: dict[int, list[Mention]] = {}
        for text in texts:
            for number, reading in enumerate(text.readings):
                for index, found in self._found(text, reading).items():
                    if len(found) > len(best.get(index, ())):
                        best[index] = [Mention(text, number, *one, place) for one in found]
        return best

    def _found(self, normal: Normalised, reading: str) -> dict[int, list[_Found]]:
        plain: list[tuple[int, int, float, int, str]] = []
        parts: dict[int, tuple[list[Spot], ...]] = {}
        for spot in sorted(self._spots(normal, reading)):
            for index, group, text in self._uses[spot.spelling]:
                phrase = self._phrases[index]
                if phrase.groups:
                    parts.setdefault(index, tuple([] for _ in phrase.groups))[group].append(spot)
                else:
                    plain.append((spot.start, -spot.end, -phrase.weight, index, text))
        found = self._longest(plain)
        for index, groups in parts.items():
            if all(groups):
                found[index] = list(self._combined(reading, index, groups))
        return found

    def _spots(self, text: Normalised, reading: str) -> Iterator[Spot]:
        """Where spellings stand that count in such a text."""
        base = 0
        for matcher, kinds in zip(self._matchers, _SEARCHES, strict=True):
            if any(map(text.may_take, kinds)):
                for spot in matcher.spots(reading, text.whole):
                    if text.takes(self._kinds[base + spot.spelling]):
                        yield spot._replace(spelling=base + spot.spelling)
            base += len(matcher)

    def _longest(self, plain: list[tuple[int, int, float, int, str]]) -> dict[int, list[_Found]]:
        """ "porn" inside "gay porn" is one mention, and the longer phrase of the topic has it."""
        found: dict[int, list[_Found]] = defaultdict(list)
        reached: dict[tuple[str, bool], int] = {}
        for start, negative, _, index, text in sorted(plain):
            phrase = self._phrases[index]
            track = phrase.topic, phrase.lowers
            if -negative > reached.get(track, 0):
                reached[track] = -negative
                found[index].append((start, -negative, text))
        return found

    def _combined(self, reading: str, index: int, groups: Sequence[Sequence[Spot]]) -> Iterator[_Found]:
        phrase = self._phrases[index]
        for spots in windows(reading, groups, phrase.within, phrase.ordered):
            shown = (self._shown(spot, index, group) for group, spot in enumerate(spots))
            yield min(spot.start for spot in spots), max(spot.end for spot in spots), " … ".join(shown)

    def _shown(self, spot: Spot, index: int, group: int) -> str:
        return next(text for used, part, text in self._uses[spot.spelling] if (used, part) == (index, group))


def _identity(phrase: Phrase) -> object:
    """What two lines share that are one phrase."""
    if phrase.groups:
        return phrase.topic, phrase.lowers, phrase.groups, phrase.within, phrase.ordered
    return phrase.topic, phrase.lowers, key(phrase.text)


def _starters(phrases: Sequence[Phrase], spellings: Mapping[_Spelled, Iterable[_Use]]) -> set[_Spelled]:
    """The spellings one of which stands in each text in which anything is found.

    Of a combination it is the group that is hardest to meet. Context finds nothing by itself.
    """
    starters: set[_Spelled] = set()
    needed: dict[int, dict[int, list[_Spelled]]] = defaultdict(lambda: defaultdict(list))
    for spelled, uses in spellings.items():
        for index, group, _ in uses:
            phrase = phrases[index]
            if phrase.groups and not phrase.lowers:
                needed[index][group].append(spelled)
            elif not phrase.lowers:
                starters.add(spelled)
    for index, groups in needed.items():
        if len(groups) == len(phrases[index].groups):  # else there is a group of nothing, which is never met
            starters.update(max(groups.values(), key=lambda group: min(map(_length, group))))
    return starters


def _length(spelled: _Spelled) -> int:
    return len(spelled[0].parts[spelled[0].longest])
