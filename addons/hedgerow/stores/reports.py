"""The reports store: what children tell us, until retention deletes it. All calls are short and synchronous.

``new`` returns when the report is on the disk. Who is told is decided afterwards (``stores.report_outbox``) from the
site.yaml in force, so that a report made while no recipient could be reached, or none was named, is not lost.

The same again: one person telling the same about the same page gets the same code back; another person gets a code of
their own that leads to the first report's outcome, and nobody is mailed twice. Requests for help are never merged with
another's, and with one's own only within ten seconds: a double click. Two children may share one address.
"""

from __future__ import annotations

import builtins
import hashlib
import sqlite3
import time
from collections.abc import Callable
from dataclasses import astuple, fields
from pathlib import Path

from hedgerow.stores.report_file import ReportFile, count
from hedgerow.stores.report_model import (
    CARE,
    HELD,
    KINDS,
    TEXT_LIMIT,
    TOPICS,
    Context,
    Note,
    Outcome,
    Report,
    ReportError,
    ReportState,
    fresh_code,
    read_code,
)
from hedgerow.stores.site import Site

MAX_REPORTS = 50_000
"""Rows at most; beyond it only requests for help are stored. A flood is not to fill the disk."""

_RECORDED = {"answered": "answered", "contact": "recorded a contact for", "closed": "closed", "assigned": "assigned"}
_CLOCK_IS_SET = 1_767_225_600.0  # 2026: before this program was, no report was made
_AGAIN_SECONDS = 10.0
_FIELD_LIMIT = 500
_OLD = (
    "same_as = '' and (coalesce(closed_at, last_at) < ?1 and (closed_at is not null or kind not in ('help', 'hurt')) "
    "or coalesce(closed_at, last_at) < ?2)"
)
_OLD_UNREAD = f"select kind, count(*) from reports where read_at is null and {_OLD} group by kind"
_ORPHANS = "delete from reports where same_as <> '' and same_as not in (select code from reports)"
_COLUMNS = tuple(field.name for field in fields(Context))


