"""``hedgerow lists``: fetch the lists, build them, look a name up in them, say what is in force and how good it is."""

from __future__ import annotations

import click

from hedgerow.cli.known_good import known_good_list
from hedgerow.cli.list_build import build_lists
from hedgerow.cli.list_bundle import bundle_lists, unbundle_lists
from hedgerow.cli.list_diff import diff
from hedgerow.cli.list_export import list_export
from hedgerow.cli.list_lookup import lookup
from hedgerow.cli.list_quality import quality
from hedgerow.cli.list_status import status
from hedgerow.cli.list_update import update_lists
from hedgerow.cli.member import member


@click.group()
def lists() -> None:
    """What sites are: downloaded lists, and the files under blocklists/, made into the index that judges."""


for command in (
    build_lists,
    bundle_lists,
    diff,
    list_export,
    known_good_list,
    lookup,
    member,
    quality,
    status,
    unbundle_lists,
    update_lists,
):
    lists.add_command(command)
