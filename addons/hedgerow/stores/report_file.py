"""The reports' SQLite file: WAL, ``synchronous=FULL`` (what ``commit`` returned for outlives a power failure), 0600.

``secure_delete`` overwrites what retention deletes (https://www.sqlite.org/pragma.html#pragma_secure_delete), and the
WAL is emptied afterwards: a child's words do not linger in free pages.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hedgerow.stores.report_model import ReportsUnavailable

_BUSY_SECONDS = 2.0
_SCHEMA = """
create table if not exists reports (
  code text primary key, kind text not null, at real not null, last_at real not null, text text not null,
  print blob not null, host text not null, path text not null, page_code text not null, category text not null,
  band text not null, network text not null, language text not null, person text not null, contact text not null,
  times integer not null default 1, same_as text not null default '', assigned text not null default '',
  read_at real, answer text not null default '', answered_at real, closed_at real,
  routed integer not null default 0
);
create index if not exists reports_print on reports (print, at);
create index if not exists reports_person on reports (person) where person <> '';
create index if not exists reports_at on reports (at);
create index if not exists reports_new on reports (kind) where routed = 0 and same_as = '' and closed_at is null;
create table if not exists notes (
  code text not null references reports (code) on delete cascade,
  at real not null, who text not null, what text not null, text text not null
);
create index if not exists notes_code on notes (code);
create table if not exists messages (
  id text primary key, recipient text not null, made_at real not null, alone integer not null,
  tries integer not null default 0,  next_at real not null, error text not null default '', sent_at real
);
create table if not exists deliveries (
  code text not null references reports (code) on delete cascade, recipient text not null, alone integer not null,
  message text not null default '', primary key (code, recipient)
) without rowid;
create index if not exists deliveries_message on deliveries (message);
create table if not exists alerts (
  code text primary key references reports (code) on delete cascade, severity integer not null, topic text not null,
  channel text not null, person text not null, score real not null
) without rowid;
create index if not exists alerts_person on alerts (person, topic);
create table if not exists alert_files (name text primary key) without rowid;
create table if not exists notices (
  message text not null, name text not null, at real not null, number integer not null
);
create index if not exists notices_message on notices (message);
create table if not exists retention (boot text not null, ahead real not null, quiet_until real not null);
create table if not exists counts (
  name text not null, label text not null, n integer not null, primary key (name, label)
);
"""

_PAGE_OF_WHO_NEEDS_HELP = "page_code <> '' and kind in ('help', 'hurt')"
"""Versions before kept the code of the page; two keyholders could find out by it whose device it was."""
_MARKS = 1
"""``user_version`` since which ``person`` is the same for the same report only; before, it joined all of a device's."""


class ReportFile:
    """One connection, one thread at a time. Raises ReportsUnavailable when the file cannot be opened or is no store."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            os.fchmod(descriptor, 0o600)  # SQLite gives the WAL the mode and the owner of the file
            _own(descriptor, path)
            os.close(descriptor)
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None
            )
        except (OSError, sqlite3.Error) as error:
            raise ReportsUnavailable(f"{path}: {error}") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            raise ReportsUnavailable(f"{path}: {error}") from error

    def _prepare(self) -> None:
        self._connection.row_factory = sqlite3.Row
        for name, value in (("journal_mode", "wal"), ("synchronous", "full"), ("foreign_keys", "on")):
            self._connection.execute(f"pragma {name}={value}")
        self._connection.execute("pragma secure_delete=on")
        self._connection.executescript(_SCHEMA)
        if self._connection.execute(f"select 1 from reports where {_PAGE_OF_WHO_NEEDS_HELP}").fetchone():
            self._connection.execute(f"update reports set page_code = '' where {_PAGE_OF_WHO_NEEDS_HELP}")
        if self._connection.execute("pragma user_version").fetchone()[0] < _MARKS:
            self._connection.execute("update reports set person = ''")
            self._connection.execute(f"pragma user_version={_MARKS}")
            self._connection.execute("pragma wal_checkpoint(truncate)")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is on the disk when the block ends, or none. Raises ReportsUnavailable."""
        with self._lock, self._told():
            self._connection.execute("begin immediate")
            try:
                yield self._connection
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """For one or more queries. Raises ReportsUnavailable."""
        with self._lock, self._told():
            yield self._connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise ReportsUnavailable(f"{self.path}: {error}") from error

    def forget(self) -> None:
        """Empties the write-ahead log, so that deleted words are not in it any more."""
        with self.reading() as connection:
            connection.execute("pragma wal_checkpoint(truncate)")

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _own(descriptor: int, path: Path) -> None:
    """What root's command makes belongs to the service, as the folder does: it must be able to write."""
    folder = path.absolute().parent.stat()
    if os.geteuid() == 0 and os.fstat(descriptor).st_uid != folder.st_uid:
        os.fchown(descriptor, folder.st_uid, folder.st_gid)


def count(connection: sqlite3.Connection, name: str, label: str, n: int = 1) -> None:
    """Adds to a count that outlives reports and restarts. ``label`` comes from a closed set."""
    connection.execute(
        "insert into counts values (?,?,?) on conflict (name, label) do update set n = n + excluded.n", (name, label, n)
    )
