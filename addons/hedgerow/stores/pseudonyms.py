"""Person to pseudonym: the same within a day or a term, and beyond it nothing that links the two.

Each period has a key of its own in ``state/keys/pseudonyms``; ``tend`` destroys it when the period is over, and from
then on nobody can try all addresses of a network against the log, not even with the whole machine in hand. (During the
period whoever is root can; they could as well listen to the wire.) Where site.yaml names keyholders, each pair is
sealed to them when it is first written (``stores.sealed_store``); else no way leads back.

A pseudonym is also a commitment: 64 bits of SHA-256 over a salt, which is HMAC-SHA256 (RFC 2104) of the person under
the period's key, and the person. Whoever opens one is given the salt and sees that the person is the right one:
sealing another name under it would need a second preimage, also for the machine's administrator.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from hedgerow.stores.state import StateError, key

logger = logging.getLogger(__name__)

_MOST_KEPT = 20_000
_GRACE = timedelta(minutes=2)
"""A request that began before midnight may end after it."""
_NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Pair:
    """What is sealed: ``person`` is who is behind ``pseudonym``, which ``salt`` proves; ``first`` is the minute."""

    pseudonym: str
    period: str
    person: str
    salt: bytes
    first: str

    @property
    def true(self) -> bool:
        """Does the salt lead from this person to this pseudonym?"""
        return hmac.compare_digest(committed(self.salt, self.person), self.pseudonym)


class Sealer(Protocol):
    """Where pairs are kept for the keyholders (``stores.sealed_store``)."""

    def add(self, pair: Pair, holders: Mapping[str, str], lost: Callable[[], None]) -> None:
        """``holders``: name to public key. ``lost`` is called when it could not be kept. Never waits."""

    def close(self) -> None: ...


def committed(salt: bytes, person: str) -> str:
    """16 hexadecimal digits."""
    return hashlib.sha256(salt + person.encode()).hexdigest()[:16]


@dataclass(slots=True)
class _Turn:
    """One day of one rotation: its key, and the pseudonyms given so far."""

    day: int
    zone: tzinfo | None
    rotation: str
    period: str
    secret: bytes
    holders: Mapping[str, str]
    known: dict[str, str] = field(default_factory=dict)

    def forget(self, person: str) -> None:
        """The pair was lost: that person's next event tries again."""
        self.known.pop(person, None)


class Pseudonyms:
    """One process's. ``folder`` is ``State.pseudonyms``; ``of`` is called on one thread, ``forget`` on any.

    Without a sealer nobody can open what it gives.
    """

    def __init__(self, folder: Path, sealer: Sealer | None = None) -> None:
        self._folder, self._sealer = folder, sealer
        self._turn: _Turn | None = None

    def of(self, person: str, now: datetime, rotation: str, holders: Mapping[str, str] = _NOBODY) -> str:
        """16 hexadecimal digits. ``now`` is in the school's zone; ``holders`` are those of site.yaml."""
        turn = self._turn
        if turn is None or turn.day != now.toordinal() or turn.rotation != rotation or turn.holders is not holders:
            turn = self._begin(turn, now, rotation, holders)
        found = turn.known.get(person)
        return found if found is not None else self._first(turn, person, now)

    def forget(self, now: datetime) -> None:
        """Drop the key from memory when its day is over: an idle process must not keep what the disk has lost."""
        turn = self._turn
        if turn is not None and turn.day < (now.astimezone(turn.zone) - _GRACE).toordinal():
            self._turn = None

    def close(self) -> None:
        """Let the sealer write what it has."""
        if self._sealer is not None:
            self._sealer.close()

    def _begin(self, old: _Turn | None, now: datetime, rotation: str, holders: Mapping[str, str]) -> _Turn:
        if old and (old.day, old.rotation) == (now.toordinal(), rotation) and old.holders == holders:
            old.holders = holders  # a reload that changed nothing of this
            return old
        name = period(now, rotation)
        self._turn = turn = _Turn(now.toordinal(), now.tzinfo, rotation, name, self._secret(name), holders)
        return turn

    def _secret(self, name: str) -> bytes:
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            return key(_path(self._folder, name))
        except (OSError, StateError) as error:  # an event must not fail for it: this process's own pseudonyms, then
            logger.error("no key for pseudonyms, this process uses one of its own: %s", error)
            return secrets.token_bytes(32)

    def _first(self, turn: _Turn, person: str, now: datetime) -> str:
        salt = hmac.digest(turn.secret, f"{turn.period}\0{person}".encode(), "sha256")
        pseudonym = committed(salt, person)
        if len(turn.known) >= _MOST_KEPT:
            turn.known.clear()
        turn.known[person] = pseudonym
        if turn.holders and self._sealer is not None:
            pair = Pair(pseudonym, turn.period, person, salt, now.isoformat(timespec="minutes"))
            self._sealer.add(pair, turn.holders, lambda: turn.forget(person))
        return pseudonym


def period(now: datetime, rotation: str) -> str:
    """The day, or the half of the school year (August to January, February to July), a pseudonym holds for."""
    if rotation == "day":
        return now.date().isoformat()
    year = now.year if now.month >= 8 else now.year - 1
    return f"{year}/{'2' if 2 <= now.month <= 7 else '1'}"


def tend(keys: Path, folder: Path, now: datetime, rotation: str) -> tuple[str, ...]:
    """Destroy all keys but that of the period in force, and the one key earlier versions had. Raises OSError.

    Returns the names of the periods that ended. What lies in a backup of ``keys``, or where a disk moved a block to,
    is not reached: ``keys/pseudonyms`` belongs in no backup, and the disk is best encrypted.
    """
    destroy(keys / "pseudonym.key")
    kept = {_path(folder, period(moment, rotation)) for moment in (now, now - _GRACE)}
    over = [path for path in folder.glob("*.key") if path not in kept] if folder.is_dir() else []
    for path in over:
        destroy(path)
    return tuple(sorted(path.stem for path in over))


def destroy(path: Path) -> None:
    """Overwrite a small file and remove it; nothing when it is not there. Raises OSError."""
    try:
        with path.open("r+b", buffering=0) as file:
            file.write(bytes(path.stat().st_size))
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:  # somebody else was quicker
        return


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name.replace('/', '-')}.key"
