"""Continued warnings: one small SQLite file (WAL), and an in-memory copy in each worker that ``decide`` reads.

The copy is re-read when ``PRAGMA data_version`` says another worker wrote, asked at most every 100 ms.
Writes go through one thread with a short busy timeout: a locked or full disk means no new grant, never a wait.
A grant ends when the wall clock or the boot clock says so, whichever is first (``spans``).

Neither person nor site is in the file: a grant is found by a keyed hash of both (HMAC-SHA256, RFC 2104), so that
whoever reads the file, or a backup of it, learns how many warnings were continued and nothing else.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import astuple
from datetime import datetime
from pathlib import Path

from hedgerow.core.model import Grant
from hedgerow.stores.pass_copy import PassCopy, TeachersGrants
from hedgerow.stores.pass_rows import hashed
from hedgerow.stores.spans import Clocks, Span, boot_id

_ASK_EVERY = 0.1
_FIRST_ASK = 0.005
_BUSY_SECONDS = 0.2
_SOUND = " and ".join(f"typeof({name}) = 'real'" for name in ("wall_start", "wall_end", "boot_start", "boot_end"))
"""A row whose times are times. What another version, or a hand, wrote grants nothing, and goes at the next write."""
_HELD = f"select key, wall_start, wall_end, boot_start, boot_end, boot from grants where wall_end > ? and {_SOUND}"
_TABLE = """
create table if not exists grants (
  key blob not null primary key,
  wall_start real not null, wall_end real not null, boot_start real not null, boot_end real not null,
  boot text not null
) without rowid
"""


class GrantStore(TeachersGrants):
    """Implements ``core.model.Grants`` for one worker: continued warnings, and what teachers granted.

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
        self._path, self._secret, self._dropped = path, secret, dropped
        self._clocks = Clocks(wall, boot, boot_id())
        self._copy: dict[bytes, Span] = {}
        self._queued: set[bytes] = set()  # added here, not yet in the file
        self._asked = -1.0
        self._version = -1
        self._reader = _connect(path)
        with self._reader:
            self._reader.execute(_TABLE)
        super().__init__(PassCopy(path, secret, self._clocks))
        self._queue: queue.SimpleQueue[tuple[bytes, Span] | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_all, name="grants", daemon=True)
        self._writer.start()

    def lifts(self, person: str, site: str, digest: str, now: datetime) -> Grant | None:
        """The grant in force for exactly this person, site and rule, or None. Never waits for the disk's lock."""
        self._refresh()
        key = hashed(self._secret, "grant", person, site, digest)
        if key not in self._copy:
            self._refresh(_FIRST_ASK)  # before a warning is shown again: another worker may just have heard the answer
        span = self._copy.get(key)
        if span is None or not self._clocks.hold(span):
            return None
        return Grant(person, site, digest, span.wall_end)

    def on_change(self, changed: Callable[[], None]) -> None:
        """Called, in a thread of its own, whenever a pass, an exam or a relaxation begins or ends."""
        self._granted.changed = changed

    def add(self, person: str, site: str, digest: str, seconds: float) -> None:
        """In force here at once, in the other workers as soon as it is written. ``seconds`` from now."""
        key, span = hashed(self._secret, "grant", person, site, digest), self._clocks.span(seconds)
        self._copy[key] = span
        self._queued.add(key)
        self._queue.put((key, span))

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
            rows = self._reader.execute(_HELD, (self._clocks.wall(),)).fetchall()
        except sqlite3.Error:
            return  # what is known stays in force until it ends; nothing new is granted
        read = {key: Span(*span) for key, *span in rows}
        self._copy = {**read, **{key: self._copy[key] for key in tuple(self._queued) if key in self._copy}}
        self._version = version

    def _write_all(self) -> None:
        connection = _connect(self._path)
        while (queued := self._queue.get()) is not None:
            key, span = queued
            try:
                with connection:
                    connection.execute(
                        f"delete from grants where wall_end <= ? or not ({_SOUND})", (self._clocks.wall(),)
                    )
                    connection.execute("insert or replace into grants values (?,?,?,?,?,?)", (key, *astuple(span)))
            except sqlite3.Error:
                self._copy.pop(key, None)  # the same answer in every worker: no grant
                self._dropped()
            finally:
                self._queued.discard(key)
        connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    if not path.exists():
        path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=normal")
    return connection
