"""Who is told about which report, and what is still to be sent. Kept in the reports' file, in transactions.

An alert of high severity goes like a request for help, of medium severity with what else waits; a low one is told to
nobody, and stands in the list.

A message is packed and on the disk before it is tried, with an id that stays: a process killed at any point sends it
again under the same id (Message-ID, Idempotency-Key), so that a receiver can tell. Requests for help go one by one,
ten in ten minutes; what else waits for the same recipient goes together, at most one message each half minute: a flood
of forms is no flood of mail, and nothing of it is late.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from hedgerow.core.model import Severity
from hedgerow.stores.report_file import count
from hedgerow.stores.report_model import CARE, STORED, TOPICS
from hedgerow.stores.report_notices import TOPICS as NOTICE_TOPICS
from hedgerow.stores.report_notices import Notice, notices_of
from hedgerow.stores.reports import ReportStore
from hedgerow.stores.site import Site

PAUSES = (5.0, 10.0, 20.0, 60.0, 120.0, 300.0, 900.0, 1800.0, 3600.0)
"""Seconds after each failed try; then hourly, for as long as the report is open."""

STILL = (
    "(exists (select 1 from deliveries d join reports r on r.code = d.code "
    "where d.message = m.id and r.closed_at is null) or exists (select 1 from notices n where n.message = m.id))"
)
"""Of a message ``m``: what it tells is not over."""
TOGETHER_SECONDS = 30.0
TOGETHER = 200
ALONE = 10
ALONE_SECONDS = 600.0
DESK = "desk:"
_SEVERITY = "coalesce((select severity from alerts a where a.code = reports.code), 0)"
_LOUD = f"(kind <> 'alert' or {_SEVERITY} > {int(Severity.LOW)})"
"""An alert of low severity stands in the list alone: nobody is to be mailed about it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One report as a message names it: no words of the child, nothing about who or where.

    Of an alert also how urgent it is, what it is about, of which band, and how often; "" and 1 for a report.
    """

    code: str
    kind: str
    at: float
    severity: str = ""
    topic: str = ""
    band: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Message:
    """What one recipient is told at once. ``id`` stays the same for every try."""

    id: str
    recipient: str
    items: tuple[Item, ...]
    tries: int
    notices: tuple[Notice, ...] = ()  # instead of reports: what ``alerts`` and ``technical`` are told

    @property
    def channel(self) -> str:
        return "mail" if self.recipient.startswith("mailto:") else "webhook"


class Outbox:
    """For one process at a time (``portal.deliver`` holds a lock). Methods raise ReportsUnavailable."""

    def __init__(self, store: ReportStore) -> None:
        self._store = store
        self._routes: Mapping[str, tuple[str, ...]] | None = None

    def route(self, site: Site) -> None:
        """Names the recipients of what is new, and of all that is untold when site.yaml has changed; then packs."""
        changed = site.reports != self._routes
        with self._store.file.writing() as connection:
            for row in _to_route(connection, site, changed):
                _address(connection, row, site)
            if changed:
                _withdraw(connection, site)
            self._pack(connection)
        self._routes = site.reports

    def _pack(self, connection: sqlite3.Connection) -> None:
        now = self._store.clock()
        for code, recipient in connection.execute(
            "select code, recipient from deliveries where message = '' and alone"
        ).fetchall():
            if _packed(connection, recipient, now - ALONE_SECONDS, now, alone=True) < ALONE:
                _message(connection, recipient, (code,), now, alone=True)
        for (recipient,) in connection.execute(
            "select distinct recipient from deliveries where message = ''"
        ).fetchall():
            if not _packed(connection, recipient, now - TOGETHER_SECONDS, now, alone=False):
                codes = connection.execute(
                    "select code from deliveries where message = '' and recipient = ? order by alone desc limit ?",
                    (recipient, TOGETHER),
                )
                _message(connection, recipient, tuple(code for (code,) in codes), now, alone=False)

    def due(self, limit: int = 20) -> tuple[Message, ...]:
        """Messages to try now; requests for help first. A clock that was set back holds nothing up for long."""
        now = self._store.clock()
        with self._store.file.reading() as connection:
            rows = connection.execute(
                "select m.* from messages m where m.sent_at is null "
                "and (m.next_at <= :now or m.next_at > :now + :longest) "
                f"and {STILL} "
                "order by not exists (select 1 from deliveries d where d.message = m.id and d.alone), m.made_at "
                "limit :limit",
                {"now": now, "longest": PAUSES[-1], "limit": limit},
            ).fetchall()
            return tuple(_read(connection, row) for row in rows)

    def sent(self, message: Message) -> None:
        """The recipient's server has taken it. On the disk when this returns."""
        with self._store.file.writing() as connection:
            connection.execute("update messages set sent_at = ? where id = ?", (self._store.clock(), message.id))
            count(connection, "sent", message.channel)

    def failed(self, message: Message, error: str) -> None:
        """Not taken: it is tried again after a pause that grows."""
        pause = PAUSES[min(message.tries, len(PAUSES) - 1)]
        with self._store.file.writing() as connection:
            connection.execute(
                "update messages set tries = tries + 1, next_at = ?, error = ? where id = ?",
                (self._store.clock() + pause, error[:300], message.id),
            )
            count(connection, "failed", message.channel)

    def tidy(self) -> None:
        """Forgets messages whose reports are deleted."""
        with self._store.file.writing() as connection:
            connection.execute(
                "delete from messages where id not in (select message from deliveries) "
                "and id not in (select message from notices)"
            )


