"""``hedgerow lists lookup``: everything the lists say about a name, since when, and what each band makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.asked import Asked, request_of
from hedgerow.cli.common import Place, as_json, placed, print_json, print_lines
from hedgerow.core.hosts import parents
from hedgerow.core.model import Entry, Identity, Kind, Request
from hedgerow.core.policy import decide
from hedgerow.runtime import Snapshot
from hedgerow.stores.index_layers import AnyIndex
from hedgerow.stores.index_tags import EVIDENCE, POPULAR


@click.command()
@click.argument("url", metavar="NAME|URL")
@as_json
@placed
def lookup(place: Place, url: str, as_json: bool) -> int:
    """Say what all lists know of a host, a host/path or a URL: category, source, line, since when; and what each band
    does with it now. Exit 1 when it is listed.
    """
    snapshot = place.snapshot()
    request = request_of(Asked(url))
    host = next((name.host for name in request.names if name.host), "") or ""
    index = snapshot.index
    entries = list(_entries(index, host, request.path))
    bands = dict(_bands(snapshot, request))
    if as_json:
        print_json({"host": host, "path": request.path, "entries": [_row(e) for e in entries], "bands": bands})
    else:
        print_lines(_lines(host, entries, bands))
    return FOUND if any(entry.category not in EVIDENCE for entry in entries) else FINE


def _entries(index: AnyIndex, host: str, path: str) -> Iterator[Entry]:
    """Of the name, its listed paths and its parents, the most specific first; also what is not believed."""
    names = [match.name for match in index.match(host, path)]
    for name in dict.fromkeys((*names, *parents(host))):
        yield from index.entries(name)


def _bands(snapshot: Snapshot, request: Request) -> Iterator[tuple[str, dict[str, str]]]:
    now = datetime.now(snapshot.zone)
    for band in snapshot.policy.bands:
        found = decide(request, Identity("", band), snapshot.policy, snapshot.index, now)
        if found.pending:
            page = replace(request, kind=Kind.PAGE)
            found = decide(page, Identity("", band), snapshot.policy, snapshot.index, now)
        yield band, {"action": str(found.action), "rule": found.rule, "where": found.where}


def _row(entry: Entry) -> dict[str, object]:
    return {
        "name": entry.name,
        "category": entry.category,
        "source": entry.source,
        "where": str(entry.where),
        "version": entry.version,
        "since": entry.since.isoformat() if entry.since else "",
        "believed": entry.believed,
        "exact": entry.exact,
    }


def _lines(host: str, entries: list[Entry], bands: dict[str, dict[str, str]]) -> Iterator[str]:
    if not entries:
        yield f"{host} stands in no list"
    for entry in entries:
        yield f"{_what(entry):22} {entry.name:40} since {entry.since}  {entry.where}{_note(entry)}"
    yield ""
    for band, found in bands.items():
        yield f"{band:12} {found['action']:8} {found['rule']}   ({found['where']})"


def _what(entry: Entry) -> str:
    if entry.category == POPULAR:
        return f"popular, rank {entry.where.line:,}"
    return "to be kept open" if entry.category in EVIDENCE else entry.category


def _note(entry: Entry) -> str:
    notes = [
        "" if entry.believed else "said, not believed (blocklists/README.md, Trust)",
        "this very host only" if entry.exact else "",
        f"version {entry.version}" if entry.version else "",
    ]
    told = "; ".join(note for note in notes if note)
    return f"   [{told}]" if told else ""
