"""Gathers the names of all lists: what each says about itself and all below it, and which line says so.

``stores.index_write`` makes the files of it, ``stores.index_resolve`` decides which lists are believed.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from hedgerow.core.trust import OWN_WORD
from hedgerow.stores.formats import Listed, Scope
from hedgerow.stores.index_keys import host_key, path_tail
from hedgerow.stores.index_suffixes import is_suffix
from hedgerow.stores.index_tags import (
    CORRECTION_BIT,
    EVIDENCE,
    EXACT_BIT,
    EXCEPT_BIT,
    FILE_SHIFT,
    IMPORTANT_BIT,
    KEPT_OPEN,
    MOST_FILES,
    POPULAR,
    REFUTED_BIT,
    REMOVED_BIT,
)

_MOST_CATEGORIES = 62  # a name's categories are the bits of one 64-bit number while building, with two of evidence


@dataclass(frozen=True, slots=True)
class ListFile:
    """One file of a source: what explanations call it, and how much its word counts."""

    file: str
    source: str
    family: str = ""  # sources that copy each other; "" = the source is its own
    trust: int = OWN_WORD
    version: str = ""
    seen: date | None = None  # when its content was new: the first day of names not known before


@dataclass(slots=True)
class Gathered:
    """All names of all lists. Arrays, for three million names must fit into a school's gateway while it filters."""

    categories: tuple[str, ...]
    keys: dict[str, int] = field(default_factory=dict)
    corrected: dict[int, tuple[int, int, bool]] = field(default_factory=dict)  # added, removed, exact
    with_paths: set[int] = field(default_factory=set)
    suffixes: set[int] = field(default_factory=set)  # public suffixes: strangers to what stands below them
    files: list[ListFile] = field(default_factory=list)
    positions: array[int] = field(default_factory=lambda: array("I"))
    tags: array[int] = field(default_factory=lambda: array("I"))
    lines: array[int] = field(default_factory=lambda: array("I"))
    excepts: list[tuple[str, int]] = field(default_factory=list)  # key, file: what a list takes out of itself
    kept_open: set[str] = field(default_factory=set)  # keys of schools and of what must be reachable
    struck: set[str] = field(default_factory=set)  # keys that a list of evidence takes back
    bits: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        if len(self.categories) > _MOST_CATEGORIES:
            raise ValueError(f"more than {_MOST_CATEGORIES} categories")
        self.bits = {name: position for position, name in enumerate((*self.categories, *EVIDENCE))}

    def add_file(self, file: ListFile) -> int:
        if len(self.files) == MOST_FILES:
            raise ValueError(f"more than {MOST_FILES} lists")
        self.files.append(file)
        return len(self.files) - 1

    def add(
        self,
        host: str,
        path: str,
        scope: Scope,
        categories: Iterable[int],
        file: int,
        line: int,
        important: bool = False,
    ) -> None:
        """One name of one list, by the bits of its categories. ``host`` and ``path`` are canonical."""
        position = self._position(host, path) if path else self._at(host_key(host), host)
        exact = scope is Scope.EXACT or (scope is Scope.USUAL and not path and position in self.suffixes)
        flags = file << FILE_SHIFT | (EXACT_BIT if exact else 0) | (IMPORTANT_BIT if important else 0)
        for bit in categories:
            self.positions.append(position)
            self.tags.append(flags | bit)
            self.lines.append(line)

    def take_out(self, host: str, path: str, categories: Iterable[int], file: int, line: int) -> None:
        """A list's own exception: it says nothing about this name and what stands below it."""
        position = self._position(host, path)
        self.excepts.append((host_key(host) + (path_tail(path) if path else ""), file))
        for bit in categories:
            self._row(position, file << FILE_SHIFT | EXCEPT_BIT | bit, line)

    def correct(self, listed: Listed, added: Iterable[str], removed: Iterable[str], file: int, line: int) -> None:
        """One correction. About a public suffix, it is no word about the strangers' sites below it either."""
        position = self._position(listed.host, listed.path)
        exact = listed.scope is Scope.EXACT or (
            listed.scope is Scope.USUAL and not listed.path and position in self.suffixes
        )
        added, removed = frozenset(added), frozenset(removed)
        more, less, only = self.corrected.get(position, (0, 0, exact))  # the district's word, read before the school's
        less |= self._mask(removed) & ~more
        self.corrected[position] = (more | self._mask(added), less, only and exact)
        tag = file << FILE_SHIFT | CORRECTION_BIT | (EXACT_BIT if exact else 0)
        for category in sorted(added | removed):
            self._row(position, tag | self.bits[category] | (0 if category in added else REMOVED_BIT), line)

    def refute(self, host: str, bit: int, file: int, line: int) -> None:
        """Somebody looked: this listed host is not what downloaded lists say. After all lists, before the evidence."""
        for name in (host, f"www.{host}"):
            if (position := self.keys.get(host_key(name))) is not None:
                self._row(position, file << FILE_SHIFT | REFUTED_BIT | bit, line)

    def keep_open(self, host: str, file: int, line: int) -> None:
        """Evidence: no downloaded list closes this host, nor a listed parent on its account. After all lists."""
        host = host.removeprefix("www.")
        key = host_key(host)
        self.kept_open.add(key)
        if key in self.keys or any(parent in self.keys for parent in parent_keys(key)):
            self._row(self._at(key, host), file << FILE_SHIFT | self.bits[KEPT_OPEN], line)

    def not_kept_open(self, host: str) -> None:
        """A list of evidence takes this host back (swot's abused names)."""
        self.struck.add(host_key(host.removeprefix("www.")))

    def keep_open_below(self, host: str, file: int) -> None:
        """``keep_open`` for a host that no list names itself, while one names a parent of it."""
        key = host_key(host)
        if key not in self.keys and any(parent in self.keys for parent in parent_keys(key)):
            self.keep_open(host, file, 0)

    def popular(self, host: str, file: int, rank: int) -> None:
        """Evidence: so many sites are visited more often. Kept for names that a list closes, itself or by a parent."""
        key = host_key(host)
        if key not in self.keys and any(parent in self.keys for parent in parent_keys(key)):
            self._at(key, host)
        for name in (host, f"www.{host}"):
            if (position := self.keys.get(host_key(name))) is not None:
                self._row(position, file << FILE_SHIFT | self.bits[POPULAR], rank)

    def _position(self, host: str, path: str) -> int:
        base = host_key(host)
        if not path:
            return self._at(base, host)
        self.with_paths.add(self._at(base, host))
        return self._at(base + path_tail(path), "")

    def _at(self, key: str, host: str) -> int:
        if (position := self.keys.get(key)) is None:
            position = self.keys[key] = len(self.keys)
            if host and is_suffix(host):
                self.suffixes.add(position)
        return position

    def _mask(self, categories: frozenset[str]) -> int:
        return sum(1 << self.bits[category] for category in categories)

    def _row(self, position: int, tag: int, line: int) -> None:
        self.positions.append(position)
        self.tags.append(tag)
        self.lines.append(line)


def parent_keys(key: str) -> list[str]:
    """The keys of all parents of a host's key, the nearest last: of ``elpmaxe.a.`` only ``elpmaxe.``."""
    cuts = [place for place, char in enumerate(key[:-1], 1) if char == "."]
    return [key[:cut] for cut in cuts]
