"""Labelled texts through the words judge of each band: what is caught, what is stopped that must not be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from hedgerow.core.measures import CRISIS, Family, Share, family
from hedgerow.core.model import Action, Hit, TopicScore
from hedgerow.core.scanned import TYPED, Bench, Said
from hedgerow.core.text import visible_text
from hedgerow.core.twins import twins
from hedgerow.stores.importing.e2baseline import Baseline
from hedgerow.stores.labelled import Labelled

OURS, THEIRS = "hedgerow", "e2guardian"
CLEAN = ""
"""The twin that is the text itself."""


class Outcome(NamedTuple):
    """What happened to a text in a band."""

    stopped: bool = False  # a page of ours stands in place of the content
    blocked: bool = False  # and it cannot be gone past
    noticed: bool = False  # the topic it is labelled with was noticed: monitored, stopped or alerted
    worried: bool = False  # crisis was noticed, whatever it is labelled with


class Key(NamedTuple):
    """What is counted together."""

    source: str
    language: str
    topic: str
    typed: bool  # somebody typed it; False: a page
    band: str
    system: str = OURS
    twin: str = CLEAN


@dataclass(slots=True)
class Tally:
    """Counts of one key; ``clean`` is how many of a twin's texts were caught before they were disguised."""

    harmful: int = 0
    caught: int = 0
    clean: int = 0
    innocent: int = 0
    stopped: int = 0
    blocked: int = 0
    noticed: int = 0
    false: int = 0  # of the innocent, as the topic's family counts
    worried: int = 0  # of the innocent, that crisis was noticed in

    def add(self, harmful: bool, outcome: Outcome, of: Family, clean: Outcome) -> None:
        if harmful:
            self.harmful += 1
            self.caught += counts(outcome, of)
            self.clean += counts(clean, of)
            return
        self.innocent += 1
        self.stopped += outcome.stopped
        self.blocked += outcome.blocked
        self.noticed += outcome.noticed
        self.false += counts(outcome, of)
        self.worried += outcome.worried

    def __iadd__(self, other: Tally) -> Tally:
        for name in Tally.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    @property
    def recall(self) -> Share:
        return Share(self.caught, self.harmful)

    @property
    def precision(self) -> Share:
        """Of what was caught, how much deserved it: in this mixture of texts, which is not a pupil's day."""
        return Share(self.caught, self.caught + self.false)


def counts(outcome: Outcome, of: Family) -> bool:
    """Does it count as caught?"""
    return outcome.noticed if of.noticed else outcome.stopped


@dataclass(frozen=True, slots=True)
class Error:
    """A text that was missed, or stopped and must not be, with what was found in it."""

    sample: Labelled
    band: str
    action: str
    score: float
    hits: tuple[Hit, ...]


@dataclass(slots=True)
class Figures:
    """All counts, and the errors of one band, by source, language and topic."""

    tallies: dict[Key, Tally] = field(default_factory=lambda: defaultdict(Tally))
    missed: list[Error] = field(default_factory=list)
    false: list[Error] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        """What was measured of other texts."""
        for key, tally in other.tallies.items():
            self.tallies[key] += tally
        self.missed += other.missed
        self.false += other.false

    def sum(self, wanted: Callable[[Key], bool]) -> Tally:
        """The tallies of the keys that are wanted, added up."""
        total = Tally()
        for key, tally in self.tallies.items():
            if wanted(key):
                total += tally
        return total


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is measured: bands, with or without twins, beside whose lists; errors are kept of ``shown``."""

    bench: Bench
    bands: Sequence[str]
    shown: str
    twins: bool = True
    baseline: Baseline | None = None

    def measure(self, samples: Iterable[Labelled], progress: Callable[[int], object] = lambda done: None) -> Figures:
        """Every text in every band. The same texts and lists give the same figures."""
        figures = Figures()
        for number, sample in enumerate(samples, 1):
            self._sample(sample, figures)
            progress(number)
        return figures

    def _sample(self, sample: Labelled, figures: Figures) -> None:
        clean = self._outcomes(sample, figures)
        for band, outcome in clean.items():
            _count(figures, sample, band, OURS, CLEAN, outcome, outcome)
        if self.baseline is not None:
            stopped = self.baseline.score(said_in(sample).passages) >= 1
            theirs = Outcome(stopped, stopped, stopped)
            for band in self.bands:
                _count(figures, sample, band, THEIRS, CLEAN, theirs, theirs)
        disguised = twins(sample.text, sample.language) if self.twins and sample.text else {}
        for name, text in disguised.items():
            for band, outcome in self._outcomes(replace(sample, text=text), None).items():
                _count(figures, sample, band, OURS, name, outcome, clean[band])

    def _outcomes(self, sample: Labelled, errors: Figures | None) -> Mapping[str, Outcome]:
        said = said_in(sample)
        scores = self.bench.judge(said, self.shown).scores
        shown = {self.shown: errors}
        return {band: self._outcome(sample, said, scores, band, shown.get(band)) for band in self.bands}

    def _outcome(
        self, sample: Labelled, said: Said, scores: Sequence[TopicScore], band: str, errors: Figures | None
    ) -> Outcome:
        action = self.bench.known(scores).judge(said, band).decision.action
        of = family(sample.topic)
        own = [score for score in scores if score.topic in of.topics or not sample.topic]
        worry = [score for score in scores if score.topic in family(CRISIS).topics]
        noticed, worried = (bool(some) and self._notices(said, some, band) for some in (own, worry))
        outcome = Outcome(action.forbids, action is Action.BLOCK, noticed, worried)
        if errors is not None and counts(outcome, of) is not sample.harmful:
            seen = own if of.noticed else scores
            hits = tuple(hit for score in seen for hit in score.hits)
            error = Error(sample, band, str(action), max((one.score for one in seen), default=0.0), hits)
            (errors.missed if sample.harmful else errors.false).append(error)
        return outcome

    def _notices(self, said: Said, scores: Sequence[TopicScore], band: str) -> bool:
        """True when the band at least monitors a text of these scores, or tells somebody."""
        heard = self.bench.known(scores).judge(said, band)
        return heard.decision.action > Action.ALLOW or bool(heard.alerts)


def said_in(sample: Labelled) -> Said:
    """The text as the gateway would meet it."""
    if sample.html:
        return Said.read(visible_text(sample.html, "text/html"))
    channel = TYPED.get(sample.kind)
    return Said.typed(sample.text, channel) if channel else Said.plain(sample.text)


def _count(
    figures: Figures, sample: Labelled, band: str, system: str, twin: str, outcome: Outcome, clean: Outcome
) -> None:
    typed = sample.kind in TYPED and not sample.html
    key = Key(sample.source, sample.language, sample.topic, typed, band, system, twin)
    figures.tallies[key].add(sample.harmful, outcome, family(sample.topic), clean)