def _to_route(connection: sqlite3.Connection, site: Site, changed: bool) -> list[sqlite3.Row]:
    kinds = tuple(kind for kind in STORED if site.reports.get(TOPICS[kind]))
    open_one = f"same_as = '' and closed_at is null and kind in ({', '.join('?' * len(kinds))}) and {_LOUD}"
    told = "select d.code from deliveries d join messages m on m.id = d.message where m.sent_at is not null"
    which = f"code not in ({told})" if changed else "routed = 0"
    return connection.execute(
        f"select code, kind, {_SEVERITY} as severity from reports where {open_one} and {which}", kinds
    ).fetchall()


def _address(connection: sqlite3.Connection, row: sqlite3.Row, site: Site) -> None:
    for recipient in site.reports[TOPICS[row["kind"]]]:
        if not recipient.startswith(DESK):  # a person reads `hedgerow reports list`
            connection.execute(
                "insert or ignore into deliveries (code, recipient, alone) values (?,?,?)",
                (row["code"], recipient, row["kind"] in CARE or row["severity"] == Severity.HIGH),
            )
    connection.execute("update reports set routed = 1 where code = ?", (row["code"],))


def _withdraw(connection: sqlite3.Connection, site: Site) -> None:
    """Whoever site.yaml does not name any more is told nothing more."""
    rows = connection.execute(
        "select d.code, d.recipient, r.kind from deliveries d join reports r on r.code = d.code "
        "left join messages m on m.id = d.message where m.sent_at is null"
    ).fetchall()
    for row in rows:
        if row["recipient"] not in site.reports.get(TOPICS[row["kind"]], ()):
            connection.execute("delete from deliveries where code = ? and recipient = ?", tuple(row)[:2])
    named = {one for topic in NOTICE_TOPICS for one in site.reports.get(topic, ())}
    waiting = "select id, recipient from messages where sent_at is null and id in (select message from notices)"
    for message, recipient in connection.execute(waiting).fetchall():
        if recipient not in named:
            connection.execute("delete from messages where id = ?", (message,))


def _packed(connection: sqlite3.Connection, recipient: str, since: float, now: float, *, alone: bool) -> int:
    """How many messages were packed for them lately, of one report or of those that go together."""
    found: int = connection.execute(
        "select count(*) from messages where recipient = ? and alone = ? and made_at between ? and ?",
        (recipient, alone, since, now),
    ).fetchone()[0]
    return found


def _message(
    connection: sqlite3.Connection, recipient: str, codes: tuple[str, ...], now: float, *, alone: bool
) -> None:
    number = secrets.token_hex(16)
    connection.execute(
        "insert into messages (id, recipient, made_at, alone, next_at) values (?,?,?,?,?)",
        (number, recipient, now, alone, now),
    )
    connection.executemany(
        "update deliveries set message = ? where code = ? and recipient = ?",
        [(number, code, recipient) for code in codes],
    )


def _read(connection: sqlite3.Connection, row: sqlite3.Row) -> Message:
    told = notices_of(connection, row["id"])
    return Message(row["id"], row["recipient"], _items(connection, row["id"]), row["tries"], told)


def _items(connection: sqlite3.Connection, message: str) -> tuple[Item, ...]:
    rows = connection.execute(
        "select r.code, r.kind, r.at, a.severity, a.topic, r.band, r.times from deliveries d "
        "join reports r on r.code = d.code left join alerts a on a.code = r.code "
        "where d.message = ? order by r.at, r.code",
        (message,),
    )
    return tuple(map(_item, rows))


def _item(row: sqlite3.Row) -> Item:
    if row["severity"] is None:
        return Item(row["code"], row["kind"], row["at"])
    return Item(row["code"], row["kind"], row["at"], str(Severity(row["severity"])), *tuple(row)[4:])
