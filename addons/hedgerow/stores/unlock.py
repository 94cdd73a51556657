"""Issuing and redeeming unlock codes. What a code is, and what guessing is worth: ``unlock_codes``."""

from __future__ import annotations

import sqlite3

from hedgerow.core.hosts import below
from hedgerow.stores.pass_ledger import Ledger, PassError
from hedgerow.stores.pass_rows import Granted, GrantKind, Scope, Target, insert, new_id
from hedgerow.stores.record_promise import Promises, promised
from hedgerow.stores.unlock_codes import (
    MOST_LIVE,
    Code,
    Redeemed,
    Refused,
    add_up,
    insert_code,
    line_of,
    locked,
    new_code,
    plain,
    readable,
    wrong,
)

_REMEMBERED = 86_400.0
"""Seconds a code is remembered after its end, so that who types it is told that it is over."""

_AGAIN = """
select pass, until, exists (select * from granted where id = pass) from code_uses where code = ? and person = ?
"""


def issue(
    ledger: Ledger, scope: Scope, target: Target, seconds: float, valid: float, uses: int, by: str, reason: str
) -> tuple[str, Code]:
    """See ``PassStore.issue``."""
    code, row = new_code(), Code(new_id(), scope, target, ledger.clocks.span(valid), seconds, uses, 0, by, reason)
    if len(live(ledger)) >= MOST_LIVE:
        raise PassError(f"{MOST_LIVE} unlock codes are live: end one, or wait until one is over")
    detail = {"minutes": round(seconds / 60, 1), "valid minutes": round(valid / 60, 1), "uses": uses}
    with promised(ledger.record) as told, ledger.writing() as connection:
        told.append("grant", by, f"unlock code {row.id}: {target} for {scope}", reason, detail)
        connection.execute("delete from codes where wall_end < ?", (ledger.clocks.wall() - _REMEMBERED,))
        connection.execute("delete from code_uses where code not in (select id from codes)")
        insert_code(connection, ledger.hashed("code", code), row)
    return code, row


def live(ledger: Ledger) -> tuple[Code, ...]:
    """See ``PassStore.codes``."""
    with ledger.reading() as connection:
        rows = readable(connection.execute("select * from codes order by wall_start, id").fetchall())
    return tuple(row for row in rows if ledger.clocks.hold(row.span) and row.used < row.uses)


def end(ledger: Ledger, ident: str, by: str, reason: str) -> bool:
    """See ``PassStore.end_code``."""
    if all(code.id != ident for code in live(ledger)):
        return False
    with promised(ledger.record) as told, ledger.writing() as connection:
        told.append("grant", by, f"ended: unlock code {ident}", reason)
        connection.execute("delete from codes where id = ?", (ident,))
        connection.execute("delete from granted where parent = ?", (ident,))
    return True


def redeem(
    ledger: Ledger, code: str, person: str, address: str, host: str, band: str, network: str
) -> Redeemed | Refused:
    """See ``PassStore.redeem``."""
    who, line = ledger.hashed("person", person), ledger.hashed("address", line_of(address))
    with ledger.reading() as connection:
        if scope := locked(connection, ledger.clocks, who, line):
            ledger.count_refused(str(Refused.TOO_MANY), f"locked-{scope}")
            return Refused.TOO_MANY
    with promised(ledger.record) as told, ledger.writing() as connection:
        if locked(connection, ledger.clocks, who, line):  # asked again under the lock: several guess at once
            return Refused.TOO_MANY
        row = _meant(connection, ledger.hashed("code", plain(code)), band, network) if plain(code) else None
        answer = Refused.UNKNOWN if row is None else _use(connection, ledger, told, row, who, host)
        if answer is Refused.UNKNOWN:
            wrong(connection, ledger.clocks, who, line)
        add_up(connection, str(answer) if isinstance(answer, Refused) else "redeemed")
    return answer


def _meant(connection: sqlite3.Connection, key: bytes, band: str, network: str) -> Code | None:
    found = readable(connection.execute("select * from codes where key = ?", (key,)).fetchall())
    row = found[0] if found else None
    return row if row is not None and row.scope in (Scope(band=band), Scope(network=network)) else None


def _use(
    connection: sqlite3.Connection, ledger: Ledger, told: Promises, row: Code, who: bytes, host: str
) -> Redeemed | Refused:
    """The pass of this person: the one they have when they typed it before, else a new one."""
    again = connection.execute(_AGAIN, (row.id, who)).fetchone()
    if again is not None and again[2] and ledger.left(again[1]):
        return _redeemed(row, again[0], again[1], host)
    if not ledger.clocks.hold(row.span):
        return Refused.EXPIRED
    if again is not None or row.used >= row.uses:
        return Refused.USED_UP
    span = ledger.clocks.span(row.seconds)
    made = Granted(new_id(), GrantKind.PASS, Scope(person=who), span, row.by, row.reason, row.target, parent=row.id)
    what = f"pass {made.id} by unlock code {row.id}, {row.used + 1} of {row.uses}: {made.what()}"
    told.append("grant", "portal", what, row.reason)
    connection.execute("update codes set used = used + 1 where id = ?", (row.id,))
    connection.execute("insert into code_uses values (?, ?, ?, ?)", (row.id, who, made.id, span.wall_end))
    insert(connection, made)
    return _redeemed(row, made.id, span.wall_end, host)


def _redeemed(row: Code, ident: str, until: float, host: str) -> Redeemed:
    target = row.target
    here = bool(target.category) or below(host, target.host)
    return Redeemed(ident, until, target.host, target.path, target.category, here)
