"""``hedgerow import``: another filter's lists, groups, exceptions and times as a school's own policies and lists."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import Decorated, Failure, Place, as_json, home, placed, print_json, print_lines
from hedgerow.runtime import Sources, compile_files
from hedgerow.stores.categories import load_categories
from hedgerow.stores.errors import PolicyError
from hedgerow.stores.importing import e2guardian as e2
from hedgerow.stores.importing import squidguard as squid
from hedgerow.stores.importing.faults import ImportFault
from hedgerow.stores.importing.folder import put, refuse_edited
from hedgerow.stores.importing.importer import Wishes, check_wishes, imported, shipped_world
from hedgerow.stores.importing.model import Installation
from hedgerow.stores.importing.report import Report
from hedgerow.stores.importing.told import commands, told
from hedgerow.stores.importing.written import Written
from hedgerow.stores.lint import lint
from hedgerow.stores.lists import open_index
from hedgerow.stores.policies import load_policy

_SHOWN = 20  # mistakes on the screen; the report has all
_PATH = click.Path(path_type=Path)


@click.group("import")
def import_() -> None:
    """Bring another filter's configuration along; nothing is put in force (deploy/MIGRATION.md)."""


globals()["import"] = import_  # what COMMANDS asks for; as a name in Python the word is taken


def wished(function: Decorated) -> Decorated:
    """The options of both commands; the command gets ``wishes`` and ``out``."""

    def wrapped(bands: tuple[str, ...], categories: tuple[str, ...], floor: tuple[str, ...], **options: Any) -> Any:
        return function(wishes=Wishes(_pairs(bands, "--band"), _pairs(categories, "--category"), floor), **options)

    wrapped.__doc__, wrapped.__name__ = function.__doc__, function.__name__
    wrapped.__dict__.update(function.__dict__)
    for option in (
        click.option("--floor", multiple=True, help="A category that no band may open again. Repeatable."),
        click.option("--category", "categories", multiple=True, metavar="LIST=CATEGORY",
                     help="Which category of ours a list is. Repeatable, or with commas."),
        click.option("--band", "bands", multiple=True, metavar="GROUP=BAND",
                     help="Which band a group becomes, or 'none'. Repeatable, or with commas."),
        click.option("--out", type=_PATH, default=Path("hedgerow-import"), show_default=True,
                     help="The folder that is made."),
    ):  # fmt: skip
        wrapped = option(wrapped)
    return wrapped


def _pairs(given: Iterable[str], option: str) -> dict[str, str]:
    found = {}
    for pair in (pair for one in given for pair in one.split(",") if pair):
        name, equals, value = pair.rpartition("=")
        if not equals or not name or not value:
            raise Failure(f"{option} {pair}: NAME=VALUE expected")
        found[name] = value
    return found


@import_.command()
@click.argument("folder", type=_PATH)
@wished
@as_json
@placed
def e2guardian(place: Place, folder: Path, out: Path, wishes: Wishes, as_json: bool) -> int:
    """Import the e2guardian (or DansGuardian) folder FOLDER, such as /etc/e2guardian. Exit 1: look at the report."""

    def read(report: Report, known: frozenset[str]) -> Installation:
        return e2.read(folder, report, wishes.categories, known)

    return _run(place, Report("e2guardian"), read, out, wishes, as_json)


@import_.command()
@click.argument("path", type=_PATH)
@click.option("--dbhome", type=_PATH, help="Where the lists are, when they lie outside the configuration's folder.")
@wished
@as_json
@placed
def squidguard(place: Place, path: Path, dbhome: Path | None, out: Path, wishes: Wishes, as_json: bool) -> int:
    """Import squidGuard.conf, its folder, or a folder of lists such as UT1's. Exit 1: look at the report."""

    def read(report: Report, known: frozenset[str]) -> Installation:
        return squid.read(path, report, wishes.categories, known, dbhome)

    return _run(place, Report("squidguard"), read, out, wishes, as_json)


def _run(
    place: Place,
    report: Report,
    read: Callable[[Report, frozenset[str]], Installation],
    out: Path,
    wishes: Wishes,
    as_json: bool,
) -> int:
    shipped = home()
    own = place.blocklists / "categories.yaml"
    categories = load_categories(own if own.exists() else shipped / "blocklists" / "categories.yaml")
    known = frozenset(categories)
    loaded = load_policy(shipped / "policies", shipped / "no school", known)
    try:
        refuse_edited(out)
        check_wishes(wishes, known)
        world = shipped_world(loaded, known, shipped / "blocklists" / "seed")
        written = imported(read(report, known), wishes, world, report)
        mistakes = _put_and_check(written, report, out)
    except ImportFault as error:
        raise Failure(f"hedgerow: {error}") from error
    _print(report, out, mistakes, as_json)
    return FOUND if mistakes or report.refused or report.unreadable else FINE


def _put_and_check(written: Written, report: Report, out: Path) -> list[str]:
    """The folder, with the report in it; what ``hedgerow check`` says about it stands in the report."""
    files = {name: str(text) for name, text in written.files.items()}
    facts = json.dumps({**report.facts(), "out": str(out)}, ensure_ascii=False, indent=1) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "trial"
        put(trial, files)
        mistakes = _mistakes(trial, Path(folder) / "index")
    put(out, {**files, "report.json": facts, "REPORT.md": told(report, out, mistakes)})
    return mistakes


def _mistakes(folder: Path, index: Path) -> list[str]:
    """What the filter itself says about the files, read as a school's own."""
    shipped = home()
    sources = Sources(
        shipped / "policies", folder / "policies" / "local", folder / "blocklists", shipped / "blocklists", index
    )
    try:
        files = compile_files(sources)
    except PolicyError as error:
        return [str(mistake) for mistake in error.mistakes]
    now = datetime.now(ZoneInfo(files.policy.calendar.timezone))
    findings = lint(files.loaded, now, open_index(files.index))
    return [str(finding) for finding in findings if finding.refused]


def _print(report: Report, out: Path, mistakes: list[str], as_json: bool) -> None:
    if as_json:
        print_json({**report.facts(), "out": str(out), "mistakes": mistakes})
        return
    counts = ", ".join(f"{count} {what}" for what, count in report.counts().items())
    lines = [f"{name} -> {what}" for name, what in report.groups.items()]
    lines += [f"lines: {counts}", f"the whole report: {out}/REPORT.md"]
    lines += [f"refused: {report.refused}"] if report.refused else []
    lines += ["hedgerow check does not take it yet:", *mistakes[:_SHOWN]] if mistakes else []
    check, compare, _, force = commands(out)
    print_lines([*lines, "nothing is in force; look at it, then:", f"  {check}", f"  {compare}", f"  {force}"])
