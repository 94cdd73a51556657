"""Does, where and which of many expressions stand in these bytes? Hyperscan (BSD; python-hyperscan is MIT) answers.

It reads a gigabyte a second and more, for its tables stay in the processor's cache from one page to the next.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence

import hyperscan


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


class Marks:
    """Expressions over bytes, compiled: which of them match. Immutable, and safe in several threads."""

    __slots__ = ("_database", "_lock")

    def __init__(self, expressions: Sequence[bytes], *, literal: bool = False, once: bool = False) -> None:
        """``literal``: the expressions are plain bytes, without NUL. ``once``: each of them is told once."""
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        ids, flags = list(range(len(expressions))), hyperscan.HS_FLAG_SINGLEMATCH if once else 0
        self._database.compile(expressions=list(expressions), ids=ids, elements=len(ids), flags=flags, literal=literal)
        self._lock = threading.Lock()  # Hyperscan's scratch space serves one search at a time

    def numbers(self, text: bytes) -> list[int]:
        """The number of each match, in the order in which they end. Linear time."""
        found: list[int] = []

        def note(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            found.append(number)

        with self._lock:
            self._database.scan(text, match_event_handler=note)
        return found
