"""The figures of an evaluation as tables for people (Markdown) and as rows for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hedgerow.core.measures import Share, family
from hedgerow.stores.evaluation import CLEAN, OURS, THEIRS, Error, Figures, Key, Tally
from hedgerow.stores.evaluation_targets import MOST_LOST, Lost, Reached, disguised, targets


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
            "e2guardian": _number(lost.theirs) if lost.theirs else None,
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
    yield from _targets("Targets", targets(figures))
    for source in dict.fromkeys(key.source for key in figures.tallies):
        yield from _by_band(figures, source, bands)
    found = list(disguised(figures))
    for source in dict.fromkeys(one.source for one in found):
        yield from _disguised(source, [one for one in found if one.source == source])


def _targets(title: str, found: Iterable[Reached]) -> Iterator[str]:
    yield f"### {title}"
    yield ""
    yield "| texts | target | language | band | wanted | measured | of | 95% interval | reached | e2guardian |"
    yield "|---|---|---|---|---:|---:|---:|---|---|---:|"
    for one in found:
        wanted = f"{'≥' if one.at_least else '≤'} {_percent(one.wanted)}"
        reached = "yes, surely" if one.surely else "yes" if one.reached else "**no**"
        theirs = _percent(one.theirs.value) if one.theirs else ""
        cells = [one.source, one.what, one.language, one.band, wanted, _percent(one.share.value), f"{one.share.of:,}"]
        yield _cells(*cells, _between(one.share), reached, theirs)
    yield ""


def _by_band(figures: Figures, source: str, bands: Sequence[str]) -> Iterator[str]:
    yield f"### By language, topic and band: {source}"
    yield ""
    heads = (
        "language topic band caught of 95%_interval precision false_alarms of 95%_interval blocked e2guardian_caught"
    )
    yield _cells(*(head.replace("_", " ") for head in heads.split()), "its false alarms")
    yield "|---|---|---|---:|---:|---|---:|---:|---:|---|---:|---:|---:|"
    names = dict.fromkeys((key.language, key.topic) for key in figures.tallies if key.source == source)
    for language, topic in sorted(names):
        for band in bands:
            ours = _tally(figures, source, language, topic, band, OURS)
            theirs = _tally(figures, source, language, topic, band, THEIRS)
            yield _band_row(language, topic, band, ours, theirs)
    yield ""


def _tally(figures: Figures, source: str, language: str, topic: str, band: str, system: str) -> Tally:
    def fits(key: Key) -> bool:
        named = key.source, key.language, key.topic, key.band, key.system, key.twin
        return named == (source, language, topic, band, system, CLEAN)

    return figures.sum(fits)


def _band_row(language: str, topic: str, band: str, ours: Tally, theirs: Tally) -> str:
    false = Share(ours.false, ours.innocent)
    precision = _percent(ours.precision.value) if ours.harmful and ours.precision.of else ""
    how = " (noticed)" if family(topic).noticed else ""
    return _cells(
        language,
        f"{topic or 'pages'}{how}",
        band,
        *_share_cells(ours.recall),
        precision,
        *_share_cells(false),
        str(ours.blocked) if ours.innocent else "",
        _percent(theirs.recall.value) if theirs.harmful else "",
        _percent(theirs.false / theirs.innocent) if theirs.innocent else "",
    )


def _disguised(source: str, found: Sequence[Lost]) -> Iterator[str]:
    yield f"### Disguised texts: {source}"
    yield ""
    yield "| language | topic | disguise | of | clean | disguised | points lost | within 5 | e2guardian |"
    yield "|---|---|---|---:|---:|---:|---:|---|---:|"
    for one in sorted(found, key=lambda one: (one.language, one.topic)):
        yield _cells(
            one.language,
            one.topic,
            one.twin,
            str(one.caught.of),
            _percent(one.clean.value),
            _percent(one.caught.value),
            f"{100 * one.lost:.1f}",
            "yes" if one.reached else "**no**",
            _percent(one.theirs.value) if one.theirs else "",
        )
    yield ""


def _share_cells(share: Share) -> tuple[str, str, str]:
    return (_percent(share.value), f"{share.of:,}", _between(share)) if share.of else ("", "", "")


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
