"""``hedgerow pass``: open a site or a category for a lesson, for a band or a network, or by codes for single pupils."""

from __future__ import annotations

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import Place, acting, as_json, counted, placed, print_json, print_lines
from hedgerow.cli.granted_for import asked_for, target_of, wanted
from hedgerow.cli.granting import LONGEST, for_what, for_whom, minutes, opened, show, signed, signed_end, told
from hedgerow.cli.local_time import zone_of
from hedgerow.stores.pass_rows import GrantKind
from hedgerow.stores.unlock_codes import shown


@click.group()
def passes() -> None:
    """Open a site or a category for a lesson. It lifts the rules in the way, and ends by itself."""


globals()["pass"] = passes  # what COMMANDS asks for; as a name in Python the word is taken


@passes.command()
@for_whom
@for_what
@minutes(40)
@signed
@as_json
@placed
def add(
    place: Place,
    band: str,
    network: str,
    site: str,
    category: str,
    minutes: int,
    by: str,
    reason: str,
    as_json: bool,
) -> None:
    """Open --site or --category for everyone of --band or --network. Exit 1 when no pass can open it, and why."""
    what = wanted(site, category)
    asked = asked_for(place, band, network)
    target = target_of(asked, what, minutes)
    with opened(place) as store:
        row = store.add_pass(asked.scope, target, minutes * 60, acting(by), reason)
        facts = told(row, store, zone_of(place))
    if as_json:
        print_json(facts)
    else:
        print_lines(
            [f"{row.id}: {row.what()} is open for {counted(minutes, 'minute')}; lifted: {', '.join(target.rules)}"]
        )


@passes.command()
@for_whom
@for_what
@minutes(40, "How long it stays open for each who types a code.")
@click.option("--valid", type=click.IntRange(1, LONGEST), default=60, show_default=True, help="Minutes to type it in.")
@click.option("--uses", type=click.IntRange(1, 1000), default=1, show_default=True, help="Pupils who may use one code.")
@click.option("--count", type=click.IntRange(1, 100), default=1, show_default=True, help="How many codes.")
@signed
@as_json
@placed
def code(
    place: Place,
    band: str,
    network: str,
    site: str,
    category: str,
    minutes: int,
    valid: int,
    uses: int,
    count: int,
    by: str,
    reason: str,
    as_json: bool,
) -> None:
    """Make codes that pupils of --band or --network type on the page that says no. They are shown here, only now."""
    what = wanted(site, category)
    asked = asked_for(place, band, network)
    target = target_of(asked, what, valid + minutes)
    with opened(place) as store:
        made = [
            store.issue(asked.scope, target, minutes * 60, valid * 60, uses, acting(by), reason) for _ in range(count)
        ]
        facts = [{**told(row, store, zone_of(place)), "code": shown(text)} for text, row in made]
    if as_json:
        print_json(facts)
        return
    print_lines(str(row["code"]) for row in facts)
    whom = f"for {counted(uses, 'pupil')}, to be typed within {counted(valid, 'minute')}"
    say = f"{whom}: {target} for {asked.scope}, {counted(minutes, 'minute')} each"
    click.echo(f"{say}; lifted: {', '.join(target.rules)}", err=True)


@passes.command("list")
@as_json
@placed
def list_(place: Place, as_json: bool) -> None:
    """List the passes in force, and the codes that can still be typed (not the codes themselves)."""
    with opened(place) as store:
        rows = [told(row, store, zone_of(place)) for row in store.held(GrantKind.PASS)]
        rows += [told(row, store, zone_of(place)) for row in store.codes()]
    show(rows, as_json, "no pass is in force")


@passes.command()
@click.argument("ident", metavar="ID")
@signed_end
@placed
def end(place: Place, ident: str, by: str, reason: str) -> int:
    """End a pass, or a code with all it opened, now. Exit 1 when there is none of that ID."""
    ident = ident.upper()
    with opened(place) as store:
        held = any(row.id == ident for row in store.held(GrantKind.PASS))
        done = bool(store.end(ident, acting(by), reason)) if held else store.end_code(ident, acting(by), reason)
    click.echo(f"{ident} is over" if done else f"{ident}: no pass or code of that name is in force", err=not done)
    return FINE if done else FOUND
