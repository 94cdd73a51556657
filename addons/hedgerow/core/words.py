"""Phrases in five languages, found whole-word in one pass, scored, with evidence that points back to the original."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set

from hedgerow.core.bounds import LEAST, Bounds, Standing
from hedgerow.core.combining import windows
from hedgerow.core.disguise import disguised, may_be_disguised
from hedgerow.core.glance import Glance, Look
from hedgerow.core.hidden import AROUND
from hedgerow.core.learned import NOTHING, Learned, Model, root_of
from hedgerow.core.matching import Matcher, Spot, goes_on
from hedgerow.core.model import Hit, Passage, Place, TopicScore
from hedgerow.core.odds import odds_of
from hedgerow.core.origins import Normalised, Reading, normalise
from hedgerow.core.parting import Cutter
from hedgerow.core.phrases import Phrase, key, patterns
from hedgerow.core.pools import Pools, complete
from hedgerow.core.reads import INSIDE, SEARCHES, Read, Searches, features, narrowed
from hedgerow.core.scoring import MAX_HITS, Mention, Scored, hit, page_scores, typed_scores
from hedgerow.core.summing import summed

__all__ = ["Lexicon", "Phrase", "normalise", "patterns"]

MOST_RESPELLED = 48_000
"""Phrases up to which other alphabets' spellings are searched too."""

_MOST_SPELLINGS = 100_000
"""Of phrases that are respelled: the shipped ones, compiled for a new version or a school's change of its words."""

type _Found = tuple[int, int, str]
"""Start, end, and what of the phrase stands there."""

type _Plain = tuple[int, int, float, int, str]
"""Start, end and weight, what comes first the least; the phrase, and its text."""


