"""``hedgerow exam``: for a band or a network, nothing but the sites of an exam, until it ends."""

from __future__ import annotations

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import Place, acting, as_json, counted, placed, print_json, print_lines
from hedgerow.cli.granted_for import asked_for, site_of, site_target
from hedgerow.cli.granting import for_whom, minutes, opened, show, signed, signed_end, told
from hedgerow.cli.local_time import zone_of
from hedgerow.stores.pass_rows import GrantKind


@click.group()
def exam() -> None:
    """Leave only the sites of an exam, for a band or a network. It ends by itself."""


@exam.command()
@for_whom
@click.option("--site", "sites", multiple=True, required=True, help="A site of the exam, with all below it; repeat it.")
@minutes(45)
@signed
@as_json
@placed
def start(
    place: Place,
    band: str,
    network: str,
    sites: tuple[str, ...],
    minutes: int,
    by: str,
    reason: str,
    as_json: bool,
) -> None:
    """Close everything but --site. What the band closes of these is opened as by a pass; exit 1 when it cannot be.

    Helplines stay, and so do the machines' own updates and the known-good hosts of page parts.
    """
    named = [site_of(site) for site in sites]
    asked = asked_for(place, band, network, beside=False)
    targets = [site_target(asked, host, path, minutes) for host, path in named]
    with opened(place) as store:
        lifting = [target for target in targets if target.digests]
        row = store.start_exam(asked.scope, named, minutes * 60, acting(by), reason, lifting)
        facts = {
            **told(row, store, zone_of(place)),
            "lifted": sorted({rule for target in lifting for rule in target.rules}),
        }
    if as_json:
        print_json(facts)
    else:
        print_lines([f"{row.id}: {row.what()}, for {counted(minutes, 'minute')}", *_beside(facts)])


def _beside(facts: dict[str, object]) -> list[str]:
    return (
        [f"lifted for it: {', '.join(map(str, lifted))}"]
        if isinstance(lifted := facts["lifted"], list) and lifted
        else []
    )


@exam.command("list")
@as_json
@placed
def list_(place: Place, as_json: bool) -> None:
    """List the exams in force."""
    with opened(place) as store:
        rows = [told(row, store, zone_of(place)) for row in store.held(GrantKind.EXAM)]
    show(rows, as_json, "no exam is on")


@exam.command()
@click.argument("ident", metavar="ID")
@signed_end
@placed
def end(place: Place, ident: str, by: str, reason: str) -> int:
    """End an exam now, with the passes it came with. Exit 1 when there is none of that ID."""
    ident = ident.upper()
    with opened(place) as store:
        held = any(row.id == ident for row in store.held(GrantKind.EXAM))
        done = held and store.end(ident, acting(by), reason) is not None
    click.echo(f"{ident} is over" if done else f"{ident}: no exam of that name is on", err=not done)
    return FINE if done else FOUND
