"""Continued warnings: one small SQLite file (WAL), and an in-memory copy in each worker that ``decide`` reads.

The copy is re-read when ``PRAGMA data_version`` says another worker wrote, asked at most every 100 ms.
Writes go through one thread with a short busy timeout: a locked or full disk means no new grant, never a wait.
A grant ends when the wall clock or the boot clock says so, whichever is first: setting a clock back, or
forward and back, never lengthens it.

Neither person nor site is in the file: a grant is found by a keyed hash of both (HMAC-SHA256, RFC 2104), so that
whoever reads the file, or a backup of it, learns how many warnings were continued and nothing else.
"""

from __future__ import annotations

import hmac
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

from hedgerow.core.model import Exam, Grant, Grants, Identity, Pass, Relax
from hedgerow.stores.pass_copy import PassCopy
from hedgerow.stores.spans import Clocks, boot_id

_ASK_EVERY = 0.1
_FIRST_ASK = 0.005
_BUSY_SECONDS = 0.2
_TABLE = """
create table if not exists grants (
  key blob not null primary key,
  wall_start real not null, wall_end real not null, boot_start real not null, boot_end real not null,
  boot text not null
) without rowid
"""


@dataclass(frozen=True, slots=True)
class _Row:
    key: bytes
    wall_start: float
    wall_end: float
    boot_start: float
    boot_end: float
    boot: str


class GrantStore(Grants):
    """Implements ``core.model.Grants`` for one worker; what teachers granted is ``PassCopy``'s to say.

    ``dropped`` is called once for each continued warning that was lost.
    """

    def __init__(
        self,
        path: Path,
        secret: bytes,
        wall: Callable[[], float] = time.time,
        boot: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
        dropped: Callable[[], None] = lambda: None,
    ) -> None:
        self._path, self._secret, self._wall, self._boot_clock, self._dropped = path, secret, wall, boot, dropped
        self._boot = boot_id()
        self._copy: dict[bytes, _Row] = {}
        self._queued: set[bytes] = set()  # added here, not yet in the file
        self._asked = -1.0
        self._version = -1
        self._reader = _connect(path)
        with self._reader:
            self._reader.execute(_TABLE)
        self._granted = PassCopy(path, secret, Clocks(wall, boot, self._boot))
        self._queue: queue.SimpleQueue[_Row | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_all, name="grants", daemon=True)
        self._writer.start()

    def lifts(self, person: str, site: str, digest: str, now: datetime) -> Grant | None:
        """The grant in force for exactly this person, site and rule, or None. Never waits for the disk's lock."""
        self._refresh()
        key = self._key(person, site, digest)
        if key not in self._copy:
            self._refresh(_FIRST_ASK)  # before a warning is shown again: another worker may just have heard the answer
        row = self._copy.get(key)
        if row is None:
            return None
        wall, boot = self._wall(), self._boot_clock()
        in_time = row.wall_start - 1 <= wall < row.wall_end
        if row.boot == self._boot:
            in_time = in_time and row.boot_start - 1 <= boot < row.boot_end
        return Grant(person, site, digest, row.wall_end) if in_time else None

    def on_change(self, changed: Callable[[], None]) -> None:
        """Called, in a thread of its own, whenever a pass, an exam or a relaxation begins or ends."""
        self._granted.changed = changed

    def passes(self, identity: Identity, now: datetime) -> tuple[Pass, ...]:
        return self._granted.passes(identity)

    def exam(self, identity: Identity, now: datetime) -> Exam | None:
        return self._granted.exam(identity)

    def relaxed(self, now: datetime) -> Relax | None:
        return self._granted.relaxed()

    def add(self, person: str, site: str, digest: str, seconds: float) -> None:
        """In force here at once, in the other workers as soon as it is written. ``seconds`` from now."""
        wall, boot = self._wall(), self._boot_clock()
        row = _Row(self._key(person, site, digest), wall, wall + seconds, boot, boot + seconds, self._boot)
        self._copy[row.key] = row
        self._queued.add(row.key)
        self._queue.put(row)

    def _key(self, person: str, site: str, digest: str) -> bytes:
        message = "\0".join(("grant", person, site, digest)).encode()
        return hmac.digest(self._secret, message, "sha256")[:16]

    def close(self) -> None:
        """Write what is queued and stop the thread."""
        self._queue.put(None)
        self._writer.join(timeout=5)
        self._reader.close()
        self._granted.close()

    def _refresh(self, every: float = _ASK_EVERY) -> None:
        moment = time.monotonic()
        if moment - self._asked < every:
            return
        self._asked = moment
        try:
            version = self._reader.execute("pragma data_version").fetchone()[0]
            if version == self._version:
                return
            rows = self._reader.execute("select * from grants where wall_end > ?", (self._wall(),)).fetchall()
        except sqlite3.Error:
            return  # what is known stays in force until it ends; nothing new is granted
        read = {row[0]: _Row(*row) for row in rows}
        self._copy = {**read, **{key: self._copy[key] for key in tuple(self._queued) if key in self._copy}}
        self._version = version

    def _write_all(self) -> None:
        connection = _connect(self._path)
        while (row := self._queue.get()) is not None:
            try:
                with connection:
                    connection.execute("delete from grants where wall_end <= ?", (self._wall(),))
                    connection.execute("insert or replace into grants values (?,?,?,?,?,?)", astuple(row))
            except sqlite3.Error:
                self._copy.pop(row.key, None)  # the same answer in every worker: no grant
                self._dropped()
            finally:
                self._queued.discard(row.key)
        connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=normal")
    return connection
