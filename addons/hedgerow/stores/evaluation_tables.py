"""The figures of an evaluation as tables for people (Markdown) and as rows for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hedgerow.core.measures import Share, family
from hedgerow.core.twins import NAMES
from hedgerow.stores.evaluation import CLEAN, OURS, THEIRS, Error, Figures, Key, Tally
from hedgerow.stores.evaluation_targets import BAND, MOST_LOST, Lost, Reached, disguised, targets


def rows(figures: Figures) -> Iterator[dict[str, object]]:
    """Every count, in the order of the texts."""
    for key, tally in figures.tallies.items():
        yield {
            **key._asdict(),
            "harmful": tally.harmful,
            "caught": tally.caught,
            "recall": _number(tally.recall),
            "recall_interval": _interval(tally.recall),
            "caught_clean": tally.clean,
            "innocent": tally.innocent,
            "false": tally.false,
            "false_interval": _interval(Share(tally.false, tally.innocent)),
            "stopped": tally.stopped,
            "blocked": tally.blocked,
            "noticed": tally.noticed,
            "precision": _number(tally.precision),
            "precision_interval": _interval(tally.precision),
        }


def target_rows(figures: Figures) -> Iterator[dict[str, object]]:
    """Every target with what was measured."""
    for one in targets(figures):
        yield {
            "target": one.what,
            "source": one.source,
            "language": one.language,
            "band": one.band,
            "wanted": one.wanted,
            "at_least": one.at_least,
            "hits": one.share.hits,
            "of": one.share.of,
            "share": _number(one.share),
            "interval": _interval(one.share),
            "reached": one.reached,
            "surely": one.surely,
            "e2guardian": _number(one.theirs) if one.theirs else None,
        }
    for lost in disguised(figures):
        yield {
            "target": f"disguised: {lost.twin}",
            "source": lost.source,
            "language": lost.language,
            "topic": lost.topic,
            "wanted": MOST_LOST,
            "of": lost.caught.of,
            "clean": _number(lost.clean),
            "share": _number(lost.caught),
            "interval": _interval(lost.caught),
            "lost": round(lost.lost, 4),
            "reached": lost.reached,
        }


def error_row(kind: str, error: Error) -> dict[str, object]:
    """One text to read."""
    sample = error.sample
    return {
        "error": kind,
        "source": sample.source,
        "id": sample.id,
        "language": sample.language,
        "topic": sample.topic,
        "kind": sample.kind,
        "genre": sample.genre,
        "band": error.band,
        "action": error.action,
        "score": round(error.score, 3),
        "hits": [f"{hit.phrase} {hit.weight:+.2g} ({hit.where})" for hit in error.hits],
        "text": sample.text[:400],
    }


def worst(figures: Figures, most: int) -> Iterator[tuple[str, Error]]:
    """The errors most worth reading of each source, language and topic: false alarms that scored highest first, then
    what was missed by most."""
    for kind, errors, sign in (("false alarm", figures.false, -1), ("missed", figures.missed, 1)):
        groups: dict[tuple[str, str, str], list[Error]] = {}
        for error in errors:
            sample = error.sample
            groups.setdefault((sample.source, sample.language, sample.topic), []).append(error)
        for group in groups.values():
            for error in sorted(group, key=lambda one: (sign * one.score, one.sample.id))[:most]:
                yield kind, error


def markdown(figures: Figures, bands: Sequence[str]) -> Iterator[str]:
    """All tables, line by line."""
    found = list(targets(figures))
    lost = list(disguised(figures))
    for source in dict.fromkeys(key.source for key in figures.tallies):
        yield from _targets(source, [one for one in found if one.source == source])
        yield from _caught(figures, source, bands)
        yield from _false(figures, source, bands)
        yield from _disguised(source, [one for one in lost if one.source == source])


def _targets(source: str, found: Sequence[Reached]) -> Iterator[str]:
    if found:
        yield from _head(
            f"Targets: {source}", "target language band wanted measured of 95%_interval reached e2guardian"
        )
    for one in found:
        wanted = f"{'≥' if one.at_least else '≤'} {_percent(one.wanted)}"
        reached = "yes, surely" if one.surely else "yes" if one.reached else "**no**"
        theirs = _percent(one.theirs.value) if one.theirs else ""
        cells = [one.what, one.language, one.band, wanted, _percent(one.share.value), f"{one.share.of:,}"]
        yield _cells(*cells, _between(one.share), reached, theirs)


def _caught(figures: Figures, source: str, bands: Sequence[str]) -> Iterator[str]:
    """Per language and topic; nothing where no text of the source ought to be caught."""
    found = [name for name in _names(figures, source) if _tally(figures, source, *name, bands[0], OURS).harmful]
    if found:
        yield from _head(f"Caught, with 95% intervals: {source}", "language topic of", bands, "precision e2guardian")
    for language, topic in found:
        tallies = {band: _tally(figures, source, language, topic, band, OURS) for band in bands}
        theirs = _tally(figures, source, language, topic, bands[0], THEIRS)
        precise = tallies.get(BAND, tallies[bands[-1]]).precision
        yield _cells(
            language,
            f"{topic} (noticed)" if family(topic).noticed else topic,
            f"{tallies[bands[0]].harmful:,}",
            *(_with_interval(tally.recall) for tally in tallies.values()),
            _with_interval(precise) if precise.of else "",
            _with_interval(theirs.recall) if theirs.harmful else "",
        )


def _false(figures: Figures, source: str, bands: Sequence[str]) -> Iterator[str]:
    found = [name for name in _names(figures, source) if _tally(figures, source, *name, bands[0], OURS).innocent]
    if found:
        title = f"False alarms, with 95% intervals: {source}"
        yield from _head(title, "language topic of", bands, "of_them_blocked e2guardian")
    for language, topic in found:
        tallies = {band: _tally(figures, source, language, topic, band, OURS) for band in bands}
        theirs = _tally(figures, source, language, topic, bands[0], THEIRS)
        yield _cells(
            language,
            f"{topic or 'pages'} (noticed)" if family(topic).noticed else topic or "pages",
            f"{tallies[bands[0]].innocent:,}",
            *(_with_interval(Share(tally.false, tally.innocent)) for tally in tallies.values()),
            str(tallies.get(BAND, tallies[bands[-1]]).blocked),
            _with_interval(Share(theirs.false, theirs.innocent)) if theirs.innocent else "",
        )


def _disguised(source: str, found: Sequence[Lost]) -> Iterator[str]:
    """Caught clean and disguised, of the texts a disguise changes; bold where more is lost than may be."""
    names = [name for name in NAMES if any(one.twin == name for one in found)]
    if found:
        title = f"Disguised texts, caught clean → disguised, in percent: {source}"
        yield from _head(title, "language topic", names)
    cells = {(one.language, one.topic, one.twin): one for one in found}
    for language, topic in sorted({(one.language, one.topic) for one in found}):
        yield _cells(language, topic, *(_lost(cells.get((language, topic, name))) for name in names))


def _lost(one: Lost | None) -> str:
    if one is None:
        return ""
    shown = f"{100 * one.clean.value:.0f} → {100 * one.caught.value:.0f}"
    return shown if one.reached else f"**{shown}**"


def _names(figures: Figures, source: str) -> list[tuple[str, str]]:
    return sorted({(key.language, key.topic) for key in figures.tallies if key.source == source})


def _tally(figures: Figures, source: str, language: str, topic: str, band: str, system: str) -> Tally:
    def fits(key: Key) -> bool:
        named = key.source, key.language, key.topic, key.band, key.system, key.twin
        return named == (source, language, topic, band, system, CLEAN)

    return figures.sum(fits)


def _head(title: str, first: str, bands: Sequence[str] = (), last: str = "") -> Iterator[str]:
    """Heading of a table; in ``first`` and ``last`` an underline stands for a blank within a column's name."""
    heads = [*_columns(first), *bands, *_columns(last)]
    yield from ("", f"### {title}", "", _cells(*heads), "|" + "---|" * len(heads))


def _columns(names: str) -> list[str]:
    return [name.replace("_", " ") for name in names.split()]


def _with_interval(share: Share) -> str:
    low, high = share.interval
    return f"{_percent(share.value)} ({100 * low:.1f}-{100 * high:.1f})"


def _between(share: Share) -> str:
    low, high = share.interval
    return f"{_percent(low)} - {_percent(high)}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f}%"


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _number(share: Share) -> float | None:
    return round(share.value, 4) if share.of else None


def _interval(share: Share) -> list[float] | None:
    return [round(edge, 4) for edge in share.interval] if share.of else None
