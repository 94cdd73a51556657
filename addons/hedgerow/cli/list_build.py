"""``hedgerow lists build``: all lists made into the index that judges."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import Failure, Place, as_json, placed, print_json, print_lines
from hedgerow.cli.list_sources import recording, sources_of, writing
from hedgerow.stores.categories import load_categories
from hedgerow.stores.formats import FormatError
from hedgerow.stores.index_write import Progress, quiet
from hedgerow.stores.list_base import Fetched, build_base
from hedgerow.stores.list_pointer import point_to_none
from hedgerow.stores.lists import AnyIndex, Report, build, open_index
from hedgerow.stores.sources import Downloads, Held, Source
from hedgerow.stores.sources.faults import NotTaken
from hedgerow.stores.sources.here import held_here, kept_here, take_here
from hedgerow.stores.state import State
from hedgerow.stores.yamlnodes import legal

_NICE = 10


@dataclass(frozen=True, slots=True)
class Built:
    """The index now in force, what was read for it, and the sources nothing is held of yet."""

    index: AnyIndex
    own: Report
    downloaded: Report
    missing: tuple[str, ...]
    refused: dict[str, NotTaken]  # of this machine's own, what lies there now is not taken


def build_all(place: Place, progress: Progress = quiet, accept: Collection[str] = ()) -> Built:
    """Build what is downloaded and what is written by hand; only inside ``list_sources.writing``.

    ``accept``: sources of this machine that a person takes although they shrank or grew. Raises PolicyError, OSError;
    then nothing changes.
    """
    sources, downloaded = place.sources, Report()
    table = load_categories(sources.list_file("categories.yaml"))
    wanted = sources_of(place)
    refused: dict[str, NotTaken] = {}
    fetched, failed = held_of(place, [source for source in wanted if not source.path])
    fetched += lying_here(place, wanted, accept, refused, failed)
    if fetched or failed or refused:
        with behind_others():
            build_base(fetched, table.ids, sources.index, downloaded, progress=progress)
    else:
        point_to_none(sources.index)
    downloaded.failed |= failed
    folder = build(sources.list_folders, table.ids, sources.index, own := Report())
    missing = {source.id for source in wanted} - {one.source.id for one in fetched}
    missing -= failed.keys() | refused.keys()
    return Built(open_index(folder), own, downloaded, tuple(sorted(missing)), refused)


@contextmanager
def behind_others() -> Iterator[None]:
    """Pupils go first: three million names keep a core busy for a minute, and the gateway has two.

    As sched(7) has it, whatever wakes up takes the core from SCHED_IDLE at once; niceness alone let a request wait for
    a slice of time. The disk follows the niceness (ioprio_set(2)). Only root can come back; others end soon.
    """
    policy, before = os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(before, _NICE))
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    try:
        yield
    finally:
        with suppress(PermissionError):
            os.sched_setscheduler(0, policy, os.sched_param(0))
            os.setpriority(os.PRIO_PROCESS, 0, before)


def built_index(place: Place) -> tuple[AnyIndex, Report]:
    """The hand-written lists as they are now, above the downloaded ones in force. Raises PolicyError, OSError."""
    sources, report = place.sources, Report()
    table = load_categories(sources.list_file("categories.yaml"))
    return open_index(build(sources.list_folders, table.ids, sources.index, report)), report


def lying_here(
    place: Place,
    sources: Sequence[Source],
    accept: Collection[str],
    refused: dict[str, NotTaken],
    failed: dict[str, str],
) -> list[Fetched]:
    """This machine's own sources as they are now, or as they were where that is refused."""
    downloads, found = Downloads(State(place.state).lists), []
    for source in sources:
        if not source.path:
            continue
        try:
            held: Held | None = take_here(source, place.blocklists, downloads, source.id in accept)
        except NotTaken as error:
            refused[source.id] = error
            held = kept_here(source, downloads)
        except (OSError, FormatError) as error:
            failed[source.id] = str(error)
            continue
        found += [Fetched(source, held)] if held else []
    return found


def held_of(place: Place, sources: Sequence[Source]) -> tuple[list[Fetched], dict[str, str]]:
    """The sources of which something is held, and those whose files cannot be read, with the reason."""
    fetched, failed = [], {}
    for source in sources:
        try:
            held = held_source(place, source)
        except (OSError, FormatError) as error:
            failed[source.id] = str(error)
            continue
        if held is not None:
            fetched.append(Fetched(source, held))
    return fetched, failed


