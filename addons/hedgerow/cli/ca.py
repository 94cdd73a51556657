"""``hedgerow ca``: the public side of the school's CA."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from hedgerow.cli.common import Place, as_json, placed, print_json
from hedgerow.stores.ca import ensure_ca
from hedgerow.stores.state import prepare


@click.command()
@click.option("--pem", is_flag=True, help="Print the certificate that devices must trust.")
@as_json
@placed
def ca(place: Place, pem: bool, as_json: bool) -> None:
    """Say where the CA lies, its fingerprint and when it ends; it is made at the first call."""
    found = ensure_ca(prepare(place.state).ca)
    ends = datetime.fromtimestamp(found.expires, UTC)
    facts = {"certificate": str(found.certificate_file), "sha256": found.fingerprint, "expires": ends.isoformat()}
    if pem:
        click.echo(found.pem.decode(), nl=False)
    elif as_json:
        print_json(facts)
    else:
        click.echo(f"certificate  {found.certificate_file}   (give this file to every device)")
        click.echo(f"SHA-256      {found.fingerprint}")
        click.echo(f"ends         {ends:%Y-%m-%d} ({(ends - datetime.now(UTC)).days} days)")
