"""e2guardian's phrase lists as a baseline to measure ours against: its points, counted as it counts them.

The importer reads the installation, our engine finds the phrases. Each counts once, also one inside another, good
phrases take points away, an exception opens the page, and ``naughtynesslimit`` stops it. What differs from the
original: letters inside a word are found only where they begin it, and the text is what a reader sees, normalised as
ours is, which helps it with tricks it does not know.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hedgerow.core.model import Passage
from hedgerow.core.phrases import Phrase as Searched
from hedgerow.core.phrases import combination, patterns, star_fault
from hedgerow.core.words import Lexicon
from hedgerow.stores.importing import e2guardian
from hedgerow.stores.importing.model import Phrase
from hedgerow.stores.importing.report import Report

LIMIT = 100.0
"""``naughtynesslimit`` of its manual for pupils who are not small any more."""

_ANYWHERE = 1_000_000
"""Words between the parts of a combination: anywhere on the page."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """Its phrases, compiled: each is a topic of its own, for all that are found add up."""

    lexicon: Lexicon
    points: Mapping[str, float]

    def score(self, passages: Sequence[str | Passage]) -> float:
        """The points of a text; 1 is the limit, and minus infinity a text that is excepted."""
        return math.fsum(self.points[found.topic] for found in self.lexicon.scan(passages, typed=True))


def baseline(folder: Path, limit: float = LIMIT) -> Baseline:
    """Of an installation in ``folder``. Raises ImportFault where there is none."""
    phrases: dict[str, Searched] = {}
    points: dict[str, float] = {}
    for phrase in e2guardian.read(folder, Report("e2guardian")).phrases:
        searched = _searched(phrase, str(len(phrases)))
        if searched:
            phrases[searched.topic] = searched
            points[searched.topic] = _points(phrase, limit)
    return Baseline(Lexicon.build(phrases.values()), points)


def _points(phrase: Phrase, limit: float) -> float:
    if phrase.excepts:
        return -math.inf
    return 1.0 if phrase.weight is None else phrase.weight / limit


def _searched(phrase: Phrase, topic: str) -> Searched | None:
    texts = tuple(map(_text, phrase.parts))
    if not all(map(patterns, texts)):
        return None
    groups = tuple((text,) for text in texts) if len(texts) > 1 else ()
    text = combination(groups) if groups else texts[0]
    return Searched(topic, text, phrase.language, phrase.where, 1.0, groups, _ANYWHERE)


def _text(part: str) -> str:
    """``< word >`` is a whole word; without the last blank any ending fits."""
    text = " ".join(part.split()).replace("*", "")
    stem = f"{text}*"
    return text if part.endswith(" ") or star_fault(stem) or not patterns(stem) else stem