def held_source(place: Place, source: Source) -> Held | None:
    """What was fetched of it, or lies on this machine; None when nothing. Raises OSError, FormatError."""
    if source.path:
        return held_here(source, place.blocklists)
    return Downloads(State(place.state).lists).held(source)


@contextmanager
def bars(as_json: bool) -> Iterator[Progress]:
    """A bar on the terminal for each stage; nothing where nobody watches."""
    if as_json or not sys.stderr.isatty():
        yield quiet
        return
    columns = (TextColumn("{task.description:26}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("lists", total=None)

        def told(what: str, done: int, whole: int) -> None:
            progress.update(task, description=what, completed=done, total=whole)

        yield told


def put_in_force(place: Place, as_json: bool) -> None:
    """After lists were fetched, taken in or taken back: build them, so that the gateway goes by them within seconds.

    Only inside ``list_sources.writing``: the slower of two builds must not put older lists into force.
    """
    with bars(as_json) as progress:
        built = build_all(place, progress)
    if not as_json:
        print_lines(_refused(built))
        print_lines([f"index {built.index.version}: {built.index.names:,} names in force"])


@click.command("build")
@click.option(
    "--accept", multiple=True, metavar="ID", help="Take this machine's own list although it shrank or grew. With --by."
)
@click.option("--by", default="", help="Who says so: your name, for the change record.")
@click.option("--reason", default="", help="Why, for the change record.")
@as_json
@placed
def build_lists(place: Place, accept: tuple[str, ...], by: str, reason: str, as_json: bool) -> int:
    """Build the index from what was fetched and from seed/ and local/. Exit 1 when something of it could not be read.

    Lines that cannot be read are counted and shown by file and line; all others count.
    """
    with writing(place), bars(as_json) as progress:
        if accept:
            _accept(place, accept, by, reason)
        built = build_all(place, progress, accept)
    if as_json:
        print_json(_facts(built))
    else:
        print_lines(_lines(built))
    reports = (built.own, built.downloaded)
    return FOUND if built.refused or any(report.bad or report.failed for report in reports) else FINE


def _accept(place: Place, accept: tuple[str, ...], by: str, reason: str) -> None:
    """Write down who takes these lists. Raises Failure."""
    if not by:
        raise Failure("--accept needs --by NAME: a person answers for it, in the change record")
    here = {source.id for source in sources_of(place) if source.path}
    for name in accept:
        if name not in here:
            raise Failure(legal("source of this machine", name, here))
        with recording(place, by, reason)(f"takes the list {name} in, whatever its size", {"source": name}):
            pass


def _facts(built: Built) -> dict[str, object]:
    reports = (built.own, built.downloaded)
    return {
        "version": built.index.version,
        "names": built.index.names,
        "bad": sum(sum(report.bad.values()) for report in reports),
        "unusable": sum(sum(report.unusable.values()) for report in reports),
        "lists": {name: count for report in reports for name, count in report.names.items()},
        "unmapped": [
            {"source": source, "category": theirs, "names": count}
            for (source, theirs), count in sorted(built.downloaded.unmapped.items())
        ],
        "failed": built.downloaded.failed,
        "missing": built.missing,
        "refused": {source: str(why) for source, why in sorted(built.refused.items())},
    }


def _lines(built: Built) -> Iterator[str]:
    for report in (built.own, built.downloaded):
        for where, message in report.samples:
            yield f"{where}: {message}"
    yield from (f"{one.where}: the correction of {one.name} ended on {one.until}" for one in built.own.ended)
    for (source, theirs), count in sorted(built.downloaded.unmapped.items()):
        yield f"{source}: its category {theirs!r} is mapped to none of ours: {count:,} names are left out"
    for source, why in sorted(built.downloaded.failed.items()):
        yield f"{source}: could not be read, left out: {why}"
    yield from _refused(built)
    facts = _facts(built)
    yield f"{facts['names']:,} names; lines: {facts['bad']:,} could not be read, {facts['unusable']:,} name nothing"
    if built.missing:
        yield f"{len(built.missing)} sources are not fetched yet (hedgerow lists update): {', '.join(built.missing)}"
    yield f"index {built.index.version}"


def _refused(built: Built) -> Iterator[str]:
    for source, why in sorted(built.refused.items()):
        stays = "what was taken before stays" if source in built.downloaded.names else "nothing is held of it yet"
        accept = f"; when it is right: hedgerow lists build --accept {source} --by NAME" if why.by_size else ""
        yield f"{source}: refused: {why}; {stays}{accept}"
