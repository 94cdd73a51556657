"""Which of thousands of literals stand in these bytes, and where? Hyperscan (BSD; python-hyperscan is MIT) answers.

Which of them stand there, each told once, it says at more than a gigabyte a second. Where the few of them stand that
matter then is an automaton's work, made for these few. Compiling takes Hyperscan longer, so that very long lists get an
automaton for both.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Container, Iterator, Sequence, Set

import hyperscan
from ahocorasick_rs import BytesAhoCorasick, Implementation

MOST_KEYS = 40_000
"""Compiling more takes longer than a reload should."""

_CHUNK = 64 * 1024
"""Bytes searched at once: bounds the list of matches a hostile page can make."""

_SHORT = 5
"""Bytes up to which a word of ASCII letters is looked for at word ends only: it stands inside many others. That costs
a millisecond each at a reload, so that longer ones are not."""


class Literals:
    """Byte strings, none empty, each once. Immutable, and safe in several threads.

    Short words may be reported only where no ASCII letter or digit stands beside them.
    """

    __slots__ = ("_automaton", "_database", "_literals", "_lock", "_longest")

    def __init__(self, literals: Sequence[bytes], stems: Container[int] = ()) -> None:
        """``stems`` are the numbers of those behind which a word may go on."""
        few = len(literals) <= MOST_KEYS
        self._database = _compiled(literals, stems) if literals and few else None
        self._automaton = _automaton(literals) if literals and not few else None
        self._literals = tuple(literals)
        self._longest = max(map(len, literals), default=0)
        self._lock = threading.Lock()  # Hyperscan's scratch space serves one search at a time

    def __reduce__(self) -> tuple[object, ...]:
        dumped = hyperscan.dumpb(self._database) if self._database is not None else b""
        return _restored, (self._literals, dumped)

    def numbers(self, data: bytes) -> set[int]:
        """The numbers of the literals that stand in ``data``. Linear time."""
        if self._database is None:
            return {number for _, ends in self.find(data) for _, number in ends}
        found: set[int] = set()

        def note(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            found.add(number)

        with self._lock:
            self._database.scan(data, match_event_handler=note)
        return found

    def stand(self, data: bytes, wanted: Set[int] | None = None) -> bool:
        """True when a literal, one of ``wanted``, stands in ``data``. Linear time."""
        found = self.numbers(data)
        return bool(found) if wanted is None else not found.isdisjoint(wanted)

    def all(self, data: bytes) -> set[bytes]:
        """The literals that stand in ``data``. Linear time."""
        return {self._literals[number] for number in self.numbers(data)}

    def find(self, data: bytes, wanted: Collection[int] | None = None) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """All places of all literals, overlapping ones too: piece by piece its beginning, and (end, number) sorted.

        Of ``wanted`` only, if so asked.
        """
        numbers = range(len(self._literals)) if wanted is None else sorted(wanted)
        if not numbers:
            return
        automaton = self._automaton if wanted is None else None
        automaton = automaton or _automaton([self._literals[number] for number in numbers])
        for base in range(0, len(data), _CHUNK):
            matches = automaton.find_matches_as_indexes(data[base : base + _CHUNK + self._longest], overlapping=True)
            yield base, sorted((base + end, numbers[index]) for index, start, end in matches if start < _CHUNK)


def _restored(literals: tuple[bytes, ...], dumped: bytes) -> Literals:
    """As they were pickled, in milliseconds: compiling takes a thousand times longer."""
    made = Literals(())
    made._literals, made._longest = literals, max(map(len, literals), default=0)
    if dumped:
        made._database = hyperscan.loadb(dumped, hyperscan.HS_MODE_BLOCK)
        made._database.scratch = hyperscan.Scratch(made._database)
    elif literals:
        made._automaton = _automaton(literals)
    return made


def _compiled(literals: Sequence[bytes], stems: Container[int]) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    patterns = [_pattern(literal, number in stems) for number, literal in enumerate(literals)]
    ids, flags = list(range(len(patterns))), hyperscan.HS_FLAG_SINGLEMATCH
    database.compile(expressions=patterns, ids=ids, elements=len(ids), flags=flags)
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
