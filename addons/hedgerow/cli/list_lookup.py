"""``hedgerow lists lookup``: everything the lists say about a name, since when, and what each band makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.asked import Asked, request_of
from hedgerow.cli.common import Failure, Place, as_json, placed, print_json, print_lines
from hedgerow.cli.looked_up import Corrected, corrected, correction_line, correction_row, entry_line, entry_row
from hedgerow.core.model import Entry, How, Identity, Kind, Request
from hedgerow.core.policy import decide
from hedgerow.runtime import Snapshot
from hedgerow.stores.index_told import listed, told


@click.command()
@click.argument("url", metavar="NAME|URL")
@as_json
@placed
def lookup(place: Place, url: str, as_json: bool) -> int:
    """Say what all lists know of a host, a host/path or a URL: category, source, line, since when; what corrections
    say, by whom and why; and what each band does with it now. Exit 1 when it is listed.
    """
    snapshot = place.snapshot()
    request = request_of(Asked(url))
    host = next((name.host for name in request.names if name.host), "")
    if not host:
        raise Failure(
            f"{url!r} is no name and no URL: write such as casino.example, or copy the address from the browser"
        )
    said = told(snapshot.index, host, request.path)
    entries, people = listed(said), tuple(corrected(place, said))
    bands = dict(_bands(snapshot, request))
    if as_json:
        rows = {"entries": [entry_row(e) for e in entries], "corrections": [correction_row(one) for one in people]}
        print_json({"host": host, "path": request.path, **rows, "bands": bands})
    else:
        print_lines(_lines(host, people, entries, bands))
    return FOUND if any(entry.how in (How.LISTED, How.ADDED) for entry in said) else FINE


def _bands(snapshot: Snapshot, request: Request) -> Iterator[tuple[str, dict[str, str]]]:
    now = datetime.now(snapshot.zone)
    for band in snapshot.policy.bands:
        found = decide(request, Identity("", band), snapshot.policy, snapshot.index, now)
        if found.pending:
            page = replace(request, kind=Kind.PAGE)
            found = decide(page, Identity("", band), snapshot.policy, snapshot.index, now)
        yield band, {"action": str(found.action), "rule": found.rule, "where": found.where}


def _lines(
    host: str, people: tuple[Corrected, ...], entries: tuple[Entry, ...], bands: dict[str, dict[str, str]]
) -> Iterator[str]:
    if not entries and not people:
        yield f"{host} stands in no list"
    yield from (correction_line(one, host) for one in people)
    yield from (entry_line(entry, host) for entry in entries)
    yield ""
    for band, found in bands.items():
        yield f"{band:12} {found['action']:8} {found['rule']}   ({found['where']})"
