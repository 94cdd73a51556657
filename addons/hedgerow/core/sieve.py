"""Does, where and which of many expressions stand in these bytes? Hyperscan (BSD; python-hyperscan is MIT) answers.

It reads a gigabyte a second and more, for its tables stay in the processor's cache from one page to the next. They are
compiled when they are first asked, or by ``compile_all``: a command that reads no text does not wait for them.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Sequence

import hyperscan

type _Report = Callable[[int, int, int, int, object], bool | None]

_MADE: weakref.WeakSet[_Expressions] = weakref.WeakSet()


class _Expressions:
    """Expressions over bytes. Safe in several threads."""

    __slots__ = ("__weakref__", "_database", "_expressions", "_flags", "_literal", "_lock")

    def __init__(self, expressions: Sequence[bytes], flags: int = 0, literal: bool = False) -> None:
        self._expressions, self._flags, self._literal = tuple(expressions), flags, literal
        self._database: hyperscan.Database | None = None
        _MADE.add(self)
        self._lock = threading.Lock()  # Hyperscan's scratch space serves one search at a time

    def _scan(self, text: bytes, report: _Report) -> None:
        """Tells every match; a report of True ends it. Linear time."""
        with self._lock:
            try:  # this is asked dozens of times a page, and ``contextlib.suppress`` costs half as much as to search
                (self._database or self._compiled()).scan(text, match_event_handler=report)
            except hyperscan.ScanTerminated:
                return

    def compile(self) -> None:
        """Now, not at the first question."""
        with self._lock:
            self._compiled()

    def _compiled(self) -> hyperscan.Database:
        if self._database is None:
            made = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
            count = len(self._expressions)
            made.compile(
                expressions=list(self._expressions),
                ids=list(range(count)),
                elements=count,
                flags=self._flags,
                literal=self._literal,
            )
            self._database = made
        return self._database


def compile_all() -> None:
    """Compile what modules have made so far, so that no request waits for it."""
    for one in tuple(_MADE):
        one.compile()


class Signs(_Expressions):
    """Whether and where one of these expressions matches."""

    __slots__ = ()

    def __init__(self, expressions: Sequence[bytes]) -> None:
        super().__init__(expressions, hyperscan.HS_FLAG_DOTALL)

    def ends(self, text: bytes, most: int) -> list[int]:
        """Where matches end, in order, the first ``most`` of them. Linear time."""
        found: list[int] = []

        def note(_number: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            if not found or found[-1] != end:
                found.append(end)
            return len(found) >= most

        self._scan(text, note)
        return found


class Marks(_Expressions):
    """Which of these expressions match."""

    __slots__ = ()

    def __init__(self, expressions: Sequence[bytes], *, literal: bool = False, once: bool = False) -> None:
        """``literal``: the expressions are plain bytes, without NUL. ``once``: each of them is told once."""
        super().__init__(expressions, hyperscan.HS_FLAG_SINGLEMATCH if once else 0, literal)

    def numbers(self, text: bytes) -> list[int]:
        """The number of each match, in the order in which they end. Linear time."""
        found: list[int] = []

        def note(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            found.append(number)

        self._scan(text, note)
        return found
