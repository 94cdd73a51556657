"""Word lists: ``words/<topic>.<language>.yaml``, shipped, with the school's own added to them.

::

    topic: gambling
    language: vi
    must-hit: ["cá cược bóng đá trực tuyến uy tín"]      # sentences that the list must find: `hedgerow test`
    must-not-hit: ["cá chép trong hồ"]
    phrases:
      - cá cược bóng đá
      - {text: nổ hũ đổi thưởng, weight: 2}              # counts as two phrases; default 1
    remove: [lô đề]          # a school's file only: takes a phrase of the shipped list away, for false alarms
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hedgerow.core.model import TopicScore, Where
from hedgerow.core.words import Phrase, patterns
from hedgerow.stores import readers
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.policy_bands import LANGUAGES
from hedgerow.stores.yamlfile import MapNode, Node, Scalar, load

KEYS = ("topic", "language", "must-hit", "must-not-hit", "phrases")
SCHOOL_KEYS = (*KEYS, "remove")
HIGHEST_WEIGHT = 10
_TOPIC = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence a list must find, or must not."""

    topic: str
    text: str
    must_hit: bool
    where: Where


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
    own = [_read(path, f"words/{path.name}", True, mistakes) for path in sorted(shipped.glob("*.yaml"))]
    edits = [_read(path, f"local/words/{path.name}", False, mistakes) for path in sorted(school.glob("*.yaml"))]
    mistakes.raise_if_any()
    return (*own, *edits)


def in_force(lists: Sequence[WordList]) -> tuple[Phrase, ...]:
    """The phrases of all lists; a removed one is gone from its topic and language, whatever file it came from."""
    removed = {(one.topic, one.language, text) for one in lists for text in one.removed}
    found = {}
    for phrase in (phrase for one in lists for phrase in one.phrases):
        if (phrase.topic, phrase.language, phrase.text) not in removed:
            found[phrase.topic, phrase.language, phrase.text] = phrase
    return tuple(found.values())


def failed_samples(
    lists: Sequence[WordList], scan: Callable[[Sequence[str]], Sequence[TopicScore]]
) -> tuple[Sample, ...]:
    """The sentences that ``scan`` (``core.words.Lexicon.scan``) does not treat as their list promises."""
    samples = (sample for one in lists for sample in one.samples)
    return tuple(s for s in samples if any(score.topic == s.topic for score in scan([s.text])) is not s.must_hit)


def _read(path: Path, name: str, shipped: bool, mistakes: Mistakes) -> WordList:
    root = load(path, name, mistakes)
    root.known(*(KEYS if shipped else SCHOOL_KEYS))
    topic, language = _names(root, path.stem)
    phrases = _phrases(root, topic, language)
    removed = root.get("remove")
    return WordList(
        topic,
        language,
        phrases,
        (*_samples(root, "must-hit", topic), *_samples(root, "must-not-hit", topic)),
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


def _phrases(root: MapNode, topic: str, language: str) -> tuple[Phrase, ...]:
    node = root.get("phrases")
    found: dict[str, Phrase] = {}
    for item in readers.items(node) if node else ():
        phrase = _phrase(item, topic, language)
        if first := found.get(phrase.text):
            item.mistake(f"{phrase.text!r} stands here twice; first in line {first.where.line}")
        elif phrase.text and not patterns(phrase.text):
            item.mistake(f"{phrase.text!r} has nothing to search for")
        elif phrase.text:
            found[phrase.text] = phrase
    return tuple(found.values())


def _phrase(item: Node, topic: str, language: str) -> Phrase:
    if isinstance(item, Scalar):
        return Phrase(topic, readers.text(item, 200), language, item.where)
    node = readers.mapping(item, "text", "weight")
    text, weight = node.need("text") if node.entries else None, node.get("weight")
    return Phrase(
        topic,
        readers.text(text, 200) if text else "",
        language,
        item.where,
        readers.decimal(weight, 0.1, HIGHEST_WEIGHT) if weight else 1.0,
    )


def _samples(root: MapNode, key: str, topic: str) -> tuple[Sample, ...]:
    node = root.get(key)
    return tuple(
        Sample(topic, readers.text(item), key == "must-hit", item.where)
        for item in (readers.items(node) if node else ())
    )
