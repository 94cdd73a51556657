"""The index in force: what ``stores.index_write`` wrote, memory-mapped, so that all workers share one copy.

Judging reads ``judge.marisa`` (all names, as keys of ``stores.index_keys``; each has a number), ``judge.cells`` (one
16-bit cell number a name) and ``judge.json`` (what each cell means). The explaining files are opened at the first
``explain``: ``explain.rows`` (name, list and category, line; sorted by name) and ``explain.json``.
"""

from __future__ import annotations

import json
import mmap
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import marisa_trie

from hedgerow.core.model import Entry, Match, Where
from hedgerow.stores.index_keys import host_key, key_name, name_keys, path_tail

FORMAT = 1
"""Raised with every change of the files; an index of another format is built anew."""

CATEGORY_BITS = 0x3FFF
EXACT_BIT = 0x8000
CORRECTION_BIT = 0x4000

_NOTHING: frozenset[str] = frozenset()


class IndexFault(Exception):
    """The folder holds no complete index of this format and machine. Build it anew; the one in force stays."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What the index says about a name; many names share one cell."""

    below: frozenset[str] = _NOTHING  # categories of the name and all below it
    exact: frozenset[str] = _NOTHING  # categories of this very host
    added: frozenset[str] = _NOTHING  # by a correction
    removed: frozenset[str] = _NOTHING
    corrected: bool = False
    corrected_exact: bool = False  # the correction is about this very host only
    paths: bool = False  # paths of this host are listed too


class MappedIndex:
    """``core.model.Index`` over mapped files. Never changes; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexFault."""
        self.folder = folder
        about = _json(folder / "judge.json")
        if about.get("format") != FORMAT or about.get("byteorder") != sys.byteorder:
            raise IndexFault(f"{folder} is an index of another format or machine; build it anew")
        try:
            self._read(about)
        except (KeyError, TypeError, ValueError) as error:
            raise IndexFault(f"{folder}/judge.json is damaged: {error!r}") from error
        self._trie = _trie(folder / "judge.marisa")
        self._cell_of = _column(folder / "judge.cells", "H")
        if not len(self._trie) == len(self._cell_of) == about["keys"]:
            raise IndexFault(f"{folder} is not complete; build it anew")

    def _read(self, about: dict[str, Any]) -> None:
        self.version: str = about["version"]
        self.names: int = about["names"]
        """Listed names, addresses and paths."""
        self.expires: date | None = date.fromisoformat(about["expires"]) if about["expires"] else None
        """The last day on which all corrections are in force; build anew after it."""
        self._cells = [_cell(row) for row in about["cells"]]
        self._last: tuple[tuple[str, str], tuple[Match, ...]] = (("", ""), ())

    def match(self, host: str, path: str = "/") -> tuple[Match, ...]:
        """All listed names covering host (itself and parents, with their listed paths), most specific first.

        The floor and the categories ask about the same name one after the other: the last answer is kept.
        """
        asked, answer = self._last
        if asked != (host, path):
            answer = self._match(host, path)
            self._last = ((host, path), answer)
        return answer

    def _match(self, host: str, path: str) -> tuple[Match, ...]:
        key = host_key(host)
        found: list[Match] = []
        for base, number in reversed(list(self._found(key))):
            cell = self._cells[self._cell_of[number]]
            if cell.paths and path != "/":
                found += self._paths(base, path, base == key)
            found += _matches(base, cell, base == key)
        return tuple(found)

    def _found(self, key: str) -> Iterator[tuple[str, int]]:
        return self._trie.iter_prefixes_with_ids(key)  # type: ignore[no-any-return]

    def _paths(self, base: str, path: str, whole: bool) -> Iterator[Match]:
        for key, number in reversed(list(self._found(base + path_tail(path)))):
            if len(key) > len(base):
                yield from _matches(key, self._cells[self._cell_of[number]], whole)

    def listed(self) -> Iterator[tuple[str, bool, bool]]:
        """Every listed name, address, network and path, a name before those below it.

        Then whether something is said about exactly this host, and whether about it with all that is below.
        """
        said = [_reach(cell) for cell in self._cells]
        for key, number in self._trie.iteritems():
            exact, below = said[self._cell_of[number]]
            if exact or below:
                yield key_name(key), exact, below

    def explain(self, match: Match, category: str) -> tuple[Entry, ...]:
        """The lines that put ``category`` on ``match``; of a correction also those that take it away."""
        return tuple(
            entry
            for key in name_keys(match.name)
            if (number := self._trie.get(key)) is not None
            for entry in self._explaining.rows(number, match, category)
        )

    @cached_property
    def _explaining(self) -> Explaining:
        return Explaining(self.folder)


