"""Word lists: ``words/<topic>.<language>.yaml``, shipped, with the school's own added to them.

::

    topic: drugs
    language: ru
    must-hit: ["купить гашиш недорого"]      # what somebody types: must reach 1. Run by `hedgerow test`
    must-not-hit: ["купить мешок картошки"]  # must stay under 1 when typed and under 2 on a page
    must-hit-page: ["..."]                   # a longer text, judged as a page: must reach 3
    sets:                                    # texts under a name, for combinations that share them
      shops: [магазин*, купи*, заказа*]
    phrases:
      - закладки мефа                        # weight 1: enough for typed text
      - {text: "гашиш*", weight: 0.5}        # any ending; counts only together with others
      - {all: [[купи*, заказа*], [гашиш*, меф]], within: 4, weight: 2}  # one of each, at most 4 words between
      - {all: [[<shops>, закладки], соль]}   # a set stands for each of its texts
      - {text: анонимный магазин, most: 5}   # mentions that count on a page; default 3
    typed:                                   # the same, for what somebody types alone: no page is judged by it
      - где взять вес
    context:                                 # what makes the topic less likely: news, help, history
      - профилактика наркомании              # takes 1 away
    remove: [соль]           # a school's file only: takes a phrase of the shipped list away, for false alarms
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from hedgerow.core.explain import Scan
from hedgerow.core.model import Hit, Where
from hedgerow.core.phrases import Phrase
from hedgerow.stores import readers
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.policy_bands import LANGUAGES
from hedgerow.stores.word_phrases import read_phrases
from hedgerow.stores.yamlfile import MapNode, load

KEYS = ("topic", "language", "must-hit", "must-not-hit", "must-hit-page", "sets", "phrases", "typed", "context")
SCHOOL_KEYS = (*KEYS, "remove")
LONGEST_SAMPLE = 8000
_SHOWN = 160  # characters of a text that is told
_TOPIC = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)


class Promise(NamedTuple):
    """What a list says of a text: whether its topic reaches so many points."""

    typed: bool
    points: float
    reached: bool


PROMISES = {
    "must-hit": (Promise(True, 1.0, True),),
    "must-not-hit": (Promise(True, 1.0, False), Promise(False, 2.0, False)),
    "must-hit-page": (Promise(False, 3.0, True),),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A text about which a list promises something; ``key`` is one of ``PROMISES``."""

    topic: str
    text: str
    key: str
    where: Where


@dataclass(frozen=True, slots=True)
class Failure:
    """A promise that is not kept, with what was found instead."""

    sample: Sample
    promise: Promise
    points: float
    hits: tuple[Hit, ...]

    def __str__(self) -> str:
        sample, promise = self.sample, self.promise
        judged = "typed text" if promise.typed else "a page"
        wanted = f"must {'reach' if promise.reached else 'stay under'} {promise.points:g}, reaches {self.points:.2g}"
        found = ", ".join(f"“{hit.phrase}” {hit.weight:+.2g} ({hit.where})" for hit in self.hits)
        told = f"; found: {found}" if found else ""
        return f"{sample.where}: {sample.topic} {wanted} as {judged}: {sample.text[:_SHOWN]}{told}"


@dataclass(frozen=True, slots=True)
class WordList:
    """One file."""

    topic: str
    language: str
    phrases: tuple[Phrase, ...]
    samples: tuple[Sample, ...]
    removed: frozenset[str] = frozenset()


def load_words(shipped: Path, school: Path) -> tuple[Phrase, ...]:
    """All phrases in force: shipped, without what the school removes, then the school's own. Raises PolicyError."""
    return in_force(load_lists(shipped, school))


def load_lists(shipped: Path, school: Path) -> tuple[WordList, ...]:
    """Every file of ``words`` and ``local/words``, either of which may be missing. Raises PolicyError."""
    mistakes = Mistakes()
    lists = (*_read_all(shipped, True, mistakes), *_read_all(school, False, mistakes))
    mistakes.raise_if_any()
    return lists


def load_folder(folder: Path, shipped: bool) -> tuple[WordList, ...]:
    """Every file of one of the two. Raises PolicyError."""
    mistakes = Mistakes()
    lists = _read_all(folder, shipped, mistakes)
    mistakes.raise_if_any()
    return lists


def in_force(lists: Sequence[WordList]) -> tuple[Phrase, ...]:
    """The phrases of all lists; a removed one is gone from its topic and language, whatever file it came from."""
    removed = {(one.topic, one.language, text) for one in lists for text in one.removed}
    found = {}
    for phrase in (phrase for one in lists for phrase in one.phrases):
        if (phrase.topic, phrase.language, phrase.text) not in removed:
            found[phrase.topic, phrase.language, phrase.text, *_meaning(phrase)] = phrase
    return tuple(found.values())


def _meaning(phrase: Phrase) -> tuple[object, ...]:
    """What phrases of one text may differ in: a set of the school is another than one of the same name in our list."""
    return phrase.lowers, phrase.within, phrase.ordered, phrase.groups


def failed_samples(lists: Sequence[WordList], scan: Scan) -> tuple[Failure, ...]:
    """The texts that ``scan`` (``core.words.Lexicon.scan``) does not treat as their list promises."""
    samples = (sample for one in lists for sample in one.samples)
    return tuple(failure for sample in samples for failure in _failures(sample, scan))


def _failures(sample: Sample, scan: Scan) -> Iterator[Failure]:
    for promise in PROMISES[sample.key]:
        score = next((one for one in scan([sample.text], promise.typed) if one.topic == sample.topic), None)
        points = score.score if score else 0.0
        if (points >= promise.points) is not promise.reached:
            yield Failure(sample, promise, points, score.hits if score else ())


def _read_all(folder: Path, shipped: bool, mistakes: Mistakes) -> tuple[WordList, ...]:
    place = "words" if shipped else "local/words"
    return tuple(_read(path, f"{place}/{path.name}", shipped, mistakes) for path in sorted(folder.glob("*.yaml")))


def _read(path: Path, name: str, shipped: bool, mistakes: Mistakes) -> WordList:
    root = load(path, name, mistakes)
    root.known(*(KEYS if shipped else SCHOOL_KEYS))
    topic, language = _names(root, path.stem)
    phrases = read_phrases(root, topic, language)
    removed = root.get("remove")
    return WordList(
        topic,
        language,
        phrases,
        tuple(_samples(root, topic)),
        frozenset(readers.text(item) for item in readers.items(removed)) if removed else frozenset(),
    )


def _names(root: MapNode, stem: str) -> tuple[str, str]:
    """Topic and language as the file says them; its name must say the same, for by its name it is found."""
    topic, language = root.need("topic"), root.need("language")
    named = readers.text(topic) if topic else ""
    spoken = readers.choice(language, "language", LANGUAGES) if language else ""
    if topic and named and not _TOPIC.fullmatch(named):
        topic.mistake(f"a topic has small letters, digits and '-', not {named!r}")
    elif topic and named and spoken and stem != f"{named}.{spoken}":
        topic.mistake(f"the file is named '{stem}.yaml', but its topic and language make '{named}.{spoken}.yaml'")
    return named, spoken


def _samples(root: MapNode, topic: str) -> Iterator[Sample]:
    for key in PROMISES:
        node = root.get(key)
        for item in readers.items(node) if node else ():
            yield Sample(topic, readers.text(item, LONGEST_SAMPLE), key, item.where)
