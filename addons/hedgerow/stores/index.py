"""The index in force: what ``stores.index_write`` wrote, memory-mapped, so that all workers share one copy.

Judging reads ``judge.index`` only; ``explain.index`` is opened at the first question why (``stores.index_files`` says
what stands in both).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import marisa_trie

from hedgerow.core.model import Entry, How, Match, Where
from hedgerow.stores.index_files import EXPLAIN, JUDGE, IndexFault, Mapped, RowBlocks
from hedgerow.stores.index_keys import host_key, key_name, name_keys, path_tail
from hedgerow.stores.index_seen import day_of
from hedgerow.stores.index_tags import (
    CATEGORY_BITS,
    CORRECTION_BIT,
    EVIDENCE,
    EXACT_BIT,
    EXCEPT_BIT,
    FILE_SHIFT,
    REFUTED_BIT,
    REMOVED_BIT,
    SILENT_BIT,
)

__all__ = ["Cell", "IndexFault", "MappedIndex"]

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cell:
    """What the index says about a name; many names share one cell."""

    below: frozenset[str] = _NOTHING  # categories of the name and all below it
    exact: frozenset[str] = _NOTHING  # categories of this very host
    added: frozenset[str] = _NOTHING  # by a correction
    removed: frozenset[str] = _NOTHING
    cleared: frozenset[str] = _NOTHING  # what its parents are called and it is not
    corrected: bool = False
    corrected_exact: bool = False  # the correction is about this very host only
    paths: bool = False  # paths of this host are listed too
    whole: frozenset[str] = field(init=False)  # categories of this very host, with what is said of all below it

    def __post_init__(self) -> None:
        object.__setattr__(self, "whole", self.below | self.exact)


class MappedIndex:
    """``core.model.Index`` over mapped files. Never changes; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexFault."""
        self.folder = folder
        mapped = Mapped(folder / JUDGE)
        try:
            self._read(mapped.head)
        except (KeyError, TypeError, ValueError) as error:
            raise IndexFault(f"{folder / JUDGE} is damaged: {error!r}") from error
        self._trie = _trie(folder / JUDGE)
        try:
            self._cell_of = mapped.body.cast("H")
        except TypeError as error:
            raise IndexFault(f"{folder / JUDGE} is not complete; build it anew") from error
        if not len(self._trie) == len(self._cell_of) == mapped.head.get("keys"):
            raise IndexFault(f"{folder / JUDGE} is not complete; build it anew")

    def _read(self, about: dict[str, Any]) -> None:
        self.version: str = about["version"]
        self.names: int = about["names"]
        """Listed names, addresses and paths."""
        self.base: str = about.get("base", "")
        """The folder of the downloaded lists below this index; "" when there are none."""
        self.expires: date | None = date.fromisoformat(about["expires"]) if about["expires"] else None
        """The last day on which all corrections are in force; build anew after it."""
        self._cells = [_cell(row) for row in about["cells"]]
        self._last: tuple[str, str, tuple[Match, ...]] = ("", "", ())

    def match(self, host: str, path: str = "/") -> tuple[Match, ...]:
        """All listed names covering host (itself and parents, with their listed paths), most specific first.

        The floor and the categories ask about the same name one after the other: the last answer is kept.
        """
        last_host, last_path, answer = self._last  # read and written as one: other threads ask as well
        if host != last_host or path != last_path:
            answer = self._match(host, path)
            self._last = (host, path, answer)
        return answer

    def _match(self, host: str, path: str) -> tuple[Match, ...]:
        key = host_key(host)
        if not (listed := list(self._trie.iter_prefixes_with_ids(key))):
            return ()
        found: list[Match] = []
        cleared = _NOTHING
        for base, number in reversed(listed):
            cell, whole = self._cells[self._cell_of[number]], base == key
            if cell.paths and path != "/":
                found += self._paths(base, path, whole)
            if cell.corrected or cleared:
                found += _matches(base, cell, whole, cleared)
            elif categories := cell.whole if whole else cell.below:
                found.append(Match(key_name(base), categories))
            if cell.cleared:
                cleared |= cell.cleared
        return tuple(found)

    def _found(self, key: str) -> Iterator[tuple[str, int]]:
        return self._trie.iter_prefixes_with_ids(key)  # type: ignore[no-any-return]

    def _paths(self, base: str, path: str, whole: bool) -> Iterator[Match]:
        for key, number in reversed(list(self._found(base + path_tail(path)))):
            if len(key) > len(base):
                yield from _matches(key, self._cells[self._cell_of[number]], whole, _NOTHING)

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
            for entry, tag in self._rows(match.name)
            if entry.category == category and entry.believed and bool(tag & CORRECTION_BIT) == match.correction
            if not tag & EXCEPT_BIT
        )

    def entries(self, name: str) -> tuple[Entry, ...]:
        """All that any list or evidence says of exactly this name, believed or not. For people, not for judging."""
        return tuple(entry for entry, _ in self._rows(name))

    def _rows(self, name: str) -> Iterator[tuple[Entry, int]]:
        for key in name_keys(name):
            if (number := self._trie.get(key)) is not None:
                yield from self._explaining.entries(number, name)

    @cached_property
    def _explaining(self) -> Explaining:
        return Explaining(self.folder)


class Explaining:
    """Which line of which list says so, in which version, and since when."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexFault."""
        mapped = Mapped(folder / EXPLAIN)
        self._files: list[dict[str, Any]] = mapped.head["files"]
        self._categories: list[str] = mapped.head["categories"]
        self._blocks = RowBlocks(mapped)

    def entries(self, number: int, name: str) -> Iterator[tuple[Entry, int]]:
        """Each row of a name with its tag."""
        for tag, line, day in self._blocks.rows(number):
            file = self._files[tag >> FILE_SHIFT]
            entry = Entry(
                name,
                self._categories[tag & CATEGORY_BITS],
                file["source"],
                Where(file["file"], line),
                exact=bool(tag & EXACT_BIT),
                version=file["version"],
                since=day_of(day),
                believed=not tag & SILENT_BIT,
                how=_how(tag, self._categories[tag & CATEGORY_BITS]),
            )
            yield entry, tag


