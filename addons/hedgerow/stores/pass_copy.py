"""One worker's copy of what teachers granted: read by a thread of its own, so that no request ever waits for the file.

The thread asks ``PRAGMA data_version`` ten times a second (SQLite: it changes when another connection wrote) and reads
the table when it changed. What is asked on each request is whether a tuple is empty.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from hedgerow.core.model import Exam, Grant, Grants, Identity, Pass, Relax
from hedgerow.stores.pass_rows import Granted, GrantKind, connect, hashed, read
from hedgerow.stores.spans import Clocks
from hedgerow.stores.state import State, key

_ASK_EVERY = 0.1
_BUSY_SECONDS = 0.2


class PassCopy:
    """The part of ``core.model.Grants`` that teachers speak: passes, exams, the relaxation."""

    def __init__(self, path: Path, secret: bytes, clocks: Clocks, follow: bool = True) -> None:
        """``follow=False``: as it is now, and the file is closed again."""
        self._path, self._secret, self._clocks = path, secret, clocks
        self._version = -1
        self.changed: Callable[[], None] = lambda: None  # in a thread of its own, whenever a grant begins or ends
        self._passes: tuple[Granted, ...] = ()
        self._exams: tuple[Granted, ...] = ()
        self._relaxed: tuple[Granted, ...] = ()
        self._connection = connect(path, _BUSY_SECONDS)
        self.refresh()  # before the first request, not a tenth of a second after it
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="passes", daemon=True)
        if follow:
            self._thread.start()
        else:
            self._connection.close()

    def passes(self, identity: Identity, now: object = None) -> tuple[Pass, ...]:
        """In force now for this identity."""
        return tuple(row.as_pass for row in self._for(self._passes, identity)) if self._passes else ()

    def exam(self, identity: Identity, now: object = None) -> Exam | None:
        """The newest one in force for this identity, or None."""
        if not self._exams:
            return None
        return next((row.as_exam for row in reversed(self._for(self._exams, identity))), None)

    def relaxed(self, now: object = None) -> Relax | None:
        """The one that ends last, or None."""
        if not self._relaxed:
            return None
        held = [row.as_relax for row in self._relaxed if row.holds(self._clocks)]
        return max(held, key=lambda relax: relax.until, default=None)

    def refresh(self) -> None:
        """Read the file if it changed. What cannot be read leaves what is known in force until it ends."""
        try:
            version = self._connection.execute("pragma data_version").fetchone()[0]
            if version == self._version:
                return
            rows = read(self._connection)
        except sqlite3.Error:
            return
        self._passes, self._exams, self._relaxed = (_of(rows, kind) for kind in GrantKind)
        self._version = version

    def close(self) -> None:
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=5)
        self._connection.close()

    def _for(self, rows: Sequence[Granted], identity: Identity) -> list[Granted]:
        person = hashed(self._secret, "person", identity.key)
        return [row for row in rows if row.scope.holds_for(identity, person) and row.holds(self._clocks)]

    def _follow(self) -> None:
        held = self._holding()
        while not self._ended.wait(_ASK_EVERY):
            self.refresh()
            if held != (held := self._holding()):  # a fault in what is called must not end the following
                threading.Thread(target=self.changed, name="grants-changed", daemon=True).start()

    def _holding(self) -> frozenset[str]:
        rows = (*self._passes, *self._exams, *self._relaxed)
        return frozenset(row.id for row in rows if row.holds(self._clocks)) if rows else frozenset()


def _of(rows: Sequence[Granted], kind: GrantKind) -> tuple[Granted, ...]:
    return tuple(row for row in rows if row.kind is kind)


class TeachersGrants(Grants):
    """What teachers granted, as a copy has it; nobody continued past a warning."""

    def __init__(self, copy: PassCopy) -> None:
        self._granted = copy

    def lifts(self, person: str, site: str, digest: str, now: datetime) -> Grant | None:
        return None

    def passes(self, identity: Identity, now: datetime) -> tuple[Pass, ...]:
        return self._granted.passes(identity)

    def exam(self, identity: Identity, now: datetime) -> Exam | None:
        return self._granted.exam(identity)

    def relaxed(self, now: datetime) -> Relax | None:
        return self._granted.relaxed()


class InForce(TeachersGrants):
    """The grants of this box, as they are now. Raises OSError, StateError or sqlite3.Error when unreadable."""

    def __init__(self, state: State) -> None:
        super().__init__(PassCopy(state.grants, key(state.keys / "grants.key"), Clocks.here(), follow=False))
