"""``hedgerow lists update``: fetch the lists, and say of each what became of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import Failure, Place, as_json, placed, print_json, print_lines
from hedgerow.cli.list_build import put_in_force
from hedgerow.cli.list_sources import chosen, recording, sources_of, way_out, writing
from hedgerow.stores.sources import Downloads, Source
from hedgerow.stores.sources.taking import Outcome, Result, Taker
from hedgerow.stores.sources.update import Told, Updater, Wishes

_ORDER = tuple(Outcome)


@click.command("update")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--force", is_flag=True, help="Fetch everything anew and whole, due or not.")
@click.option("--proxy", default="", help="http://HOST:PORT, or env; default: proxy: parent: of site.yaml.")
@click.option(
    "--ca",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Trust this certificate as well, where the way out is decrypted.",
)
@click.option(
    "--accept", multiple=True, metavar="ID", help="Take this list once although it shrank or grew. With --by."
)
@click.option("--undo", default="", metavar="ID", help="Put the version before in force again. With --by.")
@click.option("--by", default="", help="Who says so: your name, for the change record.")
@click.option("--reason", default="", help="Why, for the change record.")
@as_json
@placed
def update_lists(
    place: Place,
    ids: tuple[str, ...],
    force: bool,
    proxy: str,
    ca: Path | None,
    accept: tuple[str, ...],
    undo: str,
    by: str,
    reason: str,
    as_json: bool,
) -> int:
    """Fetch the lists that are due, or those named. Exit 1 when a required one did not come or was refused."""
    if (accept or undo) and not by:
        raise Failure("--accept and --undo need --by NAME: a person answers for it, in the change record")
    sources = sources_of(place)
    wanted = chosen(sources, (undo,) if undo else (*ids, *accept))
    if undo:
        return _undone(place, wanted[0], by, reason, as_json)
    way, wishes = way_out(place, proxy, ca), Wishes(force, accept, bool(ids or accept))
    with writing(place) as downloads:
        with _bars(wanted, as_json) as told:
            taker = Taker(downloads, recording(place, by, reason))
            results = Updater(taker, way, told=told).run(wanted, wishes)
        if as_json:
            print_json([asdict(result) for result in results])
        else:
            print_lines(result_lines(results, "hedgerow lists update"))
        put_in_force(place, as_json)
    return FOUND if any(result.bad and result.required for result in results) else FINE


def _undone(place: Place, source: Source, by: str, reason: str, as_json: bool) -> int:
    with writing(place) as downloads:
        what = f"took the list {source.id} back: {_before(downloads, source)} is in force again"
        with recording(place, by, reason)(what, {"source": source.id}):
            version = downloads.undo(source)
        if as_json:
            print_json({"source": source.id, "version": version.version, "names": version.names})
        else:
            print_lines([f"{source.id}: {version.version} is in force again, {version.names:,} names"])
        put_in_force(place, as_json)
    return FINE


def _before(downloads: Downloads, source: Source) -> str:
    meta = downloads.meta(source)
    if meta.before is None:
        raise Failure(f"{source.id}: there is no version before the one in force")
    return meta.before.version


@contextmanager
def _bars(sources: Sequence[Source], as_json: bool) -> Iterator[Told]:
    """A bar for each source that is being fetched; nothing where nobody watches."""
    console = Console(stderr=True)
    if as_json or not sys.stderr.isatty():
        yield lambda source, done, whole: None
        return
    columns = (TextColumn("{task.description:26}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def told(source: str, done: int, whole: int | None) -> None:
            if source not in tasks:
                tasks[source] = progress.add_task(source, total=whole)
            task = tasks[source]
            progress.update(task, visible=bool(done), completed=done, total=whole)

        yield told


def result_lines(results: Sequence[Result], command: str) -> Iterator[str]:
    """What changed first, what went wrong last: that is what is still on the screen."""
    for result in sorted(results, key=lambda one: _ORDER.index(one.outcome)):
        if result.outcome is not Outcome.NOT_DUE:
            yield f"{result.outcome:10} {result.source:26} {_what(result, command)}"
    if waiting := sum(result.outcome is Outcome.NOT_DUE for result in results):
        yield f"{waiting} not due yet (--force fetches them all the same)"


def _what(result: Result, command: str) -> str:
    if result.outcome is Outcome.NEW:
        return f"{result.names:,} names" + (f", before {result.before:,}" if result.before else "")
    if not result.bad:
        return f"{result.names:,} names"
    stays = f"what was there stays: {result.names:,} names" if result.version else "nothing is held of it yet"
    accept = f"; when it is right: {command} --accept {result.source} --by NAME" if result.by_size else ""
    return f"{result.reason}; {stays}{accept}{' (required)' if result.required else ''}"
