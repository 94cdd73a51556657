"""Keyholders' keys on the command line: files that two people bring, each opened by its owner's passphrase."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from hedgerow.cli import FOUND
from hedgerow.cli.common import Failure
from hedgerow.core.plain import plain
from hedgerow.stores.keyholders import Keyholder, name_in, two, unlock
from hedgerow.stores.sealed import SealError

key_option = click.option(
    "--key",
    "keys",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A keyholder's key file; two of them. Each passphrase is asked for.",
)


def unlocked(paths: Sequence[Path]) -> tuple[Keyholder, Keyholder]:
    """The keys of two people. Raises Failure: another number, no key file, one person twice, a wrong passphrase."""
    if len(paths) != 2:
        raise Failure(f"two keyholders are needed: give --key twice, not {len(paths)} times")
    try:
        return two([_unlocked(path) for path in paths])
    except SealError as error:
        raise Failure(str(error), FOUND) from error


def _unlocked(path: Path) -> Keyholder:
    content = path.read_bytes()
    try:
        name = name_in(content)
    except SealError as error:
        raise SealError(f"{path}: {error}") from error
    passphrase: str = click.prompt(f"Passphrase of {plain(name, 100)}", hide_input=True, err=True)
    return unlock(content, passphrase)
