"""Text to scores, for bodies, streams and messages: the work that the words judge needs, and nothing of its verdict.

It touches no flow and nothing that others write, so that what takes long can be done in a thread beside the loop
(``proxy.ahead``).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from hedgerow import metrics
from hedgerow.core.model import Channel, Passage, TopicScore
from hedgerow.core.slices import overlapping
from hedgerow.core.streamed import Running, Said
from hedgerow.core.text import Text, visible_text
from hedgerow.core.words import Lexicon

_PIECE = 8 * 1024
"""Characters of a long message that are heard at once: half of what is remembered."""


@dataclass(frozen=True, slots=True)
class Read:
    """A body, and what was found in it."""

    text: Text
    scores: tuple[TopicScore, ...] = ()


def read_body(data: bytes, content_type: str, coding: str, limit: int, lexicon: Lexicon | None) -> Read:
    """At most ``limit`` bytes of a body. ``lexicon`` is None where nobody asks for its words."""
    text = visible_text(data, content_type, coding, limit=limit)
    if lexicon is None or text.undecodable or not text.passages:
        return Read(text)
    started = time.perf_counter()
    scores = lexicon.scan(_short(text.passages))
    metrics.SCAN_SECONDS.observe(time.perf_counter() - started)
    return Read(text, scores)


def _short(passages: Sequence[Passage]) -> list[Passage]:
    """No passage too long to be searched in one go."""
    return [Passage(part, passage.place) for passage in passages for part in overlapping(passage.text)]


class Ear:
    """One direction of a conversation: what it says, put together and scored as it comes."""

    def __init__(self, lexicon: Lexicon, channel: Channel) -> None:
        self._lexicon = lexicon
        self.channel = channel
        # Messages are sentences of their own, and may be a word in two halves all the same: both are looked at.
        self._running = (Running(), Running()) if channel.typed else (Running(),)
        self._last: tuple[tuple[str, float], ...] = ()

    @property
    def main(self) -> str:
        """The field that says most."""
        return self._running[0].main()

    def hear(self, said: Said) -> tuple[TopicScore, ...]:
        """The scores after one event: () when it brings nothing new to them."""
        found: list[TopicScore] = []
        for part in _parts(said):
            for number, running in enumerate(self._running):
                found += self._scores(running, tuple((name, " " * number + text) for name, text in part))
        return tuple(sorted(found, key=lambda score: -score.score))

    def _scores(self, running: Running, said: Said) -> tuple[TopicScore, ...]:
        fresh = running.hear(said)
        if not fresh or not self._lexicon.may_find(fresh):
            return ()
        scores = self._lexicon.scan(fresh, self.channel.typed)
        if self.channel.typed or not scores:
            return scores
        told = tuple((score.topic, score.score) for score in scores)
        if told == self._last:
            return ()
        self._last = told
        return self._lexicon.scan(running.texts())


def _parts(said: Said) -> Sequence[Said]:
    """A message in parts that are remembered whole."""
    if all(len(text) <= _PIECE for _, text in said):
        return (said,)
    return [((name, text[at : at + _PIECE]),) for name, text in said for at in range(0, len(text), _PIECE)]
