"""``hedgerow record``: who changed what, when and why; and whether the record is whole."""

from __future__ import annotations

import shutil
import sys
import tarfile
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import STANDARD, Failure, Place, acting, as_json, placed, print_json, print_lines, writable
from hedgerow.cli.keys import key_option, unlocked
from hedgerow.cli.local_time import since as moment_of
from hedgerow.cli.noted import by_hand, by_prometheus
from hedgerow.cli.tables import table
from hedgerow.core.plain import plain
from hedgerow.stores.record import Head, Record
from hedgerow.stores.record_entry import KINDS, Entry
from hedgerow.stores.record_start import opened, starts
from hedgerow.stores.record_verify import Verified, accept, verify
from hedgerow.stores.state import State


@click.group()
def record() -> None:
    """The change record: every change of policy, list, grant, floor and recipient, every look at an identity."""


@record.command("list")
@click.option("--kind", type=click.Choice(KINDS), help="Only changes of this kind.")
@click.option("--since", default="", help="Only from this time on, in UTC: 2026-11-23 or 2026-11-23T10:00.")
@click.option("--last", type=click.IntRange(1), help="Only the last N.")
@as_json
@placed
def list_(place: Place, kind: str | None, since: str, last: int | None, as_json: bool) -> None:
    """Say what changed, one line an entry, oldest first."""
    first = moment_of(since, UTC)
    found = [entry for entry in _entries(place) if (not kind or entry.kind == kind) and entry.time >= first]
    for entry in found[-last:] if last else found:
        if as_json:
            print_json(_row(entry))
        else:
            print_lines([_line(entry)])
    if not found and not as_json:
        click.echo("no entries to show", err=True)


@record.command()
@click.argument("number", type=click.IntRange(1))
@as_json
@placed
def show(place: Place, number: int, as_json: bool) -> None:
    """Show entry NUMBER with all its details: a file's difference, line by line."""
    entry = next((entry for entry in _entries(place) if entry.number == number), None)
    if entry is None:
        raise Failure(f"there is no entry {number}", FOUND)
    if as_json:
        print_json(_row(entry))
    else:
        print_lines(_lines(entry))


@record.command("verify")
@click.option("--folder", type=click.Path(path_type=Path, exists=True, file_okay=False), help="A copy of state/record.")
@click.option("--head", "heads", multiple=True, help="NUMBER:FINGERPRINT as somebody noted it elsewhere.")
@click.option(
    "--prometheus", default="", help="http://HOST:9090 of the Prometheus that scrapes: all heads it has seen."
)
@click.option("--instance", default="", help="Which gateway, where that Prometheus scrapes several.")
@key_option
@as_json
@placed
def verify_(
    place: Place,
    folder: Path | None,
    heads: tuple[str, ...],
    prometheus: str,
    instance: str,
    keys: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Look for entries that were changed, taken out, put in or cut off. Exit 1 when something was found.

    With two keyholders' --key also for entries that were written anew: best on another machine, with a copy (--folder),
    because what is opened here could be read here. With --key, --head or --prometheus an entry that was changed or
    written anew is found also where somebody accepted it; who did stands beside it.
    """
    record = Record(folder) if folder else Record(State(place.state).record)
    known = opened(record, *(holder.private for holder in unlocked(keys))) if keys else starts(record)
    noted = {**(by_prometheus(prometheus, instance) if prometheus else {}), **dict(map(by_hand, heads))}
    found = verify(record, known, noted, strict=bool(keys or noted))
    if as_json:
        names = ("line", "message", "note", "accepted")
        faults = [{name: getattr(fault, name) for name in names} for fault in found.faults]
        print_json({**_result(found), "faults": faults})
    else:
        told = (f"{'note' if fault.note else 'FOUND'}: {fault.told}" for fault in found.faults)
        print_lines([*told, _summary(found)])
    return FINE if found.whole else FOUND


@record.command("accept")
@click.option("--reason", required=True, help="Why it is so: a backup was put back, a disk was full.")
@click.option("--by", default="", help="Who says so.")
@placed
def accept_(place: Place, reason: str, by: str) -> None:
    """Write down that what `verify` finds is known, and why: it is a note from then on. Nothing is taken out.

    An entry that was changed or written anew stays found when `verify` has a --key, --head or --prometheus.
    """
    found = accept(Record(State(place.state).record), acting(by), reason)
    if not found:
        raise Failure("the record is whole: there is nothing to accept", FOUND)
    print_lines(f"known from now on: {fault}" for fault in found)


@record.command()
@click.option("--csv", "as_csv", is_flag=True, help="A table for a spreadsheet on standard output.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    callback=writable,
    help="A new folder for a copy that can be verified elsewhere; -: the same as a tar archive on standard output.",
)
@placed
def export(place: Place, as_csv: bool, out: Path | None) -> None:
    """Give the record out: as JSON lines, as a table (--csv), or as a copy with all that verifying needs (--out)."""
    if out == STANDARD:
        _archived(State(place.state).record)
    elif out is not None:
        _copied(State(place.state).record, out)
        click.echo(f"copied; elsewhere: hedgerow record verify --folder {plain(str(out))}")
    elif as_csv:
        click.echo(_table(_entries(place)), nl=False)
    else:
        for entry in _entries(place):
            print_json(_row(entry))


def _entries(place: Place) -> Iterator[Entry]:
    return Record(State(place.state).record).entries()


def _row(entry: Entry) -> dict[str, Any]:
    names = ("number", "time", "kind", "who", "what", "why")
    return {**{name: getattr(entry, name) for name in names}, "detail": dict(entry.detail)}


def _line(entry: Entry) -> str:
    why = f"  ({entry.why})" if entry.why else ""
    return f"{entry.number:5}  {entry.time[:19]}Z  {entry.kind:9}  {entry.who}: {entry.what}{why}"


def _lines(entry: Entry) -> Iterator[str]:
    yield _line(entry)
    for name, value in sorted(entry.detail.items(), key=lambda item: "\n" in str(item[1])):
        lines = str(value).split("\n")
        yield f"  {name}: {lines[0]}"
        yield from (f"    {line}" for line in lines[1:])


def _result(found: Verified) -> dict[str, object]:
    head = Head(hash=found.last)
    return {"whole": found.whole, "entries": found.entries, "by_key": found.by_key, "fingerprint": head.fingerprint}


def _summary(found: Verified) -> str:
    head = f"head {found.entries}:{Head(hash=found.last).fingerprint}"
    checked = f"{found.by_key} checked by key" if found.by_key else "none checked by key (--key)"
    return f"{'whole' if found.whole else 'NOT WHOLE'}: {found.entries} entries, {checked}; {head}"


def _copied(folder: Path, out: Path) -> None:
    out.mkdir(mode=0o700, parents=True)
    for path in sorted(folder.glob("[!.]*")):
        shutil.copyfile(path, out / path.name)


def _archived(folder: Path) -> None:
    """The same copy in one folder of an archive, nobody's in particular: whoever unpacks it owns it."""
    with tarfile.open(fileobj=sys.stdout.buffer, mode="w|", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(folder.glob("[!.]*")):
            archive.add(path, f"hedgerow-record/{path.name}", filter=_nobodys)


def _nobodys(file: tarfile.TarInfo) -> tarfile.TarInfo:
    file.uid = file.gid = 0
    file.uname = file.gname = ""
    return file


def _table(entries: Iterator[Entry]) -> str:
    rows = ((entry.number, entry.time, entry.kind, entry.who, entry.what, entry.why) for entry in entries)
    return table(("number", "time", "kind", "who", "what", "why"), rows)
