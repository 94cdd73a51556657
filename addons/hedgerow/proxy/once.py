"""One event a finished search: an engine asks for the same search many times, page by page and picture by picture.

The verdict is made each time; only the decision log hears once of it, within a minute, for one person, one worker.
"""

from __future__ import annotations

from datetime import datetime

from hedgerow.core.model import Channel, Step
from hedgerow.core.search import suggests
from hedgerow.proxy.facts import judged_host
from hedgerow.proxy.judged import Judged

AGAIN_SECONDS = 60.0
_MOST = 4_096
"""Things remembered: beyond it the oldest are forgotten, and told once more."""


class Lately:
    """What has lately been told of somebody: the same within ``seconds`` is the same.

    ``lasting``: asked again, it is kept in mind for as long once more.
    """

    def __init__(self, seconds: float = AGAIN_SECONDS, lasting: bool = False) -> None:
        self._seconds, self._lasting = seconds, lasting
        self._at: dict[tuple[object, ...], datetime] = {}

    def again(self, key: tuple[object, ...], now: datetime) -> bool:
        """True when it was told so lately; else it counts as told now."""
        before = self._at.get(key)
        again = before is not None and 0 <= (now - before).total_seconds() < self._seconds
        if not again or self._lasting:
            self._at.pop(key, None)
            self._at[key] = now
        if len(self._at) > _MOST:
            del self._at[next(iter(self._at))]
        return again


class Once:
    """What this worker has lately written about searches."""

    def __init__(self) -> None:
        self._told = Lately(lasting=True)

    def told(self, state: Judged) -> bool:
        """True when this decision needs no event: it is about half a search, or about one that has just been told."""
        request, decision = state.request, state.decision
        if decision.step is Step.WORDS and suggests(judged_host(request), request.path, request.query):
            return True
        search = next((typed for typed in request.typed if typed.channel is Channel.SEARCH), None)
        if search is None:
            return False
        key = (state.identity.key, search.engine, search.text.casefold(), f"{decision.rule} {decision.action}")
        return self._told.again(key, state.now)
