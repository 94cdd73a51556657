"""``hedgerow identity``: from a pseudonym to a person, with two keyholders, a reason and an entry in the record.

Two ways. On the gateway: ``open CODE --reason ...`` with both keys; whoever is root there could read the keys while
they are open. Better: ``request CODE --reason ... --out FILE`` on the gateway, which needs no key, and ``open FILE`` on
a computer of one of the keyholders. Both leave their entry before anything can be seen.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hedgerow.cli import FOUND
from hedgerow.cli.common import STANDARD, Failure, Place, acting, as_json, placed, print_json, print_lines, writable
from hedgerow.cli.keys import key_option, unlocked
from hedgerow.core.plain import plain
from hedgerow.stores.keyholders import Keyholder, make, write_key
from hedgerow.stores.record import Record
from hedgerow.stores.record_promise import promised
from hedgerow.stores.sealed import SealError, fingerprint, public_text
from hedgerow.stores.sealed_store import Found, Opened, find, opened, request, requested
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
    _written(out, content)
    click.echo(f"{out} is {plain(name, 100)}'s alone: not on the gateway, and a copy in a safe place.", err=True)
    click.echo("For site.yaml, below privacy: keyholders:", err=True)
    print_lines([f'"{name}": {public_text(holder.public)}'])


@identity.command("request")
@click.argument("code")
@click.option("--reason", required=True, help="Why; it stands in the record. At least ten characters.")
@click.option("--by", default="", help="Who asks for it.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    callback=writable,
    help="The new file for the keyholders; -: standard output.",
)
@placed
def request_(place: Place, code: str, reason: str, by: str, out: Path) -> None:
    """Give out what is sealed about CODE, so that two keyholders open it on a computer of their own."""
    state = State(place.state)
    with _asked(state, code, reason, by) as (record, pseudonym):
        lines = _sealed(state, pseudonym)
        what = f"gave out what is sealed about {pseudonym}, to be opened elsewhere"
        with promised(record) as told:
            told.append("identity", acting(by), what, reason, {"asked": code, "pseudonym": pseudonym})
            _written(out, request(lines))
    named = "FILE" if out == STANDARD else plain(str(out))
    click.echo(f"on a keyholder's computer: hedgerow identity open {named} --key ... --key ...", err=True)


@identity.command("open")
@click.argument("code")
@click.option("--reason", default="", help="Why; it stands in the record. At least ten characters; not for a request.")
@click.option("--by", default="", help="Who asks for it, when it is neither of the keyholders.")
@key_option
@as_json
@placed
def open_(place: Place, code: str, reason: str, by: str, keys: tuple[Path, ...], as_json: bool) -> None:
    """Say who is behind CODE. Exit 1 when nobody can.

    CODE is a pseudonym of the log, the code of a page, or the file of a request.
    """
    if Path(code).is_file():
        found = _elsewhere(Path(code), keys)
    else:
        found = _here(State(place.state), code, reason, by, keys)
    _show(found, as_json)


def _elsewhere(path: Path, keys: tuple[Path, ...]) -> Opened:
    """The entry was written when the request was."""
    try:
        return opened(requested(path.read_bytes()), *_privates(unlocked(keys)))
    except SealError as error:
        raise Failure(f"{path}: {error}", FOUND) from error


def _here(state: State, code: str, reason: str, by: str, keys: tuple[Path, ...]) -> Opened:
    with _asked(state, code, reason, by) as (record, pseudonym):
        holders = unlocked(keys)
        found = opened(_sealed(state, pseudonym), *_privates(holders))
        names = [f"{holder.name} {fingerprint(holder.public)}" for holder in holders]
        together = " and ".join(holder.name for holder in holders)
        detail = {"asked": code, "pseudonym": pseudonym, "period": found.pair.period, "opened-by": names}
        record.append("identity", f"{together}, at the keyboard {acting(by)}", f"opened {pseudonym}", reason, detail)
    return found


@contextmanager
def _asked(state: State, code: str, reason: str, by: str) -> Iterator[tuple[Record, str]]:
    """The record and the pseudonym behind ``code``; an attempt that fails is an entry as well. Raises Failure."""
    if len("".join(reason.split())) < _SHORTEST_REASON:
        raise Failure("--reason: say why, so that somebody else understands it later")
    record, pseudonym = Record(state.record), _pseudonym(state, code)
    try:
        yield record, pseudonym
    except (Failure, SealError) as error:
        if not isinstance(error, Failure) or error.code == FOUND:
            asked = {"asked": code, "pseudonym": pseudonym}
            record.append("identity", acting(by), f"tried to open {pseudonym}: {error}", reason, asked)
        raise Failure(str(error), getattr(error, "code", FOUND)) from error


def _sealed(state: State, pseudonym: str) -> list[Found]:
    lines = list(find(state.sealed, pseudonym))
    if not lines:
        raise SealError(f"nothing is sealed under {pseudonym}: no keyholders then, or it is too long ago")
    return lines


def _show(found: Opened, as_json: bool) -> None:
    pair = found.pair
    facts = {"pseudonym": pair.pseudonym, "person": pair.person, "first": pair.first, "period": pair.period}
    if found.untrue:
        click.echo(f"{found.untrue} lines about {pair.pseudonym} are forged or damaged and were passed over", err=True)
    if as_json:
        print_json({**facts, "forged": found.untrue})
    else:
        print_lines([f"{name:10} {value}" for name, value in facts.items()])


def _privates(holders: tuple[Keyholder, Keyholder]) -> tuple[X25519PrivateKey, X25519PrivateKey]:
    return holders[0].private, holders[1].private


def _written(path: Path, content: bytes) -> None:
    if path == STANDARD:
        sys.stdout.buffer.write(content)
        return
    try:
        write_key(path, content)
    except FileExistsError as error:
        raise Failure(f"{path} exists: nothing is ever overwritten") from error


def _pseudonym(state: State, code: str) -> str:
    """The pseudonym itself, or the only one among the events of a page's code. Raises Failure."""
    wanted = code.strip()
    if _PSEUDONYM.fullmatch(wanted.lower()):
        return wanted.lower()
    events = (event for event in read_events(state.events) if event.get("code") == wanted.upper())
    persons = {event["person"]: event["time"] for event in events if event.get("person")}
    if len(persons) == 1:
        return next(iter(persons))
    if persons:
        told = ", ".join(f"{person} (last {when})" for person, when in persons.items())
        raise Failure(f"{wanted} was shown to {len(persons)} people; open one of them: {told}")
    raise Failure(f"{code!r} is no pseudonym (16 letters and digits), and no event has it as its page's code")
