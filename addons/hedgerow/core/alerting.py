"""Who is told what somebody typed: serious hits as alerts, whatever the reader gets to see.

An alert is about what a person wrote: a search, a form, a message, a question to a machine. Pages alert nobody (to meet
a text is not to write it), nor do the words in an address, which a click puts there. It carries one window of the text,
of at most 80 characters around the words that weighed most, and nothing else of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hedgerow.core.judges import SEEKING, TYPED_THRESHOLD
from hedgerow.core.model import Band, Channel, Severity, TopicScore, WordRule
from hedgerow.core.sites import in_force

WINDOW = 80
"""Characters of the text that an alert carries at most."""
_SOUGHT = 1.0
"""So much more must have been found in a text that asks for a helpline: the question for help is no alarm itself."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One topic of one text that somebody at the school should know of."""

    topic: str
    severity: Severity
    channel: Channel
    score: float
    language: str
    evidence: str
    phrases: tuple[str, ...] = ()  # that were found, as the lists have them


def written(channel: Channel) -> bool:
    """True where a person wrote the text."""
    return channel.typed and channel is not Channel.URL


def alerts(scores: Iterable[TopicScore], channel: Channel, band: Band, today: date) -> tuple[Alert, ...]:
    """The alerts of one text that was judged, the most serious first. ``today`` is the school's day."""
    if not written(channel):
        return ()
    scores = tuple(scores)
    sought = any(score.topic == SEEKING and score.score >= TYPED_THRESHOLD for score in scores)
    found = (_alert(band.words.get(score.topic), score, channel, today, _SOUGHT * sought) for score in scores)
    return tuple(sorted(filter(None, found), key=lambda alert: -alert.severity))


def _alert(word: WordRule | None, score: TopicScore, channel: Channel, today: date, more: float) -> Alert | None:
    if word is None or not word.alert or not in_force(word.rule, today):
        return None
    if score.score < (word.alert_from or TYPED_THRESHOLD) + more:
        return None
    window = max(score.hits, key=lambda hit: hit.weight).excerpt[:WINDOW] if score.hits else ""
    phrases = tuple(sorted(hit.phrase for hit in score.hits))
    return Alert(score.topic, word.alert, channel, score.score, score.language, window, phrases)
