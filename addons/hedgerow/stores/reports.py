"""The reports store: what children tell us, until retention deletes it. All calls are short and synchronous.

``new`` returns when the report is on the disk. Who is told is decided afterwards (``stores.report_outbox``) from the
site.yaml in force, so that a report made while no recipient could be reached, or none was named, is not lost.

The same again: one person telling the same about the same page gets the same code back; another person gets a code of
their own that leads to the first report's outcome, and nobody is mailed twice. Requests for help are never merged with
another's, and with one's own only within ten seconds: a double click. Two children may share one address. A report that
says how to find the child stands for itself: whoever reads it must see that.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import astuple, replace
from pathlib import Path

from hedgerow.stores.report_age import expire
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
    ReportsFull,
    fresh_code,
    read_code,
)
from hedgerow.stores.report_rows import (
    COLUMNS,
    again,
    as_report,
    contacted,
    first_of,
    found,
    has_read,
    joined,
    main_of,
    state_of,
    told,
)
from hedgerow.stores.report_words import clean, fingerprint, short
from hedgerow.stores.site import Site
from hedgerow.stores.spans import Clocks, boot_id

MAX_REPORTS = 50_000
"""Rows at most; beyond it only requests for help are stored. A flood is not to fill the disk."""
MAX_CARE = 100_000
"""Requests for help at most: with their words 1.7 GB, if each is as long as it may be. An alert says so at a tenth."""
CONTACT_LEAST = 10
"""Characters that a contact has at least, as a reason of ``hedgerow identity`` has."""

_RECORDED = {
    "read": "read",
    "answered": "answered",
    "contact": "recorded a contact for",
    "closed": "closed",
    "assigned": "assigned",
}


class ReportStore:
    """``clock`` gives seconds since 1970, ``up`` those of the boot clock.

    Every method raises ReportsUnavailable when the file cannot be used.

    ``recorded(who, what)`` is told of each thing staff do before it takes place, and of each person's first look at a
    report before it is shown; what it raises, it prevents.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], float] = time.time,
        recorded: Callable[[str, str], object] = lambda who, what: None,
        up: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
    ) -> None:
        self.file, self.clock, self._recorded = ReportFile(path), clock, recorded
        self._clocks = Clocks(clock, up, boot_id())

    def new(self, kind: str, text: str, context: Context = Context()) -> str:  # noqa: B008  (frozen)
        """Stores a report and returns its code. Raises ReportError for an unknown kind, ReportsFull."""
        if kind not in KINDS:
            raise ReportError(f"no kind of report: {kind!r}; there are {', '.join(KINDS)}")
        text, context = clean(text, TEXT_LIMIT), short(context)
        self._room(kind in CARE)
        if kind in CARE:  # by the code of a page two keyholders could find out whose device it was
            context = replace(context, page_code="")
        with self.file.writing() as connection:
            return again(connection, kind, text, context, self.clock()) or self._add(connection, kind, text, context)

    def _room(self, care: bool) -> None:
        which = "kind in ('help', 'hurt')" if care else "1"
        with self.file.reading() as connection:
            stored: int = connection.execute(f"select count(*) from reports where {which}").fetchone()[0]
        if stored >= (MAX_CARE if care else MAX_REPORTS):
            self.held("care-full" if care else "full")
            raise ReportsFull("the store of reports is full")

    def _add(self, connection: sqlite3.Connection, kind: str, text: str, context: Context) -> str:
        code, printed, now = fresh_code(), fingerprint(kind, text, context), self.clock()
        same = "" if kind in CARE or context.contact else first_of(connection, printed)
        connection.execute(
            f"insert into reports (code, kind, at, last_at, text, print, same_as, routed, {', '.join(COLUMNS)}) "
            f"values ({', '.join('?' * (8 + len(COLUMNS)))})",
            (code, kind, now, now, text, printed, same, bool(same), *astuple(context)),
        )
        count(connection, "asked", kind)
        if same and joined(connection, same, now):
            count(connection, "answered", kind)
        return code

    def outcome(self, code: str) -> Outcome | None:
        """What the reporter may see, or None: no such code (any more). ``code`` as it was typed."""
        with self.file.reading() as connection:
            row = connection.execute("select * from reports where code = ?", (read_code(code),)).fetchone()
            if row is None:
                return None
            main = main_of(connection, row)
            return Outcome(row["kind"], row["at"], state_of(main), main["answer"], main["answered_at"])

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
                f"select * from reports where same_as = '' and {wanted[state]} and (kind = :kind or :kind = '') "
                "order by kind not in ('hurt', 'help'), at",
                {"kind": kind},
            ).fetchall()
        return tuple(map(as_report, rows))

    def show(self, code: str, who: str) -> Report:
        """One report with all that was done about it. It counts as read, and keeps who read it. Raises ReportError."""
        with self.file.writing() as connection:
            row = found(connection, code)
            if not has_read(connection, row["code"], clean(who, 100)):
                self._note(connection, row["code"], who, "read")
                row = found(connection, code)
            notes = connection.execute("select at, who, what, text from notes where code = ? order by rowid", (row[0],))
            return as_report(row, tuple(Note(*note) for note in notes), told(connection, row["code"]))

    def answer(self, code: str, who: str, text: str) -> None:
        """An answer that the reporter reads by the code; a later one takes its place. Raises ReportError."""
        if not (text := clean(text, TEXT_LIMIT)):
            raise ReportError("an answer needs words")
        with self.file.writing() as connection:
            row = found(connection, code)
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
        text = _contact(text)
        with self.file.writing() as connection:
            self._note(connection, found(connection, code)["code"], who, "contact", text)

    def close(self, code: str, who: str, text: str = "", contact: str = "") -> None:
        """Ends a report; ``text`` is its last answer, ``contact`` as ``contact()``. A request for help needs a contact.

        Raises ReportError when it has none, or too short a one, is closed already, or is unknown.
        """
        text, contact = clean(text, TEXT_LIMIT), _contact(contact) if contact.strip() else ""
        with self.file.writing() as connection:
            row = found(connection, code)
            if row["closed_at"] is not None:
                raise ReportError(f"{row['code']} is closed already")
            if contact:
                self._note(connection, row["code"], who, "contact", contact)
            if row["kind"] in CARE and not contacted(connection, row["code"]):
                raise ReportError(
                    f"{row['code']} is a request for help: say who spoke with the child and when (contact)"
                )
            if text:
                self._answered(connection, row, who, text)
            elif row["answered_at"] is None:
                count(connection, "answered", row["kind"], row["times"])  # closing is an answer: the reporter sees it
            self._note(connection, row["code"], who, "closed")
            connection.execute(
                "update reports set closed_at = :now where code = :code or same_as = :code",
                {"now": self.clock(), "code": row["code"]},
            )

    def assign(self, code: str, who: str, to: str) -> None:
        """Names the person who takes care of it. Raises ReportError."""
        if not (to := clean(to, 100)):
            raise ReportError("assign to whom?")
        with self.file.writing() as connection:
            row = found(connection, code)
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
        """Deletes what is too old (``report_age.expire``); how many."""
        return expire(self.file, self._clocks, keep_days)

    def close_file(self) -> None:
        self.file.close()

    def _note(self, connection: sqlite3.Connection, code: str, who: str, what: str, text: str = "") -> None:
        """Whoever does anything to a report has read it."""
        now, who = self.clock(), clean(who, 100)
        if not who:
            raise ReportError("who does this? a name is needed")
        whom = f" to {text}" if what == "assigned" else ""
        self._recorded(who, f"{_RECORDED[what]} the report {code[:4]}...{whom}")  # never the whole code
        connection.execute("insert into notes values (?,?,?,?,?)", (code, now, who, what, text))
        connection.execute("update reports set read_at = coalesce(read_at, ?) where code = ?", (now, code))


def _contact(text: str) -> str:
    text = clean(text, TEXT_LIMIT)
    if len("".join(text.split())) < CONTACT_LEAST:
        raise ReportError(
            f"a contact needs {CONTACT_LEAST} characters at least: who spoke with whom, when. "
            "It is all that says later that the child was not left alone"
        )
    return text


def kinds_with_recipient(site: Site) -> tuple[str, ...]:
    """The kinds somebody is told about: only these get a button."""
    return tuple(kind for kind, topic in TOPICS.items() if site.reports.get(topic))