class Lexicon:
    """All phrases of all topics and languages, compiled. Immutable; built aside at a reload."""

    __slots__ = ("_bounds", "_glance", "_kinds", "_members", "_phrases", "_searches", "_uses")

    def __init__(self, phrases: tuple[Phrase, ...], pools: Pools, learned: Learned) -> None:
        self._phrases = phrases
        members = pools.members
        self._members = tuple(tuple(one for one in found if phrases[one[0]].most) for found in members), members
        spellings = pools.spellings()
        searches = [[one for one in spellings if one[1] in kinds] for kinds in SEARCHES]
        listed = list(itertools.chain(*searches))
        self._uses = tuple(spellings[one] for one in listed)
        self._kinds = tuple(kind for _, kind in listed)
        most = _MOST_SPELLINGS if len(phrases) <= MOST_RESPELLED else None
        matchers = (
            Matcher([one for one, _ in search], kinds != INSIDE, most)
            for search, kinds in zip(searches, SEARCHES, strict=True)
        )
        self._searches = Searches(tuple(matchers), learned)
        self._bounds = Bounds(phrases, self._members, tuple(self._used()))
        self._glance = Glance(self._searches, self._bounds)

    def _used(self) -> Iterator[tuple[tuple[int, ...], ...]]:
        """Of each search and each part, the pools it is searched for."""
        base = 0
        for matcher in self._searches.matchers:
            yield tuple(
                tuple({pool: None for n in numbers for pool, _ in self._uses[base + n]})
                for numbers in matcher.spellings
            )
            base += len(matcher)

    @classmethod
    def build(cls, phrases: Iterable[Phrase], model: Model | Learned = NOTHING) -> Lexicon:
        """Compiled phrases: linear in their number; 50,000 of one list take less than two seconds.

        Very long lists are searched in their plain spellings only: in others, as the shipped ones, they take several
        times as long.
        """
        phrases = tuple(phrases)
        few = len(phrases) <= MOST_RESPELLED
        numbers: dict[object, int] = {}
        kept: list[Phrase] = []
        pools = Pools()
        for phrase in phrases:
            index = numbers.setdefault(_identity(phrase), len(kept))
            if index == len(kept):
                kept.append(phrase)
            elif kept[index].weight < phrase.weight:
                kept[index] = phrase
            pools.add(index, phrase, phrase.language if few else "")
        return cls(tuple(kept), pools, Learned(model) if isinstance(model, Model) else model)

    @classmethod
    def empty(cls) -> Lexicon:
        """No phrases: finds nothing."""
        return cls.build(())

    def __len__(self) -> int:
        return len(self._phrases)

    def scan(self, texts: Sequence[str | Passage], typed: bool = False, least: float = LEAST) -> tuple[TopicScore, ...]:
        """Scores of all topics with a phrase in ``texts``, highest first; of a page those that may reach ``least``.

        ``typed`` is what one person wrote: each phrase counts once. Else the texts are passages of one page. A mention
        counts for one phrase of a topic: the longest that stands there.
        """
        passages = [Passage(text) if isinstance(text, str) else text for text in texts if self._phrases]
        look = None if typed else self._glance.at(passages)
        if look and not self._glance.topics(look, least):
            return ()
        read, words = self._read_all(passages, typed)
        if look:
            odds = look.odds
            counting, worth = self._glance.matter(Look(read, words, odds), least)
            topics = self._bounds.bits(worth)
        else:
            odds = odds_of(self._searches.learned, read, words, typed)
            counting, topics = [*map(narrowed, read)], self._bounds.all
        found = self._listed(counting, topics, typed)
        listed, firm = (_scores(some, words, typed) for some in (found, _firm(found)))
        known = features(read)

        def tell(subject: int) -> list[Hit]:
            return self._telling(read, known, subject, words)

        held = {one.topic: one.score for one in firm if one.score >= LEAST}
        long, least = (words, 0.0) if typed else (None, least)
        return summed(self._searches.learned.model, odds, listed, held, long, tell, least)

    def _listed(self, read: Sequence[Read], topics: int, typed: bool) -> list[tuple[Phrase, list[Mention]]]:
        """What the lists find of these topics."""
        if not topics or not (typed or any(self._bounds.anything(found) for one in read for found in one.standing)):
            return []
        found: dict[int, list[Mention]] = defaultdict(list)
        for _, group in itertools.groupby(read, key=lambda one: one.passage):
            for index, mentions in self._mentions(group, topics, typed).items():
                found[index].extend(mentions)
        return [(self._phrases[index], mentions) for index, mentions in found.items()]

    def may_find(self, texts: Iterable[str], least: float = LEAST) -> bool:
        """False when ``scan`` surely finds nothing on a page of these texts, in the time a glance takes."""
        passages = [Passage(text, Place.TITLE) for text in texts if self._phrases]
        return bool(self._glance.topics(self._glance.at(passages), least))

    def _telling(self, read: Sequence[Read], known: Set[int], subject: int, words: int) -> list[Hit]:
        """What the odds rest on: the heaviest features, each where it stands first."""
        found = []
        about = self._searches.learned.model.subjects[subject]
        for weight, number in self._searches.learned.telling(known, subject, MAX_HITS):
            feature = self._searches.learned.model.features[number]
            phrase = Phrase(about.topic, feature.text, about.language, feature.where)
            place = next(
                (place for one in read if number in one.features if (place := _first(one, feature.text))), None
            )
            if place:
                found.append(hit(phrase, place, weight / root_of(words)))
        return found

    def _read_all(self, passages: Sequence[Passage], typed: bool) -> tuple[list[Read], int]:
        """Every spelling of every passage, and how many words they have."""
        read: list[Read] = []
        words = 0
        cutter = self._searches.cutter()
        for number, passage in enumerate(passages):
            normal = normalise(passage.text)
            words += normal.folded.count(" ") + 1
            if normal.folded:
                read += (
                    self._searches.searched(text, passage.place, number, typed)
                    for text in self._read(normal, typed, cutter)
                )
        return read, words

    def _read(self, normal: Normalised, typed: bool, cutter: Cutter) -> Iterator[Normalised]:
        """The text and its other spellings."""
        yield normal
        hidden = self._searches.hidden(normal.readings[0])
        if typed or hidden or may_be_disguised(normal.original):
            places = [place for start, end in hidden for place in _places(*normal.span(0, start, end))]
            yield from disguised(normal.original, typed, places, cutter)

    def _mentions(self, read: Iterable[Read], topics: int, typed: bool) -> dict[int, list[Mention]]:
        """By phrase, from the reading that has most of it: one mention must not count in two readings."""
        best: dict[int, list[Mention]] = {}
        for one in read:
            text = one.text
            for number, (reading, parts) in enumerate(zip(text.readings, one.standing, strict=True)):
                for index, found in self._found(text, reading, parts, topics, typed).items():
                    if len(found) > len(best.get(index, ())):
                        best[index] = [Mention(text, number, *spot, one.place) for spot in found]
        return best

    def _found(
        self, normal: Normalised, reading: str, standing: Standing, topics: int, typed: bool
    ) -> dict[int, list[_Found]]:
        plain: list[_Plain] = []
        members = self._members[typed]
        met: dict[int, list[Spot]] = defaultdict(list)
        for spot in sorted(self._spots(normal, reading, standing, topics, typed)):
            for pool, text in self._uses[spot.spelling]:
                if any(self._phrases[index].groups for index, _ in members[pool][:1]):
                    met[pool].append(spot)
                else:
                    plain += (self._weighed(spot, index, text) for index, _ in members[pool])
        found = self._longest(plain)
        for index, groups in complete(met, members, lambda index: len(self._phrases[index].groups)):
            found[index] = list(self._combined(reading, index, groups))
        return found

    def _weighed(self, spot: Spot, index: int, text: str) -> _Plain:
        return spot.start, -spot.end, -self._phrases[index].weight, index, text

    def _spots(self, text: Normalised, reading: str, standing: Standing, topics: int, typed: bool) -> Iterator[Spot]:
        """Where spellings of these topics stand that count in such a text."""
        base = 0
        for search, (matcher, parts) in enumerate(zip(self._searches.matchers, standing, strict=True)):
            if wanted := self._bounds.wanted(search, parts, topics, typed):
                for spot in matcher.spots(reading, text.whole, wanted):
                    if text.takes(self._kinds[base + spot.spelling]):
                        yield spot._replace(spelling=base + spot.spelling)
            base += len(matcher)

    def _longest(self, plain: Iterable[_Plain]) -> dict[int, list[_Found]]:
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
        return next(text for pool, text in self._uses[spot.spelling] if (index, group) in self._members[True][pool])


