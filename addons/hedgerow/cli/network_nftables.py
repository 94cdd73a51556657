"""``hedgerow network nftables``: the firewall's rules, looked at, compared with those in force, put in force."""

from __future__ import annotations

import json
import pwd
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import IO

import click

from hedgerow.cli import FINE, FOUND
from hedgerow.cli.common import Failure, Place, as_json, placed, print_json, print_lines
from hedgerow.stores.exports.writing import write
from hedgerow.stores.network import kernel
from hedgerow.stores.network.nftables import Box, NoOutside, ruleset
from hedgerow.stores.network.notes import notes
from hedgerow.stores.policy_layers import SCHOOL
from hedgerow.stores.site import Site

type Command = Callable[..., int]
PORT = click.IntRange(1, 65535)


def _port(option: str, default: int, told: str) -> Callable[[Command], Command]:
    return click.option(option, type=PORT, default=default, show_default=True, help=told)


@click.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the rules into this file.")
@click.option("--diff", is_flag=True, help="Say what would change in the rules in force; exit 1 when something would.")
@click.option("--apply", is_flag=True, help="Put the rules in force, all at once; the file before is kept as FILE.old.")
@click.option("--user", default="hedgerow", show_default=True, help="The account the filter runs as.")
@_port("--explicit", 8080, "Port of the filter for devices that are set to a proxy.")
@_port("--transparent", 8081, "Port of its transparent listener.")
@_port("--portal", 80, "Port of the portal without the proxy (hedgerow serve --portal).")
@_port("--metrics", 9160, "Port of the metrics: open to 'metrics-from' of site.yaml and this machine alone.")
@click.option("--also", type=PORT, multiple=True, help="One more port of the filter, closed to the internet as well.")
@as_json
@placed
def nftables(
    place: Place,
    out: Path | None,
    diff: bool,
    apply: bool,
    user: str,
    also: tuple[int, ...],
    as_json: bool,
    **ports: int,
) -> int:
    """Print the firewall's rules, made from site.yaml; or compare them with those in force, or put them in force.

    Without --apply nothing in the kernel changes. --diff and --apply need root.
    """
    site = place.files().site
    text = _rules(site, Box(user if not (diff or apply) else _account(user), also=also, **ports))
    try:
        changes = kernel.difference(text) if diff or apply else []
        if apply:
            kernel.check(text)
            kernel.apply(text)
    except kernel.NftError as error:
        raise Failure(f"nft: {error}; the rules in force are as they were") from error
    if out is not None:
        _keep(out, text, apply)
    _tell(text, changes, notes(site), as_json, (diff, apply, out))
    return FOUND if diff and changes and not apply else FINE


def _rules(site: Site, box: Box) -> str:
    try:
        return ruleset(site, box)
    except NoOutside as error:
        hint = f"; the way to the internet leaves by {found!r} here" if (found := _default_route()) else ""
        raise Failure(
            f"{SCHOOL}site.yaml: 'firewall: {{outside: [INTERFACE]}}' is missing: by which interface this gateway "
            f"reaches the internet{hint}"
        ) from error


def _account(user: str) -> str:
    """nft asks for the account when it loads the rules: better told now. Raises Failure."""
    try:
        pwd.getpwnam(user)
        return user
    except KeyError as error:
        raise Failure(f"--user {user}: no such account on this machine (`id {user}`)") from error


def _default_route() -> str:
    """The interface of this machine's default route, for a hint only; "" when nobody can tell."""
    try:
        told = subprocess.run(["ip", "-j", "route", "show", "default"], capture_output=True, text=True, timeout=5)
        return str(json.loads(told.stdout)[0]["dev"])
    except (OSError, subprocess.SubprocessError, ValueError, LookupError):
        return ""


def _keep(out: Path, text: str, applied: bool) -> None:
    """The file, in place whole; with --apply the one before stays beside it, to go back to."""
    if applied and out.exists() and out.read_text(encoding="utf-8") != text:
        before = out.read_bytes()
        write(out.with_name(f"{out.name}.old"), _filling(before))
    write(out, _filling(text.encode()))


def _filling(content: bytes) -> Callable[[IO[bytes]], int]:
    return lambda file: file.write(content)


def _tell(text: str, changes: list[str], found: list[str], as_json: bool, did: tuple[bool, bool, Path | None]) -> None:
    diff, apply, out = did
    if as_json:
        print_json(
            {"rules": text, "changes": changes, "notes": found, "applied": apply, "out": str(out) if out else None}
        )
        return
    if diff or apply:
        print_lines(changes or ["no difference: the rules of site.yaml are in force"])
    elif out is None:
        click.echo(text, nl=False)
    for note in found:
        click.echo(f"note: {note}", err=True)
    if apply:
        click.echo(f"in force{f', and in {out}' if out else ''}", err=True)