def _how(tag: int, category: str) -> How:
    if tag & CORRECTION_BIT:
        return How.REMOVED if tag & REMOVED_BIT else How.ADDED
    if tag & EXCEPT_BIT:
        return How.EXCEPTED
    if tag & REFUTED_BIT:
        return How.REFUTED
    return How.EVIDENCE if category in EVIDENCE else How.LISTED


def _matches(key: str, cell: Cell, whole: bool, cleared: frozenset[str]) -> Iterator[Match]:
    """A correction first: it speaks about the list entries of its own name, too."""
    if cell.corrected and (whole or not cell.corrected_exact):
        yield Match(key_name(key), cell.added, correction=True, removed=cell.removed)
    if categories := (cell.whole if whole else cell.below) - cleared:
        yield Match(key_name(key), categories)


def _reach(cell: Cell) -> tuple[bool, bool]:
    """Whether a cell speaks about exactly its own host, and about that with all below."""
    exact = bool(cell.exact) or (cell.corrected and cell.corrected_exact)
    return exact, bool(cell.below or cell.cleared) or (cell.corrected and not cell.corrected_exact)


def _cell(row: dict[str, Any]) -> Cell:
    below, exact, added, removed, cleared = (
        frozenset(row.get(key, ())) for key in ("below", "exact", "added", "removed", "cleared")
    )
    flags = (row.get(key, False) for key in ("corrected", "corrected_exact", "paths"))
    return Cell(below, exact, added, removed, cleared, *flags)


def _trie(path: Path) -> marisa_trie.Trie:
    trie = marisa_trie.Trie()
    try:
        trie.mmap(str(path))
    except (OSError, RuntimeError) as error:
        raise IndexFault(f"{path} cannot be mapped: {error}") from error
    return trie
