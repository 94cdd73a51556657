"""What a child's form calls: a report is taken, and its outcome is read by the code. All calls are short.

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
    Context,
    Outcome,
    ReportError,
    ReportsFull,
    fresh_code,
    read_code,
)
from hedgerow.stores.report_rows import COLUMNS, again, first_of, joined, main_of, state_of
from hedgerow.stores.report_words import clean, fingerprint, short
from hedgerow.stores.spans import Clocks, boot_id

MAX_REPORTS = 50_000
"""Rows at most; beyond it only requests for help are stored. A flood is not to fill the disk."""
MAX_CARE = 100_000
"""Requests for help at most: with their words 1.7 GB, if each is as long as it may be. An alert says so at a tenth."""


class TakenReports:
    """``clock`` gives seconds since 1970, ``up`` those of the boot clock.

    Every method raises ReportsUnavailable when the file cannot be used.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], float] = time.time,
        up: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
    ) -> None:
        self.file, self.clock = ReportFile(path), clock
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
