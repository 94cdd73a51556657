"""``hedgerow reports``: read what children told us, answer, close. Their words are shown by ``show`` alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from hedgerow.cli.common import Failure, Place, acting, as_json, counted, or_standard, placed, print_json, print_lines
from hedgerow.cli.local_time import shown, written, zone_of
from hedgerow.cli.tables import table
from hedgerow.core.plain import plain
from hedgerow.stores.record import Record
from hedgerow.stores.record_promise import promised
from hedgerow.stores.report_model import STORED, Report, ReportError, ReportsUnavailable
from hedgerow.stores.reports import ReportStore
from hedgerow.stores.state import State

_WRITE_DOWN = "Note on paper who read it and when, and have the disk and state/record looked at."
_STATES = ("open", "unread", "closed", "all")
_COLUMNS = (
    "code",
    "kind",
    "at",
    "severity",
    "topic",
    "state",
    "times",
    "assigned",
    "host",
    "band",
    "language",
    "read_at",
    "closed_at",
)

Decorated = Callable[..., Any]


@click.group()
def reports() -> None:
    """What children reported, and alerts on what they typed: read, answer, close.

    A request for help is closed when somebody spoke with the child.
    """


def chosen(function: Decorated) -> Decorated:
    """Which reports."""
    kind = click.option("--kind", type=click.Choice(STORED), help="Only reports of this kind.")
    state = click.option(
        "--only", "wanted", type=click.Choice(_STATES), default="open", show_default=True, help="Only these."
    )
    return kind(state(function))


def signed(function: Decorated) -> Decorated:
    """Who acts, and why. ``who`` and ``reason`` stand in the change record."""
    by = click.option("--by", default="", help="Who does it: your name, beside the account you are logged in by.")
    reason = click.option("--reason", default="", help="Why, for the change record.")
    return by(reason(function))


@reports.command("list")
@chosen
@as_json
@placed
def list_(place: Place, wanted: str, kind: str | None, as_json: bool) -> None:
    """Say which reports wait, requests for help first, the oldest first. Their words are not shown."""
    with _store(place) as store:
        found = store.list(wanted, kind or "")
    if as_json:
        print_json([_facts(report, zone_of(place)) for report in found])
    else:
        print_lines(_line(report, zone_of(place)) for report in found)
        if not found:
            click.echo("no reports to show", err=True)


@reports.command()
@click.argument("code")
@click.option("--by", default="", help="Who reads it: your name, beside the account you are logged in by.")
@as_json
@placed
def show(place: Place, code: str, by: str, as_json: bool) -> None:
    """Read one report with all that was done about it. CODE may be its first letters. It counts as read from now on."""
    with _store(place) as store:
        report = store.show(code, acting(by))
    if report.unrecorded:
        click.echo(f"NOT RECORDED that you read this: {plain(report.unrecorded)}. {_WRITE_DOWN}", err=True)
    if as_json:
        print_json(
            _facts(report, zone_of(place))
            | {
                "text": report.text,
                "unrecorded": report.unrecorded,
                "notes": [asdict(n) for n in report.notes],
                "told": report.told,
            }
        )
    else:
        print_lines(_lines(report, zone_of(place)))


@reports.command()
@click.argument("code")
@click.argument("text")
@signed
@placed
def answer(place: Place, code: str, text: str, by: str, reason: str) -> None:
    """Write TEXT to whoever reported it: they read it by their code. Write nothing in it that only they may know."""
    with _store(place, reason) as store:
        store.answer(code, acting(by), text)
    click.echo("answered; it is read under the code")


@reports.command()
@click.argument("code")
@click.argument("text")
@signed
@placed
def contact(place: Place, code: str, text: str, by: str, reason: str) -> None:
    """Record that somebody spoke with the child: TEXT says who, when, how. No request for help is closed without it."""
    with _store(place, reason) as store:
        store.contact(code, acting(by), text)
    click.echo("recorded")


@reports.command()
@click.argument("code")
@click.option("--contact", default="", help="Who spoke with the child, when: a sentence; help needs it.")
@click.option("--answer", "text", default="", help="A last answer to whoever reported it.")
@signed
@placed
def close(place: Place, code: str, contact: str, text: str, by: str, reason: str) -> None:
    """End a report. It is deleted `keep-days` later."""
    with _store(place, reason) as store:
        store.close(code, acting(by), text, contact)
    click.echo("closed")


@reports.command()
@click.argument("code")
@click.argument("person")
@signed
@placed
def assign(place: Place, code: str, person: str, by: str, reason: str) -> None:
    """Name the PERSON who takes care of it."""
    with _store(place, reason) as store:
        store.assign(code, acting(by), person)
    click.echo(f"assigned to {plain(person, 100)}")


@reports.command()
@chosen
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=or_standard,
    help="A new file (mode 0600); else, or with -, standard output.",
)
@signed
@placed
def export(place: Place, wanted: str, kind: str | None, out: Path | None, by: str, reason: str) -> None:
    """Give the list out as a table for spreadsheets (CSV), without the children's words. The record says who did."""
    with _store(place, reason) as store:
        found = store.list(wanted, kind or "")
    facts = [_facts(report, zone_of(place)) for report in found]
    text = table(_COLUMNS, ([row.get(name) or "" for name in _COLUMNS] for row in facts))
    with promised(Record(State(place.state).record)) as told:
        told.append("report", acting(by), f"exported a list of {counted(len(found), 'report')}", reason)
        if out is not None:
            _write(out, text)
    if out is None:
        click.echo(text, nl=False)
    else:
        click.echo(f"{counted(len(found), 'report')} in {plain(str(out))}")


