"""The file beneath ``passes`` and ``unlock``: one connection, one writer at a time, errors told in words."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hedgerow.stores.pass_rows import Granted, connect, hashed, insert, read
from hedgerow.stores.record import Record
from hedgerow.stores.spans import Clocks
from hedgerow.stores.state import belong
from hedgerow.stores.unlock_codes import TABLES, add_up

_BUSY_SECONDS = 1.0
_COUNT_EVERY = 1.0
_OVER = "delete from granted where wall_end < ? and not (kind = 'exam' and boot = ? and boot_end > ?)"
"""An exam of this boot stays while the boot clock holds it (``spans``)."""


class PassError(OSError):
    """Nothing was granted. The message says why and what to look at."""


class Ledger:
    """``state/grants.sqlite`` open for writing. A call may take a second: call it from a thread."""

    def __init__(self, path: Path, secret: bytes, record: Record, clocks: Clocks | None = None) -> None:
        self._path, self._secret = path, secret
        self.record, self.clocks = record, clocks or Clocks.here()
        self._refused: Counter[str] = Counter()  # not yet in the file: a flood must not be a flood of writes
        self._written = 0.0
        self._alone = threading.RLock()  # one connection, and the portal's requests come from many threads
        with self._told():
            self._connection = connect(path, _BUSY_SECONDS)
            self._connection.executescript(TABLES)
            self._connection.execute("pragma synchronous=full")
        for one in path.parent.glob(f"{path.name}*"):
            belong(one)

    def close(self) -> None:
        if self._refused:
            self._count()
        self._connection.close()

    def hashed(self, *words: str) -> bytes:
        return hashed(self._secret, *words)

    def left(self, wall_end: float) -> float:
        """Seconds until this moment of the wall clock, never below 0."""
        return max(0.0, wall_end - self.clocks.wall())

    def held(self) -> tuple[Granted, ...]:
        """All grants in force, oldest first. Raises PassError."""
        with self.reading() as connection:
            return tuple(row for row in read(connection) if row.holds(self.clocks))

    def grant(self, *rows: Granted) -> None:
        """All of them or none. Raises PassError."""
        with self.writing() as connection:
            for row in rows:
                insert(connection, row)

    def count_refused(self, *names: str) -> None:
        """Counted in the file at most once a second; a file that cannot be written leaves the refusal as it is."""
        self._refused.update(names)
        if time.monotonic() - self._written >= _COUNT_EVERY:
            self._count()

    def _count(self) -> None:
        self._written = time.monotonic()
        with suppress(PassError), self.writing():
            pass

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._told():
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing; what is over goes. Raises PassError when the disk is full or the file locked."""
        with self._told():
            self._connection.execute("begin immediate")
            try:
                self._connection.execute(_OVER, (self.clocks.wall(), self.clocks.boot, self.clocks.up()))
                for name, count in self._refused.items():
                    add_up(self._connection, name, count)
                yield self._connection
                self._connection.execute("commit")
                self._refused.clear()
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            with self._alone:
                yield
        except sqlite3.Error as error:
            raise PassError(f"{self._path}: nothing was granted: {error}") from error