class Explaining:
    """Which line of which list says so: three columns of 32 bits, sorted by name."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexFault."""
        about = _json(folder / "explain.json")
        self._files: list[tuple[str, str]] = [(row["file"], row["source"]) for row in about["files"]]
        self._categories = {name: position for position, name in enumerate(about["categories"])}
        rows = _column(folder / "explain.rows", "I")
        count = len(rows) // 3
        self._numbers, self._tags, self._lines = rows[:count], rows[count : 2 * count], rows[2 * count :]

    def rows(self, number: int, match: Match, category: str) -> Iterator[Entry]:
        wanted = self._categories.get(category, -1)
        start = bisect_left(self._numbers, number)
        for row in range(start, bisect_right(self._numbers, number, start)):
            tag = self._tags[row]
            if tag & CATEGORY_BITS == wanted and bool(tag & CORRECTION_BIT) == match.correction:
                file, source = self._files[tag >> 16]
                where = Where(file, self._lines[row])
                yield Entry(match.name, category, source, where, exact=bool(tag & EXACT_BIT))


def open_index(folder: Path) -> MappedIndex:
    """The index in ``folder``, as ``stores.lists.build`` made it. Raises IndexFault."""
    return MappedIndex(folder)


def _matches(key: str, cell: Cell, whole: bool) -> Iterator[Match]:
    """A correction first: it speaks about the list entries of its own name, too."""
    if cell.corrected and (whole or not cell.corrected_exact):
        yield Match(key_name(key), cell.added, correction=True, removed=cell.removed)
    if categories := cell.below | cell.exact if whole else cell.below:
        yield Match(key_name(key), categories)


def _reach(cell: Cell) -> tuple[bool, bool]:
    """Whether a cell speaks about exactly its own host, and about that with all below."""
    exact = bool(cell.exact) or (cell.corrected and cell.corrected_exact)
    return exact, bool(cell.below) or (cell.corrected and not cell.corrected_exact)


def _cell(row: dict[str, Any]) -> Cell:
    below, exact, added, removed = (frozenset(row.get(key, ())) for key in ("below", "exact", "added", "removed"))
    flags = (row.get(key, False) for key in ("corrected", "corrected_exact", "paths"))
    return Cell(below, exact, added, removed, *flags)


def _trie(path: Path) -> marisa_trie.Trie:
    trie = marisa_trie.Trie()
    try:
        trie.mmap(str(path))
    except (OSError, RuntimeError) as error:
        raise IndexFault(f"{path} cannot be mapped: {error}") from error
    return trie


def _json(path: Path) -> dict[str, Any]:
    try:
        about = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise IndexFault(f"{path} cannot be read: {error}") from error
    return about if isinstance(about, dict) else {}


def _column(path: Path, code: str) -> memoryview[int]:
    try:
        with path.open("rb") as file:
            if path.stat().st_size == 0:
                return memoryview(b"").cast(code)  # type: ignore[call-overload, no-any-return]
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)).cast(code)  # type: ignore[call-overload, no-any-return]
    except (OSError, TypeError) as error:
        raise IndexFault(f"{path} cannot be mapped: {error}") from error
