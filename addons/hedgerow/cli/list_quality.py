"""``hedgerow lists quality``: which source, category and entry closes how many sites that ought to be open."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click

from hedgerow.cli.common import Failure, Place, as_json, placed, print_json, print_lines
from hedgerow.cli.list_known import known_sites
from hedgerow.core.by_lists import Verdict, by_lists
from hedgerow.core.model import Band
from hedgerow.runtime import Snapshot
from hedgerow.stores.list_quality import Closed, Judge, Tally, site_names, tally

_SHOWN = 25
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)

Sets = dict[str, dict[str, Tally]]


@click.command()
@click.option("--popular", type=_FILE, help="Sites, the most visited first, one a line. Default: the fetched list.")
@click.option("--education", multiple=True, type=_FILE, help="Names of schools and universities. Repeatable.")
@click.option("--must-reach", multiple=True, type=_FILE, help="Names that must stay open. Repeatable.")
@click.option("--band", default="", help="Show the entries of this band. Default: those of all bands.")
@as_json
@placed
def quality(
    place: Place,
    popular: Path | None,
    education: tuple[Path, ...],
    must_reach: tuple[Path, ...],
    band: str,
    as_json: bool,
) -> None:
    """Count per band how many of the 10,000 and 100,000 most visited sites, and of those that must be open, the lists
    close; by which source, category and entry.
    """
    snapshot = place.snapshot()
    if band and band not in snapshot.policy.bands:
        raise Failure(f"unknown band {band!r}; known: {', '.join(snapshot.policy.bands)}")
    ranked = known_sites(place, popular, 100_000)
    sets = {"top 10,000": ranked[:10_000], "top 100,000": ranked}
    sets |= {name: _all(files) for name, files in (("education", education), ("must reach", must_reach)) if files}
    judges = {one.name: _judge(snapshot, one) for one in snapshot.policy.bands.values()}
    found = {name: tally(sites, judges, lambda verdict: _sources(snapshot, verdict)) for name, sites in sets.items()}
    if as_json:
        print_json({name: {of: _facts(one) for of, one in bands.items()} for name, bands in found.items()})
    else:
        print_lines(_lines(found, band))


def _all(files: tuple[Path, ...]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(site for path in files for site in site_names(path)))


def _judge(snapshot: Snapshot, band: Band) -> Judge:
    return lambda host, path: by_lists(snapshot.index, host, path, band, snapshot.policy.floor)


def _sources(snapshot: Snapshot, verdict: Verdict) -> Iterator[str]:
    if verdict.match is not None:
        yield from (entry.source for entry in snapshot.index.explain(verdict.match, verdict.category))


def _facts(found: Tally) -> dict[str, object]:
    return {
        "sites": found.sites,
        "closed": len(found.closed),
        "actions": dict(found.actions),
        "by_category": dict(found.by_category.most_common()),
        "by_source": dict(found.by_source.most_common()),
        "entries": [
            {"host": one.host, "rank": one.place, "category": one.category, "entry": one.entry, "sources": one.sources}
            for one in found.closed
        ],
    }


def _lines(sets: Sets, band: str) -> Iterator[str]:
    for name, bands in sets.items():
        for of, found in bands.items():
            yield f"{name:12} {of:12} {len(found.closed):>7,} of {found.sites:,} closed ({found.share:.2%})"
    for name, bands in sets.items():
        for of, found in bands.items():
            if found.closed and (of == band or not band):
                yield from _detail(name, of, found)


def _detail(name: str, band: str, found: Tally) -> Iterator[str]:
    yield ""
    yield f"{name}, {band}: by category {_counts(found.by_category)}; by source {_counts(found.by_source)}"
    yield from map(_entry, islice(found.closed, _SHOWN))
    if len(found.closed) > _SHOWN:
        yield f"  and {len(found.closed) - _SHOWN} more (--json shows all)"


def _counts(counts: object) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.most_common())  # type: ignore[attr-defined]


def _entry(one: Closed) -> str:
    return f"  {one.place:>7,}  {one.host:32} {one.category:18} {one.entry}  ({', '.join(one.sources)})"