def _scores(found: Sequence[tuple[Phrase, Sequence[Mention]]], words: int, typed: bool) -> list[Scored]:
    return typed_scores(found) if typed else page_scores(found, words)


def _firm(found: Sequence[tuple[Phrase, Sequence[Mention]]]) -> list[tuple[Phrase, Sequence[Mention]]]:
    """Of a topic of which a school's own phrase stands there all; else what stands there in disguise only, with what
    speaks against it."""
    own = {phrase.topic for phrase, _ in found if phrase.where.file.startswith("local/") and not phrase.lowers}
    return [
        (phrase, mentions)
        for phrase, mentions in found
        if phrase.lowers or phrase.topic in own or all(isinstance(one.text, Reading) for one in mentions)
    ]


def _first(read: Read, feature: str) -> Mention | None:
    """Where a feature stands first in a text, if it stands there letter by letter."""
    stem = feature.endswith("*")
    sought = feature.removesuffix("*")
    for number, reading in enumerate(read.text.readings):
        start = reading.find(sought)
        while start >= 0:
            end = start + len(sought)
            if not goes_on(reading, start) and (stem or not goes_on(reading, end)):
                return Mention(read.text, number, start, end, feature, read.place)
            start = reading.find(sought, start + 1)
    return None


def _places(start: int, end: int) -> range:
    """So near to each other that what is read around them is the whole of it."""
    return range(start, end, AROUND)


def _identity(phrase: Phrase) -> object:
    """What two lines share that are one phrase: one that pages are judged by is another than one that is typed."""
    place = phrase.topic, phrase.lowers, not phrase.most
    if phrase.groups:
        return *place, phrase.searched, phrase.within, phrase.ordered
    return *place, key(phrase.text)
