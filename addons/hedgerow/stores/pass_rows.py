"""What a teacher granted, as rows of ``grants.sqlite``: passes, exams and the relaxation, in one table.

Nobody is named: a pass that belongs to one person is found by a keyed hash (HMAC-SHA256, RFC 2104).
"""

from __future__ import annotations

import hmac
import json
import secrets
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from hedgerow.core.model import Exam, Identity, Pass, Relax
from hedgerow.stores.spans import Clocks, Span

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O or U."""

_TABLE = """
create table if not exists granted (
  id text not null primary key, kind text not null, parent text not null,
  band text not null, network text not null, person blob not null,
  host text not null, path text not null, category text not null, sites text not null,
  digests text not null, rules text not null, by text not null, reason text not null,
  wall_start real not null, wall_end real not null, boot_start real not null, boot_end real not null,
  boot text not null
) without rowid
"""


class GrantKind(StrEnum):
    PASS = "pass"
    EXAM = "exam"
    RELAX = "relax"


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom: exactly one of the three, or none of them for everybody (a relaxation)."""

    band: str = ""
    network: str = ""
    person: bytes = b""  # ``hashed``

    def holds_for(self, identity: Identity, person: bytes) -> bool:
        if self.person:
            return hmac.compare_digest(self.person, person)
        return identity.network == self.network if self.network else identity.band == self.band

    def __str__(self) -> str:
        if self.person:
            return "one person"
        return f"network {self.network}" if self.network else f"band {self.band}" if self.band else "everybody"


@dataclass(frozen=True, slots=True)
class Target:
    """What a pass opens: a site with all below it (or a path of it), or a category."""

    host: str = ""
    path: str = ""
    category: str = ""
    digests: frozenset[str] = frozenset()
    rules: tuple[str, ...] = ()  # the lifted rules' names, for people

    def __str__(self) -> str:
        return f"category {self.category}" if self.category else f"{self.host}{self.path}"


@dataclass(frozen=True, slots=True)
class Granted:
    """One row: a pass, an exam or a relaxation, with who granted it and why."""

    id: str
    kind: GrantKind
    scope: Scope
    span: Span
    by: str
    reason: str
    target: Target = Target()
    sites: tuple[tuple[str, str], ...] = ()  # of an exam: (host, path)
    parent: str = ""  # the exam, or the unlock code, this pass came with

    def holds(self, clocks: Clocks) -> bool:
        """True while it is in force. An exam only closes: no wall clock that was set ends it."""
        return clocks.last(self.span) if self.kind is GrantKind.EXAM else clocks.hold(self.span)

    @property
    def as_pass(self) -> Pass:
        target = self.target
        return Pass(self.id, target.digests, self.span.wall_end, target.host, target.path, target.category)

    @property
    def as_exam(self) -> Exam:
        return Exam(self.id, self.sites, self.span.wall_end)

    @property
    def as_relax(self) -> Relax:
        return Relax(self.id, self.span.wall_end, self.by, self.reason)

    def what(self) -> str:
        """In words, for lists and the change record."""
        match self.kind:
            case GrantKind.PASS:
                return f"{self.target} for {self.scope}"
            case GrantKind.EXAM:
                return f"only {', '.join(host + path for host, path in self.sites)} for {self.scope}"
            case GrantKind.RELAX:
                return "names only, for everybody"


def hashed(secret: bytes, *words: str) -> bytes:
    """A keyed hash of what must not stand in the file, 16 bytes."""
    return hmac.digest(secret, "\0".join(words).encode("utf-8", "surrogatepass"), "sha256")[:16]


def new_id(length: int = 6) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def connect(path: Path, timeout: float, tables: str = _TABLE) -> sqlite3.Connection:
    """Opens the file and makes the tables. ``timeout``: seconds to wait for another writer.

    Raises sqlite3.Error, and OSError when the file cannot be made.
    """
    if not path.exists():
        path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=timeout, check_same_thread=False, isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.executescript(tables)
    return connection


def insert(connection: sqlite3.Connection, row: Granted) -> None:
    scope, target, span = row.scope, row.target, row.span
    values: tuple[object, ...] = (
        row.id,
        row.kind,
        row.parent,
        scope.band,
        scope.network,
        scope.person,
        target.host,
        target.path,
    )
    values += (target.category, json.dumps(row.sites), json.dumps(sorted(target.digests)), json.dumps(target.rules))
    values += (row.by, row.reason, span.wall_start, span.wall_end, span.boot_start, span.boot_end, span.boot)
    connection.execute(f"insert into granted values ({','.join('?' * len(values))})", values)


ODD = (ValueError, TypeError, RecursionError)
"""What a row raises that another version, or a hand, wrote: it grants nothing, and takes nothing else away."""


def read(connection: sqlite3.Connection) -> list[Granted]:
    """All rows that can be read, also those that are over. Raises sqlite3.Error."""
    return read_all(connection)[0]


def read_all(connection: sqlite3.Connection) -> tuple[list[Granted], int]:
    """All rows, and how many could not be read. Raises sqlite3.Error."""
    values = connection.execute("select * from granted order by wall_start, id").fetchall()
    rows = [row for row in map(_row_or_none, values) if row is not None]
    return rows, len(values) - len(rows)


def _row_or_none(values: tuple[Any, ...]) -> Granted | None:
    try:
        return _row(values)
    except ODD:
        return None


def _row(values: tuple[Any, ...]) -> Granted:
    ident, kind, parent, band, network, person, host, path, category, sites, digests, rules, by, reason = values[:14]
    target = Target(host, path, category, frozenset(json.loads(digests)), tuple(json.loads(rules)))
    pairs = tuple((str(site), str(below)) for site, below in json.loads(sites))
    if not isinstance(person, bytes):
        raise TypeError("person")
    scope, span = Scope(band, network, person), span_of(values[14:])
    return Granted(ident, GrantKind(kind), scope, span, by, reason, target, pairs, parent)


def span_of(values: tuple[Any, ...]) -> Span:
    """The five columns at the end of a row. Raises ValueError or TypeError (``ODD``)."""
    wall_start, wall_end, boot_start, boot_end, boot = values
    return Span(float(wall_start), float(wall_end), float(boot_start), float(boot_end), str(boot))
