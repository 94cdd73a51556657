"""Where do any of thousands of literals end in these bytes? Hyperscan (BSD; python-hyperscan is MIT) answers.

Its tables are a fiftieth of an automaton's, so that they stay in the processor's cache from one page to the next, and
it reads more than a gigabyte a second. Compiling takes longer, so that very long lists get an automaton.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Container, Iterator, Sequence

import hyperscan
from ahocorasick_rs import BytesAhoCorasick, Implementation

MOST_KEYS = 20_000
"""Compiling more takes longer than a reload should."""

_CHUNK = 64 * 1024
"""Bytes searched at once: bounds the list of matches a hostile page can make."""

_SHORT = 5
"""Bytes up to which a word of ASCII letters is looked for at word ends only: it stands inside many others. That costs
a millisecond each at a reload, so that longer ones are not."""

type _Report = Callable[[int, int], bool | None]
"""Takes the number of a literal, and where it ends. True ends the search."""


class Literals:
    """Byte strings, none empty, each once. Immutable, and safe in several threads.

    Short words may be reported only where no ASCII letter or digit stands beside them.
    """

    __slots__ = ("_automaton", "_database", "_lengths", "_literals", "_lock", "_longest")

    def __init__(self, literals: Sequence[bytes], stems: Container[int] = ()) -> None:
        """``stems`` are the numbers of those behind which a word may go on."""
        few = len(literals) <= MOST_KEYS
        self._database = _compiled(literals, stems) if literals and few else None
        self._automaton = _automaton(literals) if literals and not few else None
        self._literals = tuple(literals)
        self._lengths = tuple(map(len, literals))
        self._longest = max(self._lengths, default=0)
        self._lock = threading.Lock()  # Hyperscan's scratch space serves one search at a time

    def stand(self, data: bytes, wanted: Container[int] | None = None) -> bool:
        """True when a literal, one of ``wanted``, stands in ``data``. Linear time, ends at the first."""
        found = False

        def report(number: int, _end: int) -> bool:
            nonlocal found
            found = found or wanted is None or number in wanted
            return found

        for base in range(0, len(data), _CHUNK) if self._automaton else (0,):
            self._search(data[base : base + _CHUNK + self._longest] if self._automaton else data, report)
            if found:
                break
        return found

    def all(self, data: bytes) -> set[bytes]:
        """The literals that stand in ``data``. Linear time."""
        return {self._literals[number] for _, ends in self.find(data) for _, number in ends}

    def find(self, data: bytes) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """All places of all literals, overlapping ones too: piece by piece its beginning, and (end, number) sorted."""
        for base in range(0, len(data), _CHUNK):
            yield base, sorted(self._piece(data, base))

    def _piece(self, data: bytes, base: int) -> list[tuple[int, int]]:
        """The places that begin in the piece at ``base``."""
        first = max(base - 1, 0)  # what stands before decides whether a word begins
        lengths, found = self._lengths, []

        def report(number: int, end: int) -> None:
            if base <= first + end - lengths[number] < base + _CHUNK:
                found.append((first + end, number))

        self._search(data[first : base + _CHUNK + self._longest], report)
        return found

    def _search(self, data: bytes, report: _Report) -> None:
        if self._database is not None:

            def found(number: int, _start: int, end: int, _flags: int, _context: object) -> bool | None:
                return report(number, end)

            try:
                with self._lock:
                    self._database.scan(data, match_event_handler=found)
            except hyperscan.ScanTerminated:
                pass
        elif self._automaton is not None:
            for number, _, end in self._automaton.find_matches_as_indexes(data, overlapping=True):
                if report(number, end):
                    break


def _compiled(literals: Sequence[bytes], stems: Container[int]) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    patterns = [_pattern(literal, number in stems) for number, literal in enumerate(literals)]
    database.compile(expressions=patterns, ids=list(range(len(patterns))), elements=len(patterns), flags=0)
    return database


def _pattern(literal: bytes, stem: bool) -> bytes:
    escaped = b"".join(_ESCAPED[byte] for byte in literal)
    if len(literal) > _SHORT or not literal.isalnum():
        return escaped
    return rb"\b" + escaped + (b"" if stem else rb"\b")


_ESCAPED = [bytes([byte]) if bytes([byte]).isalnum() else rb"\x%02x" % byte for byte in range(256)]


def _automaton(literals: Sequence[bytes]) -> BytesAhoCorasick:
    """A graph: 50,000 phrases as a table would be half a gigabyte."""
    return BytesAhoCorasick(list(literals), implementation=Implementation.ContiguousNFA)