class ReportStore:
    """``clock`` gives seconds since 1970. Every method raises ReportsUnavailable when the file cannot be used.

    ``recorded(who, what)`` is told of each thing staff do before it takes place; what it raises, it prevents.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], float] = time.time,
        recorded: Callable[[str, str], object] = lambda who, what: None,
    ) -> None:
        self.file, self.clock, self._recorded = ReportFile(path), clock, recorded

    def new(self, kind: str, text: str, context: Context = Context()) -> str:  # noqa: B008  (frozen)
        """Stores a report and returns its code. Raises ReportError for an unknown kind or when the store is full."""
        if kind not in KINDS:
            raise ReportError(f"no kind of report: {kind!r}; there are {', '.join(KINDS)}")
        text, context = _clean(text, TEXT_LIMIT), _short(context)
        if kind not in CARE:
            self._room()
        with self.file.writing() as connection:
            return _again(connection, kind, text, context, self.clock()) or self._add(connection, kind, text, context)

    def _room(self) -> None:
        with self.file.reading() as connection:
            stored: int = connection.execute("select count(*) from reports").fetchone()[0]
        if stored >= MAX_REPORTS:
            self.held("full")
            raise ReportError("the store of reports is full")

    def _add(self, connection: sqlite3.Connection, kind: str, text: str, context: Context) -> str:
        code, printed, now = fresh_code(), _print(kind, text, context), self.clock()
        same = "" if kind in CARE else _first(connection, printed)
        connection.execute(
            f"insert into reports (code, kind, at, last_at, text, print, same_as, routed, {', '.join(_COLUMNS)}) "
            f"values ({', '.join('?' * (8 + len(_COLUMNS)))})",
            (code, kind, now, now, text, printed, same, bool(same), *astuple(context)),
        )
        count(connection, "asked", kind)
        if same and _joined(connection, same, now):
            count(connection, "answered", kind)
        return code

    def outcome(self, code: str) -> Outcome | None:
        """What the reporter may see, or None: no such code (any more). ``code`` as it was typed."""
        with self.file.reading() as connection:
            row = connection.execute("select * from reports where code = ?", (read_code(code),)).fetchone()
            if row is None:
                return None
            main = _main(connection, row)
            return Outcome(row["kind"], row["at"], _state(main), main["answer"], main["answered_at"])

    def list(self, state: str = "open", kind: str = "") -> tuple[Report, ...]:
        """Oldest first, requests for help before all. ``state``: open (not closed), unread, closed or all."""
        wanted = {
            "open": "closed_at is null",
            "unread": "read_at is null and closed_at is null",
            "closed": "closed_at is not null",
            "all": "1",
        }
        if state not in wanted:
            raise ReportError(f"no state {state!r}; there are {', '.join(wanted)}")
        with self.file.reading() as connection:
            rows = connection.execute(
                f"select * from reports where same_as = '' and {wanted[state]} and (kind = ?1 or ?1 = '') "
                "order by kind not in ('hurt', 'help'), at",
                (kind,),
            ).fetchall()
        return tuple(map(_report, rows))

    def show(self, code: str, who: str) -> Report:
        """One report with all that was done about it. It counts as read, and keeps who read it. Raises ReportError."""
        with self.file.writing() as connection:
            row = _found(connection, code)
            if not _has_read(connection, row["code"], _clean(who, 100)):
                self._note(connection, row["code"], who, "read")
                row = _found(connection, code)
            notes = connection.execute("select at, who, what, text from notes where code = ? order by rowid", (row[0],))
            return _report(row, tuple(Note(*note) for note in notes), _told(connection, row["code"]))

    def answer(self, code: str, who: str, text: str) -> None:
        """An answer that the reporter reads by the code; a later one takes its place. Raises ReportError."""
        if not (text := _clean(text, TEXT_LIMIT)):
            raise ReportError("an answer needs words")
        with self.file.writing() as connection:
            row = _found(connection, code)
            self._answered(connection, row, who, text)

    def _answered(self, connection: sqlite3.Connection, row: sqlite3.Row, who: str, text: str) -> None:
        self._note(connection, row["code"], who, "answered", text)
        connection.execute(
            "update reports set answer = ?, answered_at = ? where code = ?", (text, self.clock(), row["code"])
        )
        if row["answered_at"] is None and row["closed_at"] is None:
            count(connection, "answered", row["kind"], row["times"])

    def contact(self, code: str, who: str, text: str) -> None:
        """Records that somebody spoke with the child: who with whom, when, how. Raises ReportError."""
        if not (text := _clean(text, TEXT_LIMIT)):
            raise ReportError("a contact needs words: who spoke with whom, when")
        with self.file.writing() as connection:
            self._note(connection, _found(connection, code)["code"], who, "contact", text)

    def close(self, code: str, who: str, text: str = "", contact: str = "") -> None:
        """Ends a report; ``text`` is its last answer, ``contact`` as ``contact()``. A request for help needs a contact.

        Raises ReportError when it has none, is closed already, or is unknown.
        """
        text, contact = _clean(text, TEXT_LIMIT), _clean(contact, TEXT_LIMIT)
        with self.file.writing() as connection:
            row = _found(connection, code)
            if row["closed_at"] is not None:
                raise ReportError(f"{row['code']} is closed already")
            if contact:
                self._note(connection, row["code"], who, "contact", contact)
            if row["kind"] in CARE and not _contacted(connection, row["code"]):
                raise ReportError(
                    f"{row['code']} is a request for help: say who spoke with the child and when (contact)"
                )
            if text:
                self._answered(connection, row, who, text)
            elif row["answered_at"] is None:
                count(connection, "answered", row["kind"], row["times"])  # closing is an answer: the reporter sees it
            self._note(connection, row["code"], who, "closed")
            connection.execute(
                "update reports set closed_at = ?1 where code = ?2 or same_as = ?2", (self.clock(), row["code"])
            )

    def assign(self, code: str, who: str, to: str) -> None:
        """Names the person who takes care of it. Raises ReportError."""
        if not (to := _clean(to, 100)):
            raise ReportError("assign to whom?")
        with self.file.writing() as connection:
            row = _found(connection, code)
            self._note(connection, row["code"], who, "assigned", to)
            connection.execute("update reports set assigned = ? where code = ?", (to, row["code"]))

    def held(self, reason: str) -> None:
        """Counts a form that was held off. ``reason`` is one of ``HELD`` (else ValueError)."""
        if reason not in HELD:
            raise ValueError(f"no reason {reason!r}; there are {', '.join(HELD)}")
        with self.file.writing() as connection:
            count(connection, "held", reason)

    def counts(self) -> dict[tuple[str, str], int]:
        """(name, label) -> how often, since the store was made."""
        with self.file.reading() as connection:
            return {(row["name"], row["label"]): row["n"] for row in connection.execute("select * from counts")}

    def expire(self, keep_days: int) -> int:
        """Deletes what is ``keep_days`` past its closing, or its making if it is no request for help; how many.

        A request for help stays until a person closes it, at most 400 days. Unread ones that go are counted. What was
        made before a clock without a battery was set (1970) counts from now on.
        """
        now = self.clock()
        old = (now - keep_days * 86_400.0, now - 400 * 86_400.0)
        with self.file.writing() as connection:
            if now >= _CLOCK_IS_SET:
                connection.execute("update reports set at = ?, last_at = ? where at < ?", (now, now, _CLOCK_IS_SET))
            for row in connection.execute(_OLD_UNREAD, old).fetchall():
                count(connection, "expired-unread", row[0], row[1])
            gone = connection.execute(f"delete from reports where {_OLD}", old).rowcount
            gone += connection.execute(_ORPHANS).rowcount
        if gone:
            self.file.forget()
        return gone

    def close_file(self) -> None:
        self.file.close()

    def _note(self, connection: sqlite3.Connection, code: str, who: str, what: str, text: str = "") -> None:
        """Whoever does anything to a report has read it."""
        now, who = self.clock(), _clean(who, 100)
        if not who:
            raise ReportError("who does this? a name is needed")
        if what != "read":
            whom = f" to {text}" if what == "assigned" else ""
            self._recorded(who, f"{_RECORDED[what]} the report {code[:4]}...{whom}")  # never the whole code
        connection.execute("insert into notes values (?,?,?,?,?)", (code, now, who, what, text))
        connection.execute("update reports set read_at = coalesce(read_at, ?) where code = ?", (now, code))


def kinds_with_recipient(site: Site) -> tuple[str, ...]:
    """The kinds somebody is told about: only these get a button."""
    return tuple(kind for kind, topic in TOPICS.items() if site.reports.get(topic))


def _again(connection: sqlite3.Connection, kind: str, text: str, context: Context, now: float) -> str:
    """The code of the same report by the same person, not closed; "" when this is a new one."""
    if not context.person:
        return ""
    row = connection.execute(
        "select code, at from reports where print = ? and person = ? and closed_at is null order by at desc",
        (_print(kind, text, context), context.person),
    ).fetchone()
    if row is None or (kind in CARE and not 0 <= now - row["at"] < _AGAIN_SECONDS):
        return ""
    count(connection, "repeated", kind)
    return str(row["code"])


def _first(connection: sqlite3.Connection, printed: bytes) -> str:
    row = connection.execute(
        "select code from reports where print = ? and same_as = '' and closed_at is null order by at", (printed,)
    ).fetchone()
    return str(row["code"]) if row else ""


def _joined(connection: sqlite3.Connection, first: str, now: float) -> bool:
    """One more has told the same as ``first``; True when that is answered already."""
    connection.execute("update reports set times = times + 1, last_at = ? where code = ?", (now, first))
    return connection.execute("select answered_at from reports where code = ?", (first,)).fetchone()[0] is not None


def _print(kind: str, text: str, context: Context) -> bytes:
    """What makes two reports the same: kind, page and words, however they were spaced or capitalised."""
    words = " ".join(text.casefold().split())
    return hashlib.blake2b("\0".join((kind, context.host, context.path, words)).encode(), digest_size=16).digest()


def _clean(text: str, limit: int) -> str:
    """Without control characters (no escape reaches a terminal, I30), trimmed and cut; lone surrogates replaced."""
    kept = "".join(
        c if c.isprintable() or c in "\n\u200c\u200d" else " " for c in text[: limit * 2].replace("\r\n", "\n")
    )
    return kept.strip()[:limit].encode("utf-8", "replace").decode()


def _short(context: Context) -> Context:
    return Context(*(_clean(value, _FIELD_LIMIT).replace("\n", " ") for value in astuple(context)))


def _found(connection: sqlite3.Connection, code: str) -> sqlite3.Row:
    """By the whole code, or by a beginning of at least four letters that only one report has. Raises ReportError."""
    whole = read_code(code)
    begins = whole or code.strip().upper()
    if len(begins) < 4:
        raise ReportError(f"{code!r} is no code of a report")
    rows: builtins.list[sqlite3.Row] = connection.execute(
        "select * from reports where substr(code, 1, ?) = ? limit 2", (len(begins), begins)
    ).fetchall()
    if len(rows) != 1:
        raise ReportError(f"{'more than one' if rows else 'no'} report {code!r}")
    return _main(connection, rows[0])


def _main(connection: sqlite3.Connection, row: sqlite3.Row) -> sqlite3.Row:
    """The report that speaks for this one; itself, unless it told the same as an earlier one."""
    first = connection.execute("select * from reports where code = ?", (row["same_as"],)).fetchone()
    return first or row


def _has_read(connection: sqlite3.Connection, code: str, who: str) -> bool:
    """Whether this person has done anything to it before."""
    return connection.execute("select 1 from notes where code = ? and who = ?", (code, who)).fetchone() is not None


def _contacted(connection: sqlite3.Connection, code: str) -> bool:
    return connection.execute("select 1 from notes where code = ? and what = 'contact'", (code,)).fetchone() is not None


def _told(connection: sqlite3.Connection, code: str) -> tuple[str, ...]:
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


def _state(row: sqlite3.Row) -> ReportState:
    if row["closed_at"] is not None:
        return ReportState.CLOSED
    if row["answered_at"] is not None:
        return ReportState.ANSWERED
    return ReportState.WAITING if row["read_at"] is None else ReportState.SEEN


def _report(row: sqlite3.Row, notes: tuple[Note, ...] = (), told: tuple[str, ...] = ()) -> Report:
    return Report(
        row["code"],
        row["kind"],
        row["at"],
        row["text"],
        Context(*(row[name] for name in _COLUMNS)),
        _state(row),
        row["times"],
        row["assigned"],
        row["read_at"],
        row["closed_at"],
        row["same_as"],
        notes,
        told,
    )
