"""Shares with the interval chance leaves them, and what counts as caught for each kind of text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

_Z = 1.959964
"""Of the normal distribution: 95% lie within it."""


class Share(NamedTuple):
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """0 to 1; of nothing, 0."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95% interval of the share in all texts of this kind; of nothing, everything is possible.

        Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
        """
        if not self.of:
            return 0.0, 1.0
        share, spread = self.value, _Z * _Z / self.of
        middle = (share + spread / 2) / (1 + spread)
        half = _Z * math.sqrt(share * (1 - share) / self.of + spread / (4 * self.of)) / (1 + spread)
        return max(middle - half, 0.0), min(middle + half, 1.0)


class Family(NamedTuple):
    """Which topics of the word lists answer for a kind of labelled text, and when that text counts as caught."""

    topics: frozenset[str]
    noticed: bool = False  # True: seen by somebody (monitor, alert) is enough; False: the page must not be shown


CRISIS = "crisis"
"""A label's topic."""

FAMILIES: Mapping[str, Family] = {
    CRISIS: Family(frozenset({"self-harm"}), True),
    "abuse": Family(frozenset({"bullying", "hate", "strong-language", "violence"}), True),
}


def family(topic: str) -> Family:
    """Of a label's topic; most are called as the word lists call them."""
    return FAMILIES.get(topic) or Family(frozenset({topic}))
