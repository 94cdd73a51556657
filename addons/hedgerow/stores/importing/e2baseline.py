"""e2guardian's phrase lists as a baseline to measure ours against: its points, counted as it counts them.

The importer reads the installation. Each phrase counts once, also inside a word and inside another phrase; good phrases
take points away, an exception opens the page, and ``naughtynesslimit`` stops it. What differs from the original: it
gets the text as a reader sees it, with punctuation taken for blanks in any script.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from hedgerow.core.model import Passage
from hedgerow.stores.importing import e2guardian
from hedgerow.stores.importing.model import Phrase
from hedgerow.stores.importing.report import Report

LIMIT = 100.0
"""``naughtynesslimit`` of its manual for pupils who are not small any more."""

_BLANKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Baseline:
    """Its phrases: the parts all of which must stand in a text, and the share of the limit that makes."""

    parts: AhoCorasick
    phrases: tuple[tuple[frozenset[int], float], ...]

    def score(self, passages: Iterable[str | Passage]) -> float:
        """The points of a text; 1 is the limit, and minus infinity a text that is excepted."""
        text = " ".join(one if isinstance(one, str) else one.text for one in passages)
        found = {part for part, _, _ in self.parts.find_matches_as_indexes(_plain(f" {text} "), overlapping=True)}
        return math.fsum(points for parts, points in self.phrases if parts <= found)


def baseline(folder: Path, limit: float = LIMIT) -> Baseline:
    """Of an installation in ``folder``. Raises ImportFault where there is none."""
    numbers: dict[str, int] = {}
    phrases: dict[frozenset[int], float] = {}
    for phrase in e2guardian.read(folder, Report("e2guardian")).phrases:
        texts = [_plain(part) for part in phrase.parts]
        if all(text.strip() for text in texts):
            parts = frozenset(numbers.setdefault(text, len(numbers)) for text in texts)
            phrases[parts] = max(_points(phrase, limit), phrases.get(parts, 0.0), key=abs)
    return Baseline(AhoCorasick(list(numbers)), tuple(phrases.items()))


def _points(phrase: Phrase, limit: float) -> float:
    if phrase.excepts:
        return -math.inf
    return 1.0 if phrase.weight is None else phrase.weight / limit


def _plain(text: str) -> str:
    """In small letters with single blanks, also at its ends, where there are any."""
    return _BLANKS.sub(" ", text.encode("utf-8", "replace").decode().lower())
