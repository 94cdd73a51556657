"""What the word lists are meant to reach, and whether they do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hedgerow.core.measures import CRISIS, Share
from hedgerow.stores.evaluation import CLEAN, OURS, THEIRS, Figures, Key, Tally
from hedgerow.stores.labelled import OTHER

BAND = "ages-11-13"
"""The band a target is about, unless it says otherwise."""

PAGES = ("adult", "gambling", "drugs")
HARMLESS = (*PAGES, "crisis", "")
"""Topics whose innocent texts are help, health, news, encyclopaedia, scripture, technique."""

ALL = "all"
"""Languages together."""

LEAST_CAUGHT: Mapping[str, float] = {"en": 0.95, "vi": 0.95, "ru": 0.9, "fa": 0.85, "kk": 0.85}
LEAST_NOTICED = 0.6
MOST_FALSE_BLOCKS = 1 / 500
MOST_CONTRAST = 0.01
MOST_FALSE_CRISIS = 0.02
MOST_LOST = 0.05
"""Of what is caught clean, what a disguise may save."""


class Reached(NamedTuple):
    """A target and what was measured; ``theirs`` is the baseline's share of the same texts."""

    what: str
    source: str
    language: str
    band: str
    wanted: float
    at_least: bool  # False: at most
    share: Share
    theirs: Share | None = None

    @property
    def reached(self) -> bool:
        """By the texts that were measured."""
        return self.share.value >= self.wanted if self.at_least else self.share.value <= self.wanted

    @property
    def surely(self) -> bool:
        """Also by the far end of the interval: more texts would hardly say otherwise."""
        low, high = self.share.interval
        return low >= self.wanted if self.at_least else high <= self.wanted


def targets(figures: Figures) -> Iterator[Reached]:
    """Of every source and language that has texts for a target; older bands for all languages together."""
    older = _from(BAND, list(dict.fromkeys(key.band for key in figures.tallies)))
    for source in dict.fromkeys(key.source for key in figures.tallies):
        languages = sorted({key.language for key in figures.tallies if key.source == source})
        for language in languages:
            yield from _caught(figures, source, language)
        for language in languages:
            yield from _false_blocks(figures, source, language, BAND)
        for band in older:
            yield from _false_blocks(figures, source, ALL, band)


def _from(band: str, bands: list[str]) -> list[str]:
    return bands[bands.index(band) :] if band in bands else []


def _caught(figures: Figures, source: str, language: str) -> Iterator[Reached]:
    for topic in PAGES:
        if language != OTHER:
            what = f"{topic}: pages caught"
            yield from _share(figures, what, source, language, topic, LEAST_CAUGHT[language], typed=False)
    for topic, noticed, most, about in (
        ("crisis", "crisis: first person noticed", MOST_FALSE_CRISIS, "crisis: false alarms on its twins"),
        ("abuse", "abuse: insults, hate, threats noticed", MOST_CONTRAST, "abuse: false alarms"),
    ):
        yield from _share(figures, noticed, source, language, topic, LEAST_NOTICED)
        yield from _share(figures, about, source, language, topic, most, false=True)
    yield from _worried(figures, source, language)


def _share(
    figures: Figures,
    what: str,
    source: str,
    language: str,
    topic: str,
    wanted: float,
    *,
    typed: bool | None = None,
    false: bool = False,
) -> Iterator[Reached]:
    def of(system: str) -> Share:
        def fits(key: Key) -> bool:
            named = key.source, key.language, key.topic, key.band, key.system, key.twin
            return named == (source, language, topic, BAND, system, CLEAN) and typed in (None, key.typed)

        found = figures.sum(fits)
        return Share(found.false, found.innocent) if false else found.recall

    if (share := of(OURS)).of:
        yield Reached(what, source, language, BAND, wanted, not false, share, _some(of(THEIRS)))


def _worried(figures: Figures, source: str, language: str) -> Iterator[Reached]:
    """Ordinary posts: innocent, typed, and not made to sound like a crisis."""

    def fits(key: Key) -> bool:
        named = key.source, key.language, key.typed, key.band, key.system, key.twin
        return named == (source, language, True, BAND, OURS, CLEAN) and key.topic != CRISIS

    found = figures.sum(fits)
    if found.innocent:
        share = Share(found.worried, found.innocent)
        yield Reached("crisis: false alarms on ordinary posts", source, language, BAND, MOST_FALSE_CRISIS, False, share)


def _false_blocks(figures: Figures, source: str, language: str, band: str) -> Iterator[Reached]:
    def of(system: str) -> Tally:
        def fits(key: Key) -> bool:
            named = key.source, key.band, key.system, key.twin
            return named == (source, band, system, CLEAN) and key.topic in HARMLESS and language in (ALL, key.language)

        return figures.sum(fits)

    ours, theirs = of(OURS), of(THEIRS)
    if ours.innocent:
        shares = Share(ours.blocked, ours.innocent), _some(Share(theirs.blocked, theirs.innocent))
        yield Reached("harmless: blocked", source, language, band, MOST_FALSE_BLOCKS, False, *shares)
        shares = Share(ours.stopped, ours.innocent), _some(Share(theirs.stopped, theirs.innocent))
        yield Reached("harmless: stopped by any page", source, language, band, MOST_FALSE_BLOCKS, False, *shares)


def _some(share: Share) -> Share | None:
    return share if share.of else None


class Lost(NamedTuple):
    """What a disguise saves from being caught, of the texts it changes."""

    source: str
    language: str
    topic: str
    twin: str
    clean: Share
    caught: Share

    @property
    def lost(self) -> float:
        return self.clean.value - self.caught.value

    @property
    def reached(self) -> bool:
        return self.lost <= MOST_LOST + 1e-9


def disguised(figures: Figures) -> Iterator[Lost]:
    """Each disguise beside the clean texts it was made from."""
    found: dict[tuple[str, str, str, str], Tally] = {}
    for key, tally in figures.tallies.items():
        if key.twin and key.band == BAND and tally.harmful:
            total = found.setdefault((key.source, key.language, key.topic, key.twin), Tally())
            total += tally
    for name, total in found.items():
        yield Lost(*name, Share(total.clean, total.harmful), total.recall)
