"""The odds of a text by what was learned: as it is, or with its disguises read, if that says more."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set

from hedgerow.core.learned import Learned
from hedgerow.core.model import Place
from hedgerow.core.origins import Reading
from hedgerow.core.reads import Read, features

DOUBT = 3.0
"""Of the logarithm of the odds: a text can be read in many other ways, and one of them may mean something by chance."""

_ENOUGH = 40
"""Words of a disguised part of a long page that are judged by themselves: only so much of it is read."""

_MOSTLY = 0.5
"""Of the words that can be disguised: where so many are seen to be, nobody doubts that they are."""


def odds_of(learned: Learned, read: Sequence[Read], words: int, typed: bool = False) -> dict[int, float]:
    """By subject of the model; ``words`` are those of the text as it is."""
    read = [one for one in read if one.place is not Place.ADDRESS]  # nothing was learned of what is no sentence
    plain = [one for one in read if not isinstance(one.text, Reading)]
    known, asked = features(plain), _asked(plain, words)
    found = learned.odds(known, asked, typed)
    for one in read:
        if isinstance(one.text, Reading) and not one.features <= known:
            otherwise = _read_otherwise(learned, known, asked, one, one.text, typed)
            _add(found, otherwise, DOUBT * max(1 - one.text.seen / _MOSTLY, 0.0))
    return found


def _read_otherwise(
    learned: Learned, known: Set[int], words: int, read: Read, text: Reading, typed: bool
) -> Mapping[int, float]:
    """A reading of most of the text speaks for itself; another adds to what is known of the rest."""
    stood, spelled = text.stood, text.words
    if stood * 2 > words or (text.seen >= _MOSTLY and spelled >= _ENOUGH):
        return learned.odds(read.features, max(round(spelled * read.asked), 1), typed)
    return learned.odds(known | read.features, max(words - stood + spelled, 1), typed)


def _add(found: dict[int, float], otherwise: Mapping[int, float], doubt: float) -> None:
    for subject, value in otherwise.items():
        found[subject] = max(found.get(subject, -math.inf), value - doubt)


def _asked(plain: Sequence[Read], words: int) -> int:
    """Of so many words those that the model was asked about."""
    sizes = [(len(one.text.folded), one.asked) for one in plain]
    whole = sum(size for size, _ in sizes)
    return round(words * sum(size * share for size, share in sizes) / whole) if whole else words
