"""Rows of the reports' file: found by a code, joined with the same report before, made into values."""

from __future__ import annotations

import sqlite3
from dataclasses import fields

from hedgerow.core.model import Severity
from hedgerow.stores.report_model import Alerted, Context, Note, Report, ReportError, ReportState, read_code

UNRECORDED = "not in the change record"
"""The text of a note about a look that could not be recorded."""
COLUMNS = tuple(field.name for field in fields(Context) if field.name != "person")


def again(connection: sqlite3.Connection, mark: str, contact: str) -> str:
    """The code of the report that bears this mark (``report_words.same_again``), not closed; "" when there is none.

    A way to be found that the first did not have makes a new one: nobody is to miss it in a report they have read.
    """
    row = connection.execute(
        "select code from reports where person = ? and person <> '' and closed_at is null and ? in ('', contact) "
        "order by at desc",
        (mark, contact),
    ).fetchone()
    return str(row["code"]) if row else ""


def open_still(connection: sqlite3.Connection, code: str) -> str:
    """``code`` while that report is there and not closed, else ""."""
    row = connection.execute("select code from reports where code = ? and closed_at is null", (code,)).fetchone()
    return str(row["code"]) if row else ""


def first_of(connection: sqlite3.Connection, printed: bytes) -> str:
    """The code of the open report that told the same first; "" when there is none."""
    row = connection.execute(
        "select code from reports where print = ? and same_as = '' and closed_at is null order by at", (printed,)
    ).fetchone()
    return str(row["code"]) if row else ""


def joined(connection: sqlite3.Connection, first: str, now: float) -> bool:
    """One more has told the same as ``first``; True when that is answered already."""
    connection.execute("update reports set times = times + 1, last_at = ? where code = ?", (now, first))
    return connection.execute("select answered_at from reports where code = ?", (first,)).fetchone()[0] is not None


def found(connection: sqlite3.Connection, code: str) -> sqlite3.Row:
    """By the whole code, or by a beginning of at least four letters that only one report has. Raises ReportError."""
    whole = read_code(code)
    begins = whole or code.strip().upper()
    if len(begins) < 4:
        raise ReportError(f"{code!r} is no code of a report")
    rows: list[sqlite3.Row] = connection.execute(
        "select * from reports where substr(code, 1, ?) = ? limit 2", (len(begins), begins)
    ).fetchall()
    if len(rows) != 1:
        if rows:
            raise ReportError(f"more than one report {code!r}: `hedgerow reports list --only all` has the whole codes")
        raise ReportError(f"no report {code!r}")
    return main_of(connection, rows[0])


def main_of(connection: sqlite3.Connection, row: sqlite3.Row) -> sqlite3.Row:
    """The report that speaks for this one; itself, unless it told the same as an earlier one."""
    first = connection.execute("select * from reports where code = ?", (row["same_as"],)).fetchone()
    return first or row


def has_read(connection: sqlite3.Connection, code: str, who: str) -> bool:
    """Whether this person has done anything to it before that is in the change record."""
    noted = "select 1 from notes where code = ? and who = ? and text <> ?"
    return connection.execute(noted, (code, who, UNRECORDED)).fetchone() is not None


def whole(connection: sqlite3.Connection, code: str) -> Report:
    """A report with all that was done about it, and who was told. Raises ReportError."""
    row = found(connection, code)
    notes = connection.execute("select at, who, what, text from notes where code = ? order by rowid", (row["code"],))
    code = row["code"]
    return as_report(row, tuple(Note(*note) for note in notes), told(connection, code), alerted(connection, code))


def contacted(connection: sqlite3.Connection, code: str) -> bool:
    """Whether somebody has written down that they spoke with the child."""
    return connection.execute("select 1 from notes where code = ? and what = 'contact'", (code,)).fetchone() is not None


def told(connection: sqlite3.Connection, code: str) -> tuple[str, ...]:
    """A line for each recipient: told, or how often it was tried and what their server said last."""
    rows = connection.execute(
        "select d.recipient, m.tries, m.error, m.sent_at from deliveries d left join messages m on m.id = d.message "
        "where d.code = ? order by d.recipient",
        (code,),
    ).fetchall()
    return tuple(f"{row['recipient']}: {_progress(row)}" for row in rows)


def _progress(row: sqlite3.Row) -> str:
    if row["sent_at"] is not None:
        return "told"
    return f"waiting, {row['tries']} tries: {row['error']}" if row["tries"] else "waiting"


def state_of(row: sqlite3.Row) -> ReportState:
    """How far it has come. ``row`` is the report that speaks for it."""
    if row["closed_at"] is not None:
        return ReportState.CLOSED
    if row["answered_at"] is not None:
        return ReportState.ANSWERED
    return ReportState.WAITING if row["read_at"] is None else ReportState.SEEN


def alerted(connection: sqlite3.Connection, code: str) -> Alerted | None:
    """What the store knows of an alert beside the report; None when it is none."""
    row = connection.execute("select * from alerts where code = ?", (code,)).fetchone()
    return Alerted(Severity(row["severity"]), row["topic"], row["channel"], row["person"]) if row else None


def as_report(
    row: sqlite3.Row, notes: tuple[Note, ...] = (), told: tuple[str, ...] = (), alert: Alerted | None = None
) -> Report:
    """A row as staff see it."""
    return Report(
        row["code"],
        row["kind"],
        row["at"],
        row["text"],
        Context(**{name: row[name] for name in COLUMNS}),
        state_of(row),
        row["times"],
        row["assigned"],
        row["read_at"],
        row["closed_at"],
        row["same_as"],
        notes,
        alerted=alert,
        told=told,
    )
