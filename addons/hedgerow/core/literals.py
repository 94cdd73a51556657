"""Which of thousands of literals stand in these bytes, and where? Hyperscan (BSD; python-hyperscan is MIT) answers.

Which of them stand there, each told once, it says at more than a gigabyte a second. Where the few of them stand that
matter then is an automaton's work, made for these few. Compiling takes Hyperscan longer, so that very long lists get an
automaton for both.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence

import hyperscan
from ahocorasick_rs import BytesAhoCorasick, Implementation

MOST_KEYS = 40_000
"""Compiling more takes longer than a reload should."""

_CHUNK = 64 * 1024
"""Bytes searched at once: bounds the list of matches a hostile page can make."""


class Literals:
    """Byte strings, none empty, each once. Immutable, and safe in several threads."""

    __slots__ = ("_automaton", "_database", "_literals", "_lock", "_longest")

    def __init__(self, literals: Sequence[bytes], most: int | None = None) -> None:
        """``most``: up to so many Hyperscan is asked, if not the usual number."""
        few = len(literals) <= (MOST_KEYS if most is None else most)
        self._database = _compiled(literals) if literals and few else None
        self._automaton = _automaton(literals) if literals and not few else None
        self._literals = (
            () if few else tuple(literals)
        )  # an automaton is made anew; Hyperscan's database is all it needs
        self._longest = max(map(len, literals), default=0)
        self._lock = threading.Lock()  # Hyperscan's scratch space serves one search at a time

    def __reduce__(self) -> tuple[object, ...]:
        dumped = hyperscan.dumpb(self._database) if self._database is not None else b""
        return _restored, (self._literals, dumped, self._longest)

    def numbers(self, data: bytes) -> Collection[int]:
        """The numbers of the literals that stand in ``data``, each once. Linear time."""
        if self._database is None:
            return () if self._automaton is None else set(_numbers(self._automaton, self._longest, data))
        found: list[int] = []
        add = found.append

        def note(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            add(number)

        with self._lock:
            self._database.scan(data, match_event_handler=note)
        return found


class Meanings:
    """Literals, and what each of them stands for by numbers: mostly one, and an array of these is quickly read."""

    __slots__ = ("_first", "_literals", "_others")

    def __init__(self, meanings: Mapping[bytes, Sequence[int]], most: int | None = None) -> None:
        self._literals = Literals(tuple(meanings), most)
        self._first = array("I", (numbers[0] for numbers in meanings.values()))
        others = enumerate(tuple(numbers[1:]) for numbers in meanings.values())
        self._others = {literal: numbers for literal, numbers in others if numbers}

    def standing(self, data: bytes) -> set[int]:
        """What the literals that stand in ``data`` stand for. Linear time."""
        found = self._literals.numbers(data)
        standing = set(map(self._first.__getitem__, found))
        for literal in self._others.keys() & found:
            standing.update(self._others[literal])
        return standing


def places(keys: Mapping[int, bytes], data: bytes) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """All places of a few byte strings, overlapping ones too: by pieces: beginning, sorted (end, number)."""
    if not keys:
        return
    numbers = tuple(keys)
    automaton = _automaton(tuple(keys.values()))
    longest = max(map(len, keys.values()))
    for base in range(0, len(data), _CHUNK):
        matches = automaton.find_matches_as_indexes(data[base : base + _CHUNK + longest], overlapping=True)
        yield base, sorted((base + end, numbers[index]) for index, start, end in matches if start < _CHUNK)


def _numbers(automaton: BytesAhoCorasick, longest: int, data: bytes) -> Iterator[int]:
    for base in range(0, len(data), _CHUNK):
        matches = automaton.find_matches_as_indexes(data[base : base + _CHUNK + longest], overlapping=True)
        yield from {index for index, _, _ in matches}


def _restored(literals: tuple[bytes, ...], dumped: bytes, longest: int) -> Literals:
    """As they were pickled, in milliseconds: compiling takes a thousand times longer."""
    made = Literals(())
    made._literals, made._longest = literals, longest
    if dumped:
        made._database = hyperscan.loadb(dumped, hyperscan.HS_MODE_BLOCK)
        made._database.scratch = hyperscan.Scratch(made._database)
    elif literals:
        made._automaton = _automaton(literals)
    return made


def _compiled(literals: Sequence[bytes]) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    patterns = [b"".join(map(_ESCAPED.__getitem__, literal)) for literal in literals]
    ids, flags = list(range(len(patterns))), hyperscan.HS_FLAG_SINGLEMATCH
    database.compile(expressions=patterns, ids=ids, elements=len(ids), flags=flags)
    return database


_ESCAPED = [bytes([byte]) if bytes([byte]).isalnum() else rb"\x%02x" % byte for byte in range(256)]


def _automaton(literals: Sequence[bytes]) -> BytesAhoCorasick:
    """A graph: 50,000 phrases as a table would be half a gigabyte."""
    return BytesAhoCorasick(list(literals), implementation=Implementation.ContiguousNFA)
