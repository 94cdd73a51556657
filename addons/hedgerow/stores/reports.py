"""The reports store as staff use it: read, answer, assign, close. What a child's form calls is ``report_taking``."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hedgerow.core.model import Severity
from hedgerow.stores.report_file import count
from hedgerow.stores.report_model import ALERT, CARE, KINDS, TEXT_LIMIT, TOPICS, Report, ReportError, ReportsUnavailable
from hedgerow.stores.report_rows import UNRECORDED, alerted, as_report, contacted, found, has_read, whole
from hedgerow.stores.report_taking import TakenReports
from hedgerow.stores.report_words import clean
from hedgerow.stores.site import Site

CONTACT_LEAST = 10
"""Characters that a contact has at least, as a reason of ``hedgerow identity`` has; in two different words or more."""

_SEVERITY = "coalesce((select severity from alerts a where a.code = reports.code), 0)"
_RECORDED = {
    "read": "read",
    "answered": "answered",
    "contact": "recorded a contact for",
    "closed": "closed",
    "assigned": "assigned",
}


class ReportStore(TakenReports):
    """All of the store, in one file.

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
        super().__init__(path, clock, up)
        self._recorded = recorded

    def list(self, state: str = "open", kind: str = "") -> tuple[Report, ...]:
        """Oldest first, requests for help before all, then alerts, the severe first.

        ``state``: open (not closed), unread, closed or all.
        """
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
                f"order by kind not in ('hurt', 'help'), {_SEVERITY} desc, at",
                {"kind": kind},
            ).fetchall()
            return tuple(as_report(row, alert=alerted(connection, row["code"])) for row in rows)

    def show(self, code: str, who: str) -> Report:
        """One report with all that was done about it. It counts as read, and keeps who read it. Raises ReportError.

        A request for help, and an alert of high severity, is shown also when that cannot be recorded, or not even
        noted: a child waits, and a disk that is full must not keep their words from whoever comes. ``unrecorded`` says
        so, and it is counted.
        """
        try:
            with self.file.writing() as connection:
                row = found(connection, code)
                if not has_read(connection, row["code"], clean(who, 100)):
                    self._note(connection, row["code"], who, "read")
                return whole(connection, code)
        except (OSError, ReportsUnavailable) as error:
            with self.file.reading() as connection:
                row = found(connection, code)
                urgent = row["kind"] in CARE or _serious(connection, row)
            if not urgent:
                raise
            with suppress(ReportsUnavailable):
                self._read_unrecorded(row["code"], clean(who, 100), row["kind"])
            with self.file.reading() as connection:
                return replace(whole(connection, code), unrecorded=str(error))

    def _read_unrecorded(self, code: str, who: str, kind: str) -> None:
        with self.file.writing() as connection:
            count(connection, "unrecorded", kind)
            now = self.clock()
            connection.execute("insert into notes values (?,?,?,'read',?)", (code, now, who, UNRECORDED))
            connection.execute("update reports set read_at = coalesce(read_at, ?) where code = ?", (now, code))

    def answer(self, code: str, who: str, text: str) -> None:
        """An answer that the reporter reads by the code; a later one takes its place. Raises ReportError."""
        if not (text := clean(text, TEXT_LIMIT)):
            raise ReportError("an answer needs words")
        with self.file.writing() as connection:
            row = found(connection, code)
            _answerable(row)
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
        """Ends a report; ``text`` is its last answer, ``contact`` as ``contact()``. A request for help needs a contact,
        and so does an alert of high severity.

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
            if _serious(connection, row) and not contacted(connection, row["code"]):
                what = "say what was done, or why there is nothing to do (contact)"
                raise ReportError(f"{row['code']} is an alert of high severity: {what}")
            if text:
                _answerable(row)
                self._answered(connection, row, who, text)
            elif row["answered_at"] is None and row["kind"] != ALERT:
                count(connection, "answered", row["kind"], row["times"])  # closing is an answer: the reporter sees it
            self._note(connection, row["code"], who, "closed")
            connection.execute(
                "update reports set closed_at = :now, person = '' where code = :code or same_as = :code",
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

    def _note(self, connection: sqlite3.Connection, code: str, who: str, what: str, text: str = "") -> None:
        """Whoever does anything to a report has read it."""
        now, who = self.clock(), clean(who, 100)
        if not who:
            raise ReportError("who does this? a name is needed")
        whom = f" to {text}" if what == "assigned" else ""
        self._recorded(who, f"{_RECORDED[what]} the report {code[:4]}...{whom}")  # never the whole code
        connection.execute("insert into notes values (?,?,?,?,?)", (code, now, who, what, text))
        connection.execute("update reports set read_at = coalesce(read_at, ?) where code = ?", (now, code))


def _answerable(row: sqlite3.Row) -> None:
    if row["kind"] == ALERT:
        raise ReportError(f"{row['code']} is an alert: nobody wrote it to us, so nobody reads an answer")


def _serious(connection: sqlite3.Connection, row: sqlite3.Row) -> bool:
    alert = alerted(connection, row["code"])
    return alert is not None and alert.severity is Severity.HIGH


def _contact(text: str) -> str:
    text = clean(text, TEXT_LIMIT)
    words = text.casefold().split()
    if len("".join(words)) < CONTACT_LEAST or len(set(words)) < 2:
        raise ReportError(
            f"a contact needs {CONTACT_LEAST} characters and two words at least: who spoke with whom, when. "
            "It is all that says later that the child was not left alone"
        )
    return text


def kinds_with_recipient(site: Site) -> tuple[str, ...]:
    """The kinds of reports somebody is told about: only these get a button."""
    return tuple(kind for kind in KINDS if site.reports.get(TOPICS[kind]))
