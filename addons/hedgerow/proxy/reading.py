"""Text to scores, for bodies, streams and messages: the work that the words judge needs, and nothing of its verdict.

It touches no flow and nothing that others write, so that what takes long can be done in a thread beside the loop
(``proxy.ahead``).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from hedgerow import metrics
from hedgerow.core.bounds import LEAST
from hedgerow.core.chat import is_chat, prompts
from hedgerow.core.decode import looks_like_text, unpack
from hedgerow.core.explain import scanned
from hedgerow.core.model import Channel, Passage, Request, TopicScore, Typed
from hedgerow.core.posted import posted
from hedgerow.core.search import posted_search
from hedgerow.core.slices import overlapping
from hedgerow.core.streamed import Running, Said
from hedgerow.core.text import Text, visible_text
from hedgerow.core.words import Lexicon
from hedgerow.proxy.facts import judged_host

POSTED_LIMIT = 256 * 1024
"""Bytes of a posted body that are judged (published in deploy/LIMITS.md); the rest of an upload passes on unread."""

_READABLE = ("application/x-www-form-urlencoded", "multipart/form-data", "application/json", "text/")
_PIECE = 8 * 1024
"""Characters of a long message that are heard at once: half of what is remembered."""


@dataclass(frozen=True, slots=True)
class Read:
    """A body, and what was found in it."""

    text: Text
    scores: tuple[TopicScore, ...] = ()


def read_body(
    data: bytes, content_type: str, coding: str, limit: int, lexicon: Lexicon | None, least: float = LEAST
) -> Read:
    """At most ``limit`` bytes of a body. ``lexicon`` is None where nobody asks for its words; a topic of fewer than
    ``least`` points does not matter."""
    text = visible_text(data, content_type, coding, limit=limit)
    if lexicon is None or text.undecodable or not text.passages:
        return Read(text)
    started = time.perf_counter()
    scores = lexicon.scan(_short(text.passages), least=least)
    metrics.SCAN_SECONDS.observe(time.perf_counter() - started)
    return Read(text, scores)


class Scores:
    """A scan that remembers what it found: asked in a thread, told on the loop."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[tuple[tuple[str | Passage, ...], bool], tuple[TopicScore, ...]] = {}

    def __call__(self, texts: Sequence[str | Passage], typed: bool = False) -> tuple[TopicScore, ...]:
        key = (tuple(texts), typed)
        if key not in self._known:
            self._known[key] = self._lexicon.scan(texts, typed)
        return self._known[key]


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted body: what was typed, with its scores, or why it could not be read."""

    scan: Scores
    typed: tuple[Typed, ...] = ()
    undecodable: str = ""
    is_text: bool = True


def read_posted(data: bytes, content_type: str, coding: str, request: Request, lexicon: Lexicon) -> Posted:
    """At most ``POSTED_LIMIT`` bytes of a body, read by what it is: the client may call a form a picture."""
    scan = Scores(lexicon)
    unpacked = unpack(data, coding, POSTED_LIMIT)
    media = content_type.strip().lower()
    readable = media.startswith(_READABLE) or "json" in media
    if not readable and not looks_like_text(unpacked.data[:1024]):
        return Posted(scan, is_text=False)
    if unpacked.error:
        return Posted(scan, undecodable=unpacked.error)
    typed = _typed_in(request, content_type if readable else "", unpacked.data)
    for item in typed:
        scan(scanned(item), item.channel.typed)
    return Posted(scan, typed)


def _typed_in(request: Request, content_type: str, body: bytes) -> tuple[Typed, ...]:
    """What a person typed into a posted body: a search, a question to a model, or any form's fields."""
    host = judged_host(request)
    return (
        posted_search(host, request.path, content_type, body)
        or prompts(body, is_chat(host))
        or posted(content_type, body)
    )


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
        self._last: tuple[tuple[object, ...], ...] = ()

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
        # Every piece may add a little: what a whole page would have to reach is no measure for it.
        found = bool(fresh) and (self.channel.typed or self._lexicon.may_find(fresh, 0.0))
        scores = self._lexicon.scan(fresh, self.channel.typed, 0.0) if found else ()
        if self.channel.typed:
            return scores
        told = tuple((score.topic, score.score, *(hit.phrase for hit in score.hits)) for score in scores)
        before, self._last = self._last, told
        # As long as a phrase stands in what is looked at again, it is the same mention.
        return self._lexicon.scan(running.texts()) if told and told != before else ()


def _parts(said: Said) -> Sequence[Said]:
    """A message in parts that are remembered whole."""
    if all(len(text) <= _PIECE for _, text in said):
        return (said,)
    return [((name, text[at : at + _PIECE]),) for name, text in said for at in range(0, len(text), _PIECE)]
