"""What lists alone would do with a name in a band: for reports about lists, which no request and no clock belongs to.

Traffic is judged by ``core.policy``; this asks only steps 3 and 6, and takes what a rule says when no window is open.
"""

from __future__ import annotations

from dataclasses import dataclass

from hedgerow.core.categories import covering
from hedgerow.core.model import Action, Band, Floor, Index, Match


@dataclass(frozen=True, slots=True)
class Verdict:
    """The strictest category's action, the category, and the listed name it comes from; ``match`` None: not listed."""

    action: Action = Action.ALLOW
    category: str = ""
    match: Match | None = None


def by_lists(index: Index, host: str, path: str, band: Band, floor: Floor) -> Verdict:
    """What the listed categories of a canonical host and path do in this band."""
    strictest = Verdict()
    for category, match in covering(index, host, path):
        rule = floor.categories.get(category) or band.categories.get(category)
        if rule is not None and (strictest.match is None or rule.action > strictest.action):
            strictest = Verdict(rule.action, category, match)
    return strictest
