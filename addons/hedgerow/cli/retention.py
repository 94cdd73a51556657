"""``hedgerow retention``: delete what must not be kept any longer, also while no gateway runs (a summer, a repair).

The running gateway does the same by itself, each minute. Both may do it at once: what the other one deleted is gone.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from hedgerow.cli.common import Failure, Place, as_json, counted, placed, print_json
from hedgerow.stores import sealed_store, spool_reader
from hedgerow.stores.pseudonyms import tend
from hedgerow.stores.report_model import ReportsUnavailable
from hedgerow.stores.reports import ReportStore
from hedgerow.stores.site import Site
from hedgerow.stores.state import State, prepare


@dataclass(frozen=True, slots=True)
class Gone:
    """How much was deleted. ``unread`` are events nobody had read."""

    keep_days: int
    segments: int
    unread: int
    sealed: int
    pseudonym_keys: int
    reports: int


@click.command()
@as_json
@placed
def retention(place: Place, as_json: bool) -> None:
    """Delete what is older than `privacy: keep-days`: log, sealed names, reports; and keys whose time is over."""
    site = place.files().site  # a mistake in some file ends it here: a typing error must not shorten what is kept
    gone = delete(prepare(place.state), site)
    if as_json:
        print_json(asdict(gone))
    else:
        click.echo(
            f"kept for {counted(gone.keep_days, 'day')}; deleted: {counted(gone.segments, 'piece')} of the log "
            f"({counted(gone.unread, 'entry', 'entries')} unread), {counted(gone.sealed, 'sealed file')}, "
            f"{counted(gone.pseudonym_keys, 'key')}, {counted(gone.reports, 'report')}"
        )


def delete(state: State, site: Site) -> Gone:
    """Everything of ``state`` that is too old by the words of ``site``. Raises OSError; then it goes on next time."""
    days, now = site.privacy.keep_days, time.time()
    log = spool_reader.expire(state.events, days, now)
    sealed = sealed_store.expire(state.sealed, days, now)
    keys = tend(state.keys, state.pseudonyms, datetime.now(ZoneInfo(site.timezone)), site.privacy.pseudonyms)
    reports = _reports(state, days)
    if log.fault:
        raise log.fault
    return Gone(days, log.segments, log.unread, sealed, len(keys), reports)


def _reports(state: State, days: int) -> int:
    if not state.reports.exists():
        return 0
    store = ReportStore(state.reports)
    try:
        return store.expire(days)
    except ReportsUnavailable as error:
        raise Failure(f"{state.reports}: {error}") from error
    finally:
        store.close_file()
