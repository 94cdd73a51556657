"""The policy that is in force on this box, for whoever must go on while the files hold somebody's mistake.

The supervisor keeps it compiled for its workers, in a folder of its own. What lies there is a pickle, and reading one
runs what it says: so only the service's own user reads it, never root one that another user wrote.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import click

from hedgerow.cli.common import Place
from hedgerow.runtime import Files, Snapshot, assemble, read_newest
from hedgerow.stores.control import UNREADABLE
from hedgerow.stores.errors import PolicyError
from hedgerow.stores.state import running_path


def in_force(place: Place) -> Snapshot:
    """The files as they are; while they hold a mistake, what filters meanwhile, and that is told on standard error.

    Raises PolicyError when there is nothing else to judge by.
    """
    try:
        return place.snapshot()
    except PolicyError as error:
        files = _running(place.state)
        if files is None:
            if place.state.exists() and place.state.stat().st_uid != os.geteuid():
                click.echo("(the service's own user could go by the policy in force)", err=True)
            raise
        click.echo(f"the files hold a mistake, so this is judged by the policy in force, {files.version}:", err=True)
        click.echo(f"  {error.mistakes[0]}  (`hedgerow check` names all)", err=True)
        return assemble(files)


def _running(state: Path) -> Files | None:
    """What the supervisor last gave its workers; None when there is none for this user to read."""
    folder = running_path(state, os.geteuid())
    try:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            return None
        return read_newest(folder)
    except UNREADABLE:  # none runs, or it is another version's
        return None
