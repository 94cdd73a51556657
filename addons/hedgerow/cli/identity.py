"""``hedgerow identity``: from a pseudonym to a person, with two keyholders, a reason and an entry in the record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from hedgerow.cli import FOUND
from hedgerow.cli.common import Failure, Place, acting, as_json, placed, print_json, print_lines
from hedgerow.cli.keys import key_option, unlocked
from hedgerow.core.plain import plain
from hedgerow.stores.keyholders import Keyholder, make, write_key
from hedgerow.stores.pseudonyms import Pair
from hedgerow.stores.record import Record
from hedgerow.stores.sealed import SealError, fingerprint, public_text
from hedgerow.stores.sealed_store import Found, find
from hedgerow.stores.spool_reader import read_events
from hedgerow.stores.state import State

_PSEUDONYM = re.compile("[0-9a-f]{16}")
_SHORTEST_REASON = 10


@click.group()
def identity() -> None:
    """Who is behind a pseudonym: two keyholders open it together, and the record keeps that they did."""


@identity.group("key")
def key_group() -> None:
    """Keyholders' keys."""


@key_group.command("make")
@click.argument("name")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The new file; on a stick, not the gateway."
)
def make_key(name: str, out: Path) -> None:
    """Make a key for the person NAME. Its passphrase is asked for twice; nobody can recover it."""
    passphrase: str = click.prompt(
        f"New passphrase for {plain(name, 100)}", hide_input=True, confirmation_prompt=True, err=True
    )
    try:
        holder, content = make(name, passphrase)
    except SealError as error:
        raise Failure(str(error)) from error
    try:
        write_key(out, content)
    except FileExistsError as error:
        raise Failure(f"{out} exists: a key is never overwritten") from error
    click.echo(f"{out} is {plain(name, 100)}'s alone: not on the gateway, and a copy in a safe place.", err=True)
    click.echo("For site.yaml, below privacy: keyholders:", err=True)
    print_lines([f'"{name}": {public_text(holder.public)}'])


@identity.command("open")
@click.argument("code")
@click.option("--reason", required=True, help="Why; it stands in the record. At least ten characters.")
@click.option("--by", default="", help="Who asks for it, when it is neither of the keyholders.")
@key_option
@as_json
@placed
def open_(place: Place, code: str, reason: str, by: str, keys: tuple[Path, ...], as_json: bool) -> None:
    """Say who is behind CODE: a pseudonym of the log or a report, or the code of a page. Exit 1 when nobody can."""
    if len("".join(reason.split())) < _SHORTEST_REASON:
        raise Failure("--reason: say why, so that somebody else understands it later")
    state = State(place.state)
    pseudonym = _pseudonym(state, code)
    record, asked = Record(state.record), {"asked": code, "pseudonym": pseudonym}
    try:
        pair, forged = _opened(record, state, pseudonym, unlocked(keys), acting(by), reason)
    except (Failure, SealError) as error:
        if not isinstance(error, Failure) or error.code == FOUND:
            record.append("identity", acting(by), f"tried to open {pseudonym}: {error}", reason, asked)
        raise Failure(str(error), getattr(error, "code", FOUND)) from error
    facts = {"pseudonym": pseudonym, "person": pair.person, "first": pair.first, "period": pair.period}
    if forged:
        click.echo(f"{forged} lines about {pseudonym} are forged or damaged and were passed over", err=True)
    if as_json:
        print_json({**facts, "forged": forged})
    else:
        print_lines([f"{name:10} {value}" for name, value in facts.items()])


def _opened(
    record: Record, state: State, pseudonym: str, holders: tuple[Keyholder, Keyholder], who: str, reason: str
) -> tuple[Pair, int]:
    """The first true pair, and how many lines were no true one. It is in the record before anybody sees it."""
    lines = list(find(state.sealed, pseudonym))
    if not lines:
        raise SealError(f"nothing is sealed under {pseudonym}: no keyholders then, or it is too long ago")
    pairs = list(_true(lines, holders))
    if not pairs:
        raise SealError(f"{pseudonym}: {_why_not(lines, holders)}")
    names = [f"{holder.name} {fingerprint(holder.public)}" for holder in holders]
    detail = {"pseudonym": pseudonym, "period": pairs[0].period, "keyholders": names}
    together = " and ".join(holder.name for holder in holders)
    record.append("identity", f"{together}, at the keyboard {who}", f"opened {pseudonym}", reason, detail)
    return pairs[0], len(lines) - len(pairs)


def _true(lines: list[Found], holders: tuple[Keyholder, Keyholder]) -> Iterator[Pair]:
    for line in lines:
        try:
            yield line.open(*(holder.private for holder in holders))
        except SealError:
            continue


def _why_not(lines: list[Found], holders: tuple[Keyholder, Keyholder]) -> str:
    try:
        lines[-1].open(*(holder.private for holder in holders))
    except SealError as error:
        return str(error)
    return ""


def _pseudonym(state: State, code: str) -> str:
    """The pseudonym itself, or the only one among the events of a page's code. Raises Failure."""
    wanted = code.strip()
    if _PSEUDONYM.fullmatch(wanted.lower()):
        return wanted.lower()
    found = [
        event for event in read_events(state.events) if event.get("code") == wanted.upper() and event.get("person")
    ]
    persons = {event["person"]: event["time"] for event in found}
    if len(persons) == 1:
        return next(iter(persons))
    if persons:
        told = ", ".join(f"{person} (last {when})" for person, when in persons.items())
        raise Failure(f"{wanted} was shown to {len(persons)} people; open one of them: {told}")
    raise Failure(f"{code!r} is no pseudonym (16 letters and digits), and no event has it as its page's code")
