"""What a child's form calls: a report is taken, and its outcome is read by the code. All calls are short.

``new`` returns when the report is on the disk. Who is told is decided afterwards (``stores.report_outbox``) from the
site.yaml in force, so that a report made while no recipient could be reached, or none was named, is not lost.

The same again: one person telling the same about the same page gets the same code back; another person gets a code of
their own that leads to the first report's outcome, and nobody is mailed twice. Requests for help are never merged with
another's, and with one's own only within ten seconds: a double click. Two children may share one address. A report that
says how to find the child stands for itself: whoever reads it must see that.

By whom the same was told is known by a mark (``report_words.same_again``) that no two different reports share, and that
goes when the report is closed. A request for help has none on the disk: its double click is known in memory, for ten
seconds. So nothing joins a child's request for help to a report of theirs that two keyholders can open.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from hedgerow.stores.report_age import expire
from hedgerow.stores.report_file import ReportFile, count
from hedgerow.stores.report_model import (
    ALERT,
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
from hedgerow.stores.report_rows import COLUMNS, again, first_of, joined, main_of, open_still, state_of
from hedgerow.stores.report_words import clean, fingerprint, same_again, short
from hedgerow.stores.spans import Clocks, boot_id

MAX_REPORTS = 50_000
"""Rows at most; beyond it only requests for help are stored. A flood is not to fill the disk."""
MAX_CARE = 100_000
"""Requests for help at most: with their words 1.7 GB, if each is as long as it may be. An alert says so at a tenth."""
AGAIN_SECONDS = 10.0
"""A request for help within so long of the same person's same one is a double click; two may share an address."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A request for help of the last seconds, in memory alone."""

    code: str
    at: float  # of the boot clock
    contact: str


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
        self._heard: dict[str, _Heard] = {}
        self._hearing = threading.Lock()

    def new(self, kind: str, text: str, context: Context = Context()) -> str:  # noqa: B008  (frozen)
        """Stores a report and returns its code. Raises ReportError for an unknown kind, ReportsFull."""
        if kind not in KINDS:
            raise ReportError(f"no kind of report: {kind!r}; there are {', '.join(KINDS)}")
        text, context = clean(text, TEXT_LIMIT), short(context)
        self._room(kind in CARE)
        if kind in CARE:  # by the code of a page two keyholders could find out whose device it was
            context = replace(context, page_code="")
        printed = fingerprint(kind, text, context)
        mark = same_again(context.person, printed)
        if kind in CARE:
            return self._care(kind, text, context, printed, mark)
        with self.file.writing() as connection:
            if known := again(connection, mark, context.contact):
                count(connection, "repeated", kind)
            return known or self._add(connection, kind, text, context, printed, mark)

    def _care(self, kind: str, text: str, context: Context, printed: bytes, mark: str) -> str:
        """A request for help; that it was sent twice by one click too many is known in memory alone."""
        with self._hearing:
            with self.file.writing() as connection:
                known = open_still(connection, self._heard_again(mark, context.contact))
                if known:
                    count(connection, "repeated", kind)
                code = known or self._add(connection, kind, text, context, printed, "")
            if mark and not known:  # it is on the disk now, not before
                self._heard[mark] = _Heard(code, self._clocks.up(), context.contact)
        return code

    def _heard_again(self, mark: str, contact: str) -> str:
        """The code of the same request of a moment ago, or ""; what is older is forgotten."""
        now = self._clocks.up()
        for old in [one for one, heard in self._heard.items() if not 0 <= now - heard.at < AGAIN_SECONDS]:
            del self._heard[old]
        heard = self._heard.get(mark)
        return heard.code if heard and contact in ("", heard.contact) else ""

    def _room(self, care: bool) -> None:
        which = "kind in ('help', 'hurt')" if care else "1"
        with self.file.reading() as connection:
            stored: int = connection.execute(f"select count(*) from reports where {which}").fetchone()[0]
        if stored >= (MAX_CARE if care else MAX_REPORTS):
            self.held("care-full" if care else "full")
            raise ReportsFull("the store of reports is full")

    def _add(
        self, connection: sqlite3.Connection, kind: str, text: str, context: Context, printed: bytes, mark: str
    ) -> str:
        code, now = fresh_code(), self.clock()
        same = "" if kind in CARE or context.contact else first_of(connection, printed)
        names = ("code", "kind", "at", "last_at", "text", "print", "same_as", "routed", "person", *COLUMNS)
        connection.execute(
            f"insert into reports ({', '.join(names)}) values ({', '.join('?' * len(names))})",
            (code, kind, now, now, text, printed, same, bool(same), mark, *(getattr(context, c) for c in COLUMNS)),
        )
        count(connection, "asked", kind)
        if same and joined(connection, same, now):
            count(connection, "answered", kind)
        return code

    def outcome(self, code: str) -> Outcome | None:
        """What the reporter may see, or None: no such code (any more). ``code`` as it was typed."""
        with self.file.reading() as connection:
            row = connection.execute("select * from reports where code = ?", (read_code(code),)).fetchone()
            if row is None or row["kind"] == ALERT:  # nobody was given its code
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
