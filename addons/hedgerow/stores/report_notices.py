"""What the recipients of ``alerts`` and ``technical`` are told: that nobody reads, that the filter is in trouble.

It goes out by the reports' own outbox: on the disk before it is tried, tried again until it is taken, under one id.
Each trouble is told at most once a day while it lasts; that requests for help are unread, once in each school hour.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from hedgerow.core.model import Severity
from hedgerow.core.school_clock import school_seconds
from hedgerow.stores.report_file import ReportFile
from hedgerow.stores.site import Site

TROUBLES = ("policy", "record", "workers", "portal", "disk", "certificate", "chores")
"""What ``hedgerow.supervisor_troubles`` finds; ``mail.notice.<name>`` says it."""
UNREAD = "unread"
UNREAD_ALERTS = "unread-alerts"
"""Alerts of high severity that nobody has opened for a school hour."""
TOPICS = ("alerts", "technical")
UNREAD_SECONDS = 3600.0
"""Lessons that a request for help may be unread."""
TROUBLE_SECONDS = 86_400.0
KEPT_SECONDS = 3 * 86_400.0
"""How long a notice is tried: what still lasts then is told anew."""
_ALONE = 2  # of the column: neither one report's message nor one of many reports


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that is told. ``number``: how many requests for help, or alerts, are unread."""

    name: str
    at: float
    number: int = 0


class Notices:
    """For the process that delivers. Methods raise ReportsUnavailable."""

    def __init__(self, file: ReportFile) -> None:
        self._file = file

    def tell(self, site: Site, troubles: Collection[str], now: float) -> None:
        """Puts what is new into the outbox. ``troubles``: those that last."""
        with self._file.reading() as connection:
            found = {"alerts": _all_unread(connection, site, now), "technical": _lasting(connection, troubles, now)}
        if any(found[topic] and _recipients(site, topic) for topic in TOPICS):
            with self._file.writing() as connection:
                for topic, notices in found.items():
                    for recipient in _recipients(site, topic) if notices else ():
                        _pack(connection, recipient, notices, now)

    def tidy(self, now: float) -> None:
        """Forgets what is over, and what was never taken."""
        with self._file.writing() as connection:
            connection.execute("delete from notices where not at between ? and ?", (now - KEPT_SECONDS, now))


def _recipients(site: Site, topic: str) -> tuple[str, ...]:
    """Whom a message can reach: a desk has `hedgerow reports list`, where none of this stands."""
    return tuple(one for one in site.reports.get(topic, ()) if not one.startswith("desk:"))


def _all_unread(connection: sqlite3.Connection, site: Site, now: float) -> tuple[Notice, ...]:
    serious = f"code in (select code from alerts where severity = {int(Severity.HIGH)})"
    return (
        *_unread(connection, UNREAD, "kind in ('help', 'hurt')", site, now),
        *_unread(connection, UNREAD_ALERTS, serious, site, now),
    )


def _unread(connection: sqlite3.Connection, name: str, which: str, site: Site, now: float) -> tuple[Notice, ...]:
    number, oldest = connection.execute(
        f"select count(*), min(at) from reports where {which} and read_at is null and closed_at is null"
    ).fetchone()
    if not number or _lessons(site, oldest, now) <= UNREAD_SECONDS:
        return ()
    last = _last(connection, name, now)
    return (Notice(name, now, number),) if last is None or _lessons(site, last, now) >= UNREAD_SECONDS else ()


def _lessons(site: Site, since: float, until: float) -> float:
    zone = ZoneInfo(site.timezone)
    moments = (datetime.fromtimestamp(since, zone), datetime.fromtimestamp(until, zone))
    return school_seconds(*moments, site.hours, site.calendar)


def _lasting(connection: sqlite3.Connection, troubles: Iterable[str], now: float) -> tuple[Notice, ...]:
    new = (name for name in TROUBLES if name in troubles)
    return tuple(
        Notice(name, now)
        for name in new
        if (last := _last(connection, name, now)) is None or now - last >= TROUBLE_SECONDS
    )


def _last(connection: sqlite3.Connection, name: str, now: float) -> float | None:
    """When it was last told; a time that lies ahead says that the clock was set, and tells nothing."""
    found = connection.execute("select max(at) from notices where name = ? and at <= ?", (name, now)).fetchone()[0]
    return None if found is None else float(found)


def _pack(connection: sqlite3.Connection, recipient: str, notices: tuple[Notice, ...], now: float) -> None:
    message = secrets.token_hex(16)
    connection.execute(
        "insert into messages (id, recipient, made_at, alone, next_at) values (?,?,?,?,?)",
        (message, recipient, now, _ALONE, now),
    )
    rows = [(message, one.name, one.at, one.number) for one in notices]
    connection.executemany("insert into notices values (?,?,?,?)", rows)


def notices_of(connection: sqlite3.Connection, message: str) -> tuple[Notice, ...]:
    """What this message tells; nothing when it is about reports."""
    rows = connection.execute("select name, at, number from notices where message = ? order by rowid", (message,))
    return tuple(Notice(*row) for row in rows)
