"""``hedgerow network``: the firewall and the name server around the filter, made from site.yaml."""

from __future__ import annotations

import click

from hedgerow.cli.network_nftables import nftables
from hedgerow.cli.network_unbound import unbound


@click.group()
def network() -> None:
    """Make the gateway's firewall (nftables) and name server (Unbound) from site.yaml."""


for command in (nftables, unbound):
    network.add_command(command)
