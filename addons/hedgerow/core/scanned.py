"""A text judged by itself, as the gateway judges it on a site that is open: for ``hedgerow scan`` and ``evaluate``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hedgerow.core.alerting import Alert, alerts
from hedgerow.core.explain import Scan, hear_typed
from hedgerow.core.judges import judge_undecodable, judge_words
from hedgerow.core.model import (
    Action,
    Capture,
    Channel,
    Decision,
    Identity,
    Kind,
    Passage,
    Policy,
    Request,
    Step,
    TopicScore,
    Typed,
)
from hedgerow.core.text import Text, visible_text

TYPED: Mapping[str, Channel] = {
    "search": Channel.SEARCH,
    "post": Channel.POSTED,
    "comment": Channel.POSTED,
    "chat": Channel.MESSAGE,
}
"""What somebody typed, by the name its kind has in a file; every other text is a page's."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text as it came: a page's passages, or what was typed."""

    channel: Channel
    passages: Sequence[str | Passage]
    undecodable: str = ""

    @classmethod
    def typed(cls, text: str, channel: Channel) -> Said:
        return cls(channel, (text,))

    @classmethod
    def plain(cls, text: str) -> Said:
        """Of a page without markup."""
        return cls(Channel.PAGE, (text,))

    @classmethod
    def read(cls, text: Text) -> Said:
        return cls(Channel.PAGE, text.passages, text.undecodable)

    @classmethod
    def html(cls, markup: str) -> Said:
        return cls.read(visible_text(markup.encode("utf-8", "replace"), "text/html; charset=utf-8"))


@dataclass(frozen=True, slots=True)
class Heard:
    """The verdict, and the scores it rests on."""

    decision: Decision
    scores: tuple[TopicScore, ...]
    alerts: tuple[Alert, ...] = ()  # of whom is told, the most serious first

    @property
    def score(self) -> TopicScore | None:
        """Of the topic that decided; where none did, the highest one there is."""
        decided = (one for one in self.scores if self.decision.rule == f"words:{one.topic}")
        return next(decided, None) or next(iter(self.scores), None)


@dataclass(frozen=True, slots=True)
class Bench:
    """What texts are judged by."""

    scan: Scan
    policy: Policy
    now: datetime  # aware, in the school's time zone

    def judge(self, said: Said, band: str) -> Heard:
        """Verdict and scores of a text in a band."""
        kept: list[TopicScore] = []

        def scan(texts: Sequence[str | Passage], typed: bool = False, /) -> Sequence[TopicScore]:
            found = self.scan(texts, typed)
            kept.extend(found)
            return found

        identity, decision = Identity("", band), _open(band)
        if said.undecodable:
            return Heard(judge_undecodable(decision, identity, self.policy, self.now, said.undecodable), ())
        if said.channel.typed:
            asked = Request((), typed=tuple(Typed(said.channel, str(text)) for text in said.passages), kind=Kind.PAGE)
            decision = hear_typed(decision, asked, scan, identity, self.policy, self.now)
        else:
            decision = judge_words(decision, scan(said.passages), said.channel, identity, self.policy, self.now)
        told = alerts(kept, said.channel, self.policy.bands[band], self.now.date())
        return Heard(decision, tuple(kept), told)

    def known(self, scores: Sequence[TopicScore]) -> Bench:
        """A bench that finds these scores in any text: other bands judge what was scanned once."""
        return replace(self, scan=lambda texts, typed=False, /: scores)


def _open(band: str) -> Decision:
    """What names say of a site that nobody closed: its words are asked."""
    return Decision(
        Action.ALLOW, Capture.DECRYPTED, band, Step.DEFAULT, "scan", "scan", "nothing found", "", reads_words=True
    )
