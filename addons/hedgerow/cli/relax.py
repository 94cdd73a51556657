"""``hedgerow relax``: for the day it all goes wrong, judge by names only, for a while."""

from __future__ import annotations

import click

from hedgerow.cli import BAD, FINE, FOUND
from hedgerow.cli.common import Failure, Place, acting, as_json, placed
from hedgerow.cli.granting import needed, opened, show, told
from hedgerow.cli.local_time import zone_of
from hedgerow.stores.pass_rows import GrantKind
from hedgerow.stores.passes import PassStore

LONGEST = 4 * 60


@click.command()
@click.option("--minutes", type=click.IntRange(1, LONGEST), help="How long; it ends by itself.")
@click.option("--reason", default="", help="What went wrong, for the change record.")
@click.option("--by", default="", help="Who says so: your name, beside the account you are logged in by.")
@click.option("--end", "ended", is_flag=True, help="End it now.")
@click.option("--status", is_flag=True, help="Say whether it is in force; exit 1 when it is.")
@as_json
@placed
def relax(place: Place, minutes: int | None, reason: str, by: str, ended: bool, status: bool, as_json: bool) -> int:
    """Let pass unread what may pass by its name, for everyone, for --minutes: no words are read.

    For the day lessons stand still because pages do not load. Names are judged as ever: the floor, categories and
    sites hold, and so do exams. A connection to a closed name is opened only to show our page; a device without the
    school's certificate sees its browser's warning there.
    """
    if (minutes is not None) + ended + status != 1:
        raise Failure("name one of --minutes, --end and --status", BAD)
    with opened(place) as store:
        if minutes is not None:
            _begin(store, minutes, by, reason)
        elif ended and not _end(store, by, reason):
            click.echo("nothing was relaxed", err=True)
            return FOUND
        rows = [told(row, store, zone_of(place)) for row in store.held(GrantKind.RELAX)]
    show(rows, as_json, "not relaxed: connections are opened and words are read as the policies say")
    return FOUND if status and rows else FINE


def _begin(store: PassStore, minutes: int, by: str, reason: str) -> None:
    store.relax(minutes * 60, acting(needed("--by", by) if by else ""), needed("--reason", reason))


def _end(store: PassStore, by: str, reason: str) -> bool:
    rows = store.held(GrantKind.RELAX)
    for row in rows:
        store.end(row.id, acting(by), reason)
    return bool(rows)
