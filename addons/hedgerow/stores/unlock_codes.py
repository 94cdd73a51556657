"""Unlock codes: eight characters a teacher gives out, typed on the page that says no; each opens what a pass would.

**What guessing is worth.** A code is 8 characters of Crockford's base 32: 40 bits, from ``secrets``. At most
``MOST_LIVE`` (250) codes are live at once, and in any hour at most ``WRONG_IN_ALL`` (4000) wrong guesses are looked
at in the whole school, whoever sends them from wherever: the chance that one of them hits is at most

    250 x 4000 / 2^40 = 1,000,000 / 1,099,511,627,776 = 2^-20.07 an hour

10,000 guesses spread over 50 clients come to no more than 50 x ``WRONG_BY_PERSON`` (10) = 500 that are looked at:
250 x 500 / 2^40 = 2^-23.07. ``WRONG_BY_ADDRESS`` (120; of IPv6 the /64, RFC 6177, as one device has as many addresses
as it likes) keeps one device with many names from using up the whole school's 4000. What is refused as too-many is not
looked at, and does not count: who waits an hour is heard again. The window slides, and the boot clock measures it.

Only a keyed hash of a code is stored (HMAC-SHA256, RFC 2104): whoever reads the file learns no code.
"""

from __future__ import annotations

import ipaddress
import json
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hedgerow.stores.pass_rows import ALPHABET, ODD, Scope, Target, span_of
from hedgerow.stores.spans import Clocks, Span

LENGTH = 8
MOST_LIVE = 250
WRONG_BY_PERSON, WRONG_BY_ADDRESS, WRONG_IN_ALL = 10, 120, 4000
WINDOW_SECONDS = 3600.0

TABLES = """
create table if not exists codes (
  key blob not null primary key, id text not null, band text not null, network text not null,
  host text not null, path text not null, category text not null, digests text not null, rules text not null,
  seconds real not null, uses integer not null, used integer not null, by text not null, reason text not null,
  wall_start real not null, wall_end real not null, boot_start real not null, boot_end real not null,
  boot text not null
) without rowid;
create table if not exists code_uses (
  code text not null, person blob not null, pass text not null, until real not null, primary key (code, person)
) without rowid;
create table if not exists wrong_guesses (
  wall_start real not null, wall_end real not null, boot_start real not null, boot_end real not null,
  boot text not null, person blob not null, address blob not null
);
create index if not exists wrong_by_person on wrong_guesses (person);
create index if not exists wrong_by_address on wrong_guesses (address);
create table if not exists tally (name text not null primary key, value integer not null) without rowid;
"""


class Refused(StrEnum):
    """Why a code opens nothing. Each has its sentence on the page."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED_UP = "used-up"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A code that opened something. ``here``: the page it was typed on is among what it opens."""

    id: str  # of the pass
    until: float  # Unix seconds
    host: str = ""
    path: str = ""
    category: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A live code, without the code itself. ``seconds``: how long what it opens stays open for each who types it."""

    id: str
    scope: Scope
    target: Target
    span: Span
    seconds: float
    uses: int
    used: int
    by: str
    reason: str


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """As a teacher writes it on the board: ``K7Q2-M4XR``."""
    return f"{code[:4]}-{code[4:]}"


def plain(typed: str) -> str:
    """What was meant: no case, blanks or hyphens; I and L are 1, O is 0 (Crockford). "" when it can be no code."""
    text = "".join(c for c in typed[:64].upper() if c not in " -‐‑–\u00a0").translate(_ALIKE)
    return text if len(text) == LENGTH and all(c in ALPHABET for c in text) else ""


_ALIKE = str.maketrans("ILO", "110")


def line_of(address: str) -> str:
    """The address that guesses are counted for: of IPv6 the /64."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)


def locked(connection: sqlite3.Connection, clocks: Clocks, person: bytes, address: bytes) -> str:
    """What is used up when this guess is one too many: "person", "address" or "all"; else "". Raises sqlite3.Error."""
    limits = (
        ("person", WRONG_BY_PERSON, "and person = ?", (person,)),
        ("address", WRONG_BY_ADDRESS, "and address = ?", (address,)),
        ("all", WRONG_IN_ALL, "", ()),
    )
    recent, moment = _recent(clocks)
    for name, most, narrowed, facts in limits:
        question = f"select count(*) from wrong_guesses where {recent} {narrowed}"
        if connection.execute(question, (*moment, *facts)).fetchone()[0] >= most:
            return name
    return ""


def wrong(connection: sqlite3.Connection, clocks: Clocks, person: bytes, address: bytes) -> None:
    """Count a wrong guess, and forget those that are an hour old. Raises sqlite3.Error."""
    span = clocks.span(WINDOW_SECONDS)
    recent, moment = _recent(clocks)
    connection.execute(f"delete from wrong_guesses where not {recent}", moment)
    facts = (span.wall_start, span.wall_end, span.boot_start, span.boot_end, span.boot, person, address)
    connection.execute("insert into wrong_guesses values (?,?,?,?,?,?,?)", facts)


def _recent(clocks: Clocks) -> tuple[str, tuple[object, ...]]:
    """A guess counts until its hour is over by the boot clock; one from before a restart, by the wall clock.

    A wall clock that was set back makes those of an earlier boot count longer, never shorter.
    """
    clause = "((boot = ? and boot_end > ?) or (boot <> ? and wall_end > ?))"
    return clause, (clocks.boot, clocks.up(), clocks.boot, clocks.wall())


def add_up(connection: sqlite3.Connection, name: str, count: int = 1) -> None:
    """Counters that outlive the portal; the supervisor shows them to Prometheus."""
    connection.execute(
        "insert into tally values (?, ?) on conflict (name) do update set value = value + excluded.value", (name, count)
    )


def insert_code(connection: sqlite3.Connection, key: bytes, row: Code) -> None:
    """``key`` is the code's keyed hash. Raises sqlite3.Error."""
    target, span = row.target, row.span
    values: tuple[object, ...] = (key, row.id, row.scope.band, row.scope.network, target.host, target.path)
    values += (target.category, json.dumps(sorted(target.digests)), json.dumps(target.rules), row.seconds, row.uses)
    values += (row.used, row.by, row.reason)
    values += (span.wall_start, span.wall_end, span.boot_start, span.boot_end, span.boot)
    connection.execute(f"insert into codes values ({','.join('?' * len(values))})", values)


def code_of(values: tuple[Any, ...]) -> Code:
    """A row of ``codes``. Raises one of ``ODD``."""
    _, ident, band, network, host, path, category, digests, rules, seconds, uses, used, by, reason = values[:14]
    target = Target(host, path, category, frozenset(json.loads(digests)), tuple(json.loads(rules)))
    scope, span = Scope(band, network), span_of(values[14:])
    return Code(ident, scope, target, span, float(seconds), int(uses), int(used), by, reason)


def readable(rows: Sequence[tuple[Any, ...]]) -> list[Code]:
    """Those of these rows that can be read: one that another version wrote opens nothing, and is in nobody's way."""
    codes = []
    for values in rows:
        with suppress(*ODD):
            codes.append(code_of(values))
    return codes
