"""``hedgerow selftest``: the canaries of the running gateway, asked once, now."""

from __future__ import annotations

import os

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import Failure, Place, as_json, placed, print_json, print_lines
from hedgerow.selftest.house import NotRunning, open_house
from hedgerow.selftest.model import Run, counted, unasked
from hedgerow.selftest.run import run
from hedgerow.stores.state import State, running_path


@click.command()
@click.option("--reach", is_flag=True, help="Also ask the helplines' own sites, on the internet.")
@as_json
@placed
def selftest(place: Place, reach: bool, as_json: bool) -> int:
    """Ask the running gateway as a pupil of each band would, and compare it with what the policy says.

    The gateway does the same every five minutes. Nothing of it is counted or logged as a pupil's. Exit 1: something was
    answered otherwise.
    """
    found = asked(place, reach)
    if as_json:
        print_json(found.as_dict())
    else:
        print_lines(_words(found))
    return FOUND if found.failed else FINE


def asked(place: Place, reach: bool) -> Run:
    """One run; another when the policy changed under it. Raises Failure when there is nothing to ask."""
    state = State(place.state)
    folder = running_path(place.state, os.geteuid())
    try:
        house = open_house(state, folder)
        found = run(house, reach)
        again = open_house(state, folder) if found.failed else house
        return found if again.snapshot.version == house.snapshot.version else run(again, reach)
    except NotRunning as error:
        raise Failure(_whose(place, str(error))) from error


def _whose(place: Place, text: str) -> str:
    if place.state.exists() and (owner := place.state.stat().st_uid) != os.geteuid():
        return f"the gateway is user {owner}'s: run this as that user (sudo -u '#{owner}' hedgerow selftest ...)"
    return text


def _words(found: Run) -> list[str]:
    lines = [f"{one.check} {one.band}: {one.what}: {one.told}".replace("  ", " ") for one in found.failed]
    lines += [f"{check:18} {passed} of {number}" for check, (passed, number) in counted(found.canaries).items()]
    lines += [f"{check:18} {number} not asked: it passes unopened" for check, number in unasked(found.canaries).items()]
    return [*lines, f"policy {found.policy}, {found.seconds:.1f} s"]
