"""``hedgerow events``: the decision log, oldest first."""

from __future__ import annotations

import click

from hedgerow.cli.common import Place, as_json, placed, print_json, print_lines
from hedgerow.cli.local_time import since as moment_of
from hedgerow.cli.local_time import zone_of
from hedgerow.stores.spool_reader import Reading, load_marks, save_marks

_COLUMNS = ("time", "action", "band", "rule", "host", "code", "person")


@click.command()
@click.option("--new", is_flag=True, help="Only what was not read by an earlier --new; remember how far.")
@click.option("--action", help="Only this action: block, warn, help, limit, monitor or allow.")
@click.option("--band", help="Only this band.")
@click.option("--since", default="", help="Only from this time on: 2026-11-23 or 2026-11-23T10:00.")
@as_json
@placed
def events(place: Place, new: bool, action: str | None, band: str | None, since: str, as_json: bool) -> None:
    """Read the decision log: what was decided, by which rule, for which pseudonym. Torn lines are counted."""
    root = place.state / "events"
    first = moment_of(since, zone_of(place))
    reading = Reading(root, load_marks(root) if new else {})
    shown = 0
    for event in reading.events():
        if (action and event.get("action") != action) or (band and event.get("band") != band):
            continue
        if event.get("time", "") < first:
            continue
        shown += 1
        _print(event, as_json)
    if not shown and not as_json:
        click.echo("no events to show", err=True)
    if new:
        save_marks(root, reading.positions)
    if reading.torn:
        click.echo(f"{reading.torn} torn lines were skipped", err=True)


def _print(event: dict[str, str], as_json: bool) -> None:
    if as_json:
        print_json(event)
    else:
        print_lines(["  ".join(str(event.get(name, "-")) for name in _COLUMNS)])
