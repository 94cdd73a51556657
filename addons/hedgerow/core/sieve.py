"""Does any of thousands of keys stand in this text? Hyperscan's literal matcher (BSD; python-hyperscan is MIT) answers.

It says yes or no and nothing more. Its tables are a fiftieth of an automaton's that also says where, so that they stay
in the processor's cache from one page to the next.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Sequence

import hyperscan

MOST_KEYS = 20_000
"""Compiling more takes longer than a reload should: such a list is searched without a sieve."""


class Sieve:
    """Keys, compiled. Immutable, and safe in several threads."""

    __slots__ = ("_database", "_lets_all", "_lock")

    def __init__(self, keys: Iterable[bytes]) -> None:
        listed = sorted({key for key in keys if key})
        self._lets_all = len(listed) > MOST_KEYS or any(b"\0" in key for key in listed)  # a NUL ends a C string
        self._database = _compiled(listed) if listed and not self._lets_all else None
        self._lock = threading.Lock()  # Hyperscan's scratch space serves one search at a time

    def holds(self, text: bytes) -> bool:
        """True when a key stands in the text, or when there are too many to say. Linear time, ends at the first."""
        if self._database is None:
            return self._lets_all
        try:
            with self._lock:
                self._database.scan(text, match_event_handler=_stop)
        except hyperscan.ScanTerminated:
            return True
        return False


def _stop(*_match: object) -> bool:
    return True


def _compiled(keys: list[bytes]) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=keys, ids=list(range(len(keys))), elements=len(keys), flags=0, literal=True)
    return database


class Signs:
    """Expressions over bytes, compiled: whether and where one matches. Immutable, and safe in several threads."""

    __slots__ = ("_database", "_lock")

    def __init__(self, expressions: Sequence[bytes]) -> None:
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        flags = [hyperscan.HS_FLAG_DOTALL] * len(expressions)
        ids = list(range(len(expressions)))
        self._database.compile(expressions=list(expressions), ids=ids, elements=len(ids), flags=flags)
        self._lock = threading.Lock()

    def ends(self, text: bytes, most: int) -> list[int]:
        """Where matches end, in order, the first ``most`` of them. Linear time."""
        found: list[int] = []

        def note(_number: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            if not found or found[-1] != end:
                found.append(end)
            return len(found) >= most

        with self._lock, contextlib.suppress(hyperscan.ScanTerminated):
            self._database.scan(text, match_event_handler=note)
        return found
