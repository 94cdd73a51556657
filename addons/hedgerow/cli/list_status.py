"""``hedgerow lists status``: which lists there are, how old they are, how many names they hold, under which licence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click

from hedgerow.cli.common import Place, as_json, placed, print_json, print_lines
from hedgerow.cli.list_build import built_index, held_source
from hedgerow.cli.list_sources import sources_of
from hedgerow.stores.list_pointer import read_pointer
from hedgerow.stores.lists import Report
from hedgerow.stores.sources import Downloads, Source
from hedgerow.stores.state import State


@click.command()
@as_json
@placed
def status(place: Place, as_json: bool) -> None:
    """Say of each source what is held of it, how old it is and under which licence; then the lists written by hand."""
    index, report = built_index(place)
    sources = list(_sources(place))
    pointer = read_pointer(place.sources.index)
    if as_json:
        built = pointer.built.isoformat() if pointer else ""
        facts = {"version": index.version, "names": index.names, "built": built, "sources": sources}
        print_json(facts | {"lists": report.names, "bad": report.bad})
        return
    print_lines(_lines(sources, report))
    told = f", downloaded lists built {_ago(pointer.built)}" if pointer else ", no downloaded lists (lists update)"
    print_lines([f"{index.names:>10,}  index {index.version}{told}"])


def _sources(place: Place) -> Iterator[dict[str, Any]]:
    pointer = read_pointer(place.sources.index)
    in_force = pointer.sources if pointer else {}
    for source in sources_of(place):
        yield _facts(place, source, in_force)


def _facts(place: Place, source: Source, in_force: dict[str, str]) -> dict[str, Any]:
    held = held_source(place, source)
    meta = Downloads(State(place.state).lists).meta(source)
    refused = meta.refused.reason if meta.refused else ""
    stale = held is not None and datetime.now(UTC) - held.fetched > 2 * source.refresh
    return {
        "source": source.id,
        "role": str(source.role),
        "trust": source.trust,
        "licence": source.licence,
        "home": source.home,
        "required": source.required,
        "names": held.names if held else 0,
        "version": held.version if held else "",
        "fetched": held.fetched.isoformat() if held else "",
        "changed": held.changed.isoformat() if held else "",
        "stale": stale,
        "refused": refused,
        "in_force": held is not None and in_force.get(source.id) == held.version,
    }


def _lines(sources: list[dict[str, Any]], report: Report) -> Iterator[str]:
    for row in sources:
        yield f"{row['names']:>10,}  {row['source']:26} {_state(row):34} {row['licence']}"
    for name, count in sorted(report.names.items()):
        bad = report.bad.get(name, 0)
        yield f"{count:>10,}  {name}" + (f"   {bad} lines could not be read" if bad else "")


def _state(row: dict[str, Any]) -> str:
    if not row["fetched"]:
        return f"not fetched yet{': ' + row['refused'] if row['refused'] else ''}"
    told = f"fetched {_ago(datetime.fromisoformat(row['fetched']))}"
    notes = ["stale" if row["stale"] else "", "refused" if row["refused"] else ""]
    notes.append("" if row["in_force"] else "not built in (lists build)")
    return ", ".join([told, *(note for note in notes if note)])


def _ago(moment: datetime) -> str:
    hours = (datetime.now(UTC) - moment).total_seconds() / 3600
    if hours < 1:
        return "within the hour"
    return f"{hours:.0f} h ago" if hours < 48 else f"{hours / 24:.0f} days ago"
