"""``hedgerow doctor``: what is usually wrong with a gateway, looked for on this one, each with its cure."""

from __future__ import annotations

from collections import Counter

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import Failure, Place, as_json, placed, print_json, print_lines
from hedgerow.cli.serve import DEFAULT_LISTEN
from hedgerow.doctor.model import SEVERITIES, Finding
from hedgerow.doctor.patient import Patient
from hedgerow.doctor.table import ALL, examine, markdown
from hedgerow.stores.state import State
from hedgerow.supervisor_sockets import ListenError, parse_listen


@click.command()
@click.option(
    "--listen",
    multiple=True,
    default=[DEFAULT_LISTEN],
    show_default=True,
    help="Where it is to listen, while it does not run.",
)  # noqa: E501
@click.option("--table", is_flag=True, help="Print what is looked for, and the cures, as a Markdown table.")
@as_json
@placed
def doctor(place: Place, listen: tuple[str, ...], table: bool, as_json: bool) -> int:
    """Look for what is usually wrong, and say the cure. Exit 1 when something is found. It changes nothing.

    Run it as root, or as the service's user: what others may not see, it cannot either, and says so.
    """
    if table:
        click.echo(markdown())
        return FINE
    try:
        listens = tuple(f"{one.reachable}/{one.mode}" for one in map(parse_listen, listen))
    except ListenError as error:
        raise Failure(str(error)) from error
    order = {name: number for number, name in enumerate(SEVERITIES)}
    patient = Patient(place.sources, State(place.state), listens)
    found = sorted(examine(patient), key=lambda finding: order[finding.severity])
    if as_json:
        print_json({"ok": not found, "checks": len(ALL), "findings": [one.as_dict() for one in found]})
    else:
        print_lines(_words(found))
    return FOUND if found else FINE


def _words(found: list[Finding]) -> list[str]:
    lines = [line for one in found for line in (f"{one.severity:7} {one.id}: {one.finding}", f"        {one.cure}", "")]
    counts = Counter(one.severity for one in found)
    told = ", ".join(f"{counts[name]} {name}" for name in SEVERITIES if counts[name])
    return [*lines, f"{len(ALL)} checks: {told or 'nothing found'}"]
