"""What ``hedgerow pass``, ``exam`` and ``relax`` share: their options, the store, and how a grant is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from hedgerow.cli.asked import Continued
from hedgerow.cli.common import Failure, Place, print_json, print_lines
from hedgerow.cli.local_time import written
from hedgerow.core.model import Grants
from hedgerow.stores.pass_copy import InForce
from hedgerow.stores.passes import Code, Granted, PassStore, open_passes
from hedgerow.stores.state import State, StateError, prepare

LONGEST = 24 * 60
"""Minutes. What shall hold longer is no grant: it is a rule, and belongs into the band."""

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def options(*chosen: Decorator) -> Decorator:
    """Several options as one decorator, in the order they are shown."""

    def all_of(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(chosen):
            function = option(function)
        return function

    return all_of


for_whom = options(
    click.option("--band", default="", help="For everyone of this band."),
    click.option("--network", default="", help="For everyone in this network of site.yaml."),
)
for_what = options(
    click.option("--site", default="", help="This site with all below it: wiki.example, or wiki.example/part."),
    click.option("--category", default="", help="All sites of this category."),
)
LEAST = {"--by": 2, "--reason": 3}
"""Letters and digits that say anything at all."""


def needed(option: str, text: str) -> str:
    """What was said, without blanks round it. Raises Failure when it says nothing: the record shall say who and why."""
    if sum(map(str.isalnum, text)) < LEAST[option]:
        raise Failure(f"{option} {text!r}: {_ASKED[option]}, so that somebody else understands it later")
    return text.strip()


_ASKED = {"--by": "say who grants it", "--reason": "say what for"}


def _said(option: str) -> Callable[[click.Context, click.Parameter, str], str]:
    return lambda _context, _parameter, text: needed(option, text)


signed = options(
    click.option("--by", required=True, callback=_said("--by"), help="Who says so: your name, for the change record."),
    click.option("--reason", required=True, callback=_said("--reason"), help="What for, for the change record."),
)
signed_end = options(
    click.option("--by", default="", help="Who says so: your name, for the change record."),
    click.option("--reason", default="", help="Why, for the change record."),
)


def minutes(default: int, text: str = "How long it holds.") -> Decorator:
    return click.option("--minutes", type=click.IntRange(1, LONGEST), default=default, show_default=True, help=text)


@contextmanager
def opened(place: Place) -> Iterator[PassStore]:
    """The store of this box. Raises StateError or PassError, which say what to do."""
    if not (place.state / "keys").is_dir():
        prepare(place.state)
    store = open_passes(State(place.state))
    try:
        yield store
    finally:
        store.close()


class _AllContinued(Continued, InForce):
    """The grants of this box, of somebody who continued past every warning as well."""


def in_force(place: Place, continued: bool = False) -> Grants | None:
    """The grants of this box, where there are any and this user may read them; else nobody's."""
    state = State(place.state)
    if state.grants.exists():
        try:
            return _AllContinued(state) if continued else InForce(state)
        except (OSError, StateError, sqlite3.Error) as error:
            click.echo(f"passes and exams are not looked at: {error}", err=True)
    return Continued() if continued else None


def told(row: Granted | Code, store: PassStore, zone: ZoneInfo) -> dict[str, object]:
    """A grant, or a code without itself, as facts for ``--json``; its end by the school's clock."""
    facts: dict[str, object] = {"id": row.id}
    if isinstance(row, Code):
        facts |= {"kind": "code", "what": f"{row.target} for {row.scope}", "uses": row.uses, "used": row.used}
    else:
        facts |= {"kind": str(row.kind), "what": row.what(), "with": row.parent}
    facts |= {"until": written(row.span.wall_end, zone, "seconds"), "minutes": round(store.left(row) / 60, 1)}
    return facts | {"rules": list(row.target.rules), "by": row.by, "reason": row.reason}


def show(rows: Sequence[dict[str, object]], as_json: bool, none: str) -> None:
    """A line a row, or JSON."""
    if as_json:
        print_json(rows)
    elif rows:
        print_lines(_line(row) for row in rows)
    else:
        click.echo(none)


def _line(row: dict[str, object]) -> str:
    uses = f", used {row['used']} of {row['uses']}" if "uses" in row else ""
    until = f"{datetime.fromisoformat(str(row['until'])):%Y-%m-%d %H:%M %:z}"
    what = f"{row['id']}  {row['kind']}: {row['what']}{uses}"
    return f"{what}  until {until} ({row['minutes']} minutes)  by {row['by']}: {row['reason']}"