@contextmanager
def _store(place: Place, reason: str = "") -> Iterator[ReportStore]:
    """The store of this box. What is refused is told in words, and a change that cannot be recorded is not made."""
    state = State(place.state)
    if not state.root.is_dir():
        raise Failure(f"{state.root}: no such folder; --state says where the gateway keeps its own")
    try:
        with promised(Record(state.record)) as told:
            store = ReportStore(state.reports, recorded=lambda who, what: told.append("report", who, what, reason))
            try:
                yield store
            finally:
                store.close_file()
    except (ReportError, ReportsUnavailable) as error:
        raise Failure(str(error)) from error


def _write(path: Path, text: str) -> None:
    try:
        with open(path, "x", opener=_private, newline="", encoding="utf-8-sig") as file:  # the mark tells spreadsheets
            file.write(text)
    except FileExistsError as error:
        raise Failure(f"{path} exists: name a new file") from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _facts(report: Report, zone: ZoneInfo) -> dict[str, Any]:
    """Everything but the words, with the school's clock."""
    context = report.context
    return {
        "code": report.code,
        "kind": report.kind,
        "at": written(report.at, zone),
        "state": str(report.state),
        "times": report.times,
        "assigned": report.assigned,
        "host": context.host,
        "path": context.path,
        "category": context.category,
        "band": context.band,
        "network": context.network,
        "language": context.language,
        "page_code": context.page_code,
        "left-contact": bool(context.contact),
        **_alerted(report),
        "read_at": _moment(report.read_at, zone),
        "closed_at": _moment(report.closed_at, zone),
    }


def _alerted(report: Report) -> dict[str, str]:
    """What an alert has more. Who is behind its pseudonym, `hedgerow identity open` says to two keyholders."""
    alert = report.alerted
    if alert is None:
        return {}
    facts = {"severity": str(alert.severity), "topic": alert.topic, "channel": alert.channel}
    return {**facts, "pseudonym": alert.person}


def _moment(at: float | None, zone: ZoneInfo) -> str | None:
    return None if at is None else written(at, zone)


def _line(report: Report, zone: ZoneInfo) -> str:
    times = f"  {report.times} times" if report.times > 1 else ""
    whose = f"  {report.assigned}" if report.assigned else ""
    alert = report.alerted
    about = f"{alert.severity}: {alert.topic}" if alert else report.context.host or "-"
    what = f"{report.kind:7}  {shown(report.at, zone)}  {report.state:8}  {about}"
    return f"{report.code}  {what}{times}{whose}"


def _lines(report: Report, zone: ZoneInfo) -> Iterator[str]:
    for name, value in _facts(report, zone).items():
        if value and name != "left-contact":
            yield f"{name:10} {value}"
    if report.context.contact:
        yield f"{'find me':10} {report.context.contact}"
    yield ""
    yield from (f"    {line}" for line in (report.text or "(no words)").split("\n"))
    yield ""
    for note in report.notes:
        said = f": {note.text}" if note.text else ""
        yield f"{shown(note.at, zone)}  {note.what} by {note.who}{said}"
    yield from (f"told       {one}" for one in report.told)
