"""Phrases in five languages, found whole-word in one pass, scored, with evidence that points back to the original."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hedgerow.core.combining import windows
from hedgerow.core.matching import Matcher, Spot
from hedgerow.core.model import Passage, Place, TopicScore
from hedgerow.core.origins import Normalised, normalise
from hedgerow.core.phrases import Phrase, Spelling, key, patterns, spelled
from hedgerow.core.scoring import Mention, page_scores, typed_scores

__all__ = ["Lexicon", "Phrase", "normalise", "patterns"]

type _Use = tuple[int, int, str]
"""The phrase a spelling belongs to, the group of it, and the text as the list has it."""

type _Found = tuple[int, int, str]
"""Start, end, and what of the phrase stands there."""


class Lexicon:
    """All phrases of all topics and languages, compiled. Immutable; built aside at a reload."""

    __slots__ = ("_matcher", "_phrases", "_uses")

    def __init__(self, phrases: tuple[Phrase, ...], spellings: Mapping[Spelling, Iterable[_Use]]) -> None:
        self._phrases = phrases
        self._uses = tuple(map(tuple, spellings.values()))
        self._matcher = Matcher(tuple(spellings), _starters(phrases, spellings))

    @classmethod
    def build(cls, phrases: Iterable[Phrase]) -> Lexicon:
        """Compiled phrases: linear in their number; 50,000 take less than two seconds."""
        numbers: dict[object, int] = {}
        kept: list[Phrase] = []
        spellings: dict[Spelling, dict[_Use, None]] = defaultdict(dict)
        for phrase in phrases:
            index = numbers.setdefault(_identity(phrase), len(kept))
            if index == len(kept):
                kept.append(phrase)
            elif kept[index].weight < phrase.weight:
                kept[index] = phrase
            for group, texts in enumerate(phrase.searched):
                for text in texts:
                    for spelling in spelled(text):
                        spellings[spelling][index, group, text] = None
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
        read = [(normalise(passage.text), passage.place) for passage in passages]
        if not any(self._starts(text) for text, _ in read):
            return ()
        found: dict[int, list[Mention]] = defaultdict(list)
        for text, place in read:
            for index, mentions in self._mentions(text, place).items():
                found[index].extend(mentions)
        weighed = [(self._phrases[index], mentions) for index, mentions in found.items()]
        return typed_scores(weighed) if typed else page_scores(weighed, sum(_words(text) for text, _ in read))

    def may_find(self, texts: Iterable[str]) -> bool:
        """False when ``scan`` surely finds nothing in these texts, in the time of a scan that finds nothing."""
        return any(self._starts(normalise(text)) for text in texts)

    def _starts(self, text: Normalised) -> bool:
        return any(map(self._matcher.starts, text.readings))

    def _mentions(self, text: Normalised, place: Place) -> dict[int, list[Mention]]:
        """By phrase, from the reading that has most of it: one mention must not count in two readings."""
        best: dict[int, list[Mention]] = {}
        for number, reading in enumerate(text.readings):
            for index, found in self._found(reading).items():
                if len(found) > len(best.get(index, ())):
                    best[index] = [Mention(text, number, *one, place) for one in found]
        return best

    def _found(self, reading: str) -> dict[int, list[_Found]]:
        plain: list[tuple[int, int, float, int, str]] = []
        parts: dict[int, tuple[list[Spot], ...]] = {}
        for spot in sorted(self._matcher.spots(reading)):
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


def _words(text: Normalised) -> int:
    return text.folded.count(" ") + 1


def _identity(phrase: Phrase) -> object:
    """What two lines share that are one phrase."""
    if phrase.groups:
        return phrase.topic, phrase.lowers, phrase.groups, phrase.within, phrase.ordered
    return phrase.topic, phrase.lowers, key(phrase.text)


def _starters(phrases: Sequence[Phrase], spellings: Mapping[Spelling, Iterable[_Use]]) -> frozenset[int]:
    """The spellings one of which stands in each text in which anything is found.

    Of a combination it is the group that is hardest to meet. Context finds nothing by itself.
    """
    needed: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for number, (spelling, uses) in enumerate(spellings.items()):
        for index, group, _ in uses:
            if not phrases[index].lowers:
                needed[index][group].append((len(spelling.parts[spelling.longest]), number))
    starters: set[int] = set()
    for index, groups in needed.items():
        if len(groups) == len(phrases[index].searched):  # else there is a group of nothing, which is never met
            starters.update(number for _, number in max(groups.values(), key=min))
    return frozenset(starters)
