"""Gathers the names of all lists: what each says about itself and all below it, and which line says so.

``stores.index_write`` makes the files of it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from hedgerow.stores.formats import Found, Listed, Scope
from hedgerow.stores.index import CORRECTION_BIT, EXACT_BIT
from hedgerow.stores.index_keys import host_key, path_tail
from hedgerow.stores.index_suffixes import is_suffix

_MOST_CATEGORIES = 64  # a name's categories are the bits of one 64-bit number while building


@dataclass(slots=True)
class Gathered:
    """All names of all lists. Arrays, for three million names must fit into a school's gateway while it filters."""

    categories: tuple[str, ...]
    keys: dict[str, int] = field(default_factory=dict)
    below: array[int] = field(default_factory=lambda: array("Q"))
    exact: array[int] = field(default_factory=lambda: array("Q"))
    corrected: dict[int, tuple[int, int, bool]] = field(default_factory=dict)  # added, removed, exact
    with_paths: set[int] = field(default_factory=set)
    files: list[tuple[str, str]] = field(default_factory=list)  # file, source
    rows: tuple[array[int], array[int], array[int]] = field(
        default_factory=lambda: (array("I"), array("I"), array("I"))
    )
    bits: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        if len(self.categories) > _MOST_CATEGORIES:
            raise ValueError(f"more than {_MOST_CATEGORIES} categories")
        self.bits = {name: position for position, name in enumerate(self.categories)}

    def add_file(self, file: str, source: str) -> int:
        self.files.append((file, source))
        return len(self.files) - 1

    def add(self, listed: Listed | Found, category: str, file: int, line: int) -> None:
        """One name of one list."""
        position, bit = self._position(listed), self.bits[category]
        exact = _is_exact(listed)
        (self.exact if exact else self.below)[position] |= 1 << bit
        self._row(position, file << 16 | bit | (EXACT_BIT if exact else 0), line)

    def correct(self, listed: Listed, added: Iterable[str], removed: Iterable[str], file: int, line: int) -> None:
        """One correction. About a public suffix, it is no word about the strangers' sites below it either."""
        position, exact = self._position(listed), _is_exact(listed)
        added, removed = frozenset(added), frozenset(removed)
        self.corrected[position] = (self._mask(added), self._mask(removed), exact)
        tag = file << 16 | CORRECTION_BIT | (EXACT_BIT if exact else 0)
        for category in sorted(added | removed):
            self._row(position, tag | self.bits[category], line)

    def _position(self, listed: Listed | Found) -> int:
        base = host_key(listed.host)
        if not listed.path:
            return self._key(base)
        self.with_paths.add(self._key(base))
        return self._key(base + path_tail(listed.path))

    def _key(self, key: str) -> int:
        position = self.keys.setdefault(key, len(self.keys))
        if position == len(self.below):
            self.below.append(0)
            self.exact.append(0)
        return position

    def _mask(self, categories: frozenset[str]) -> int:
        return sum(1 << self.bits[category] for category in categories)

    def _row(self, position: int, tag: int, line: int) -> None:
        positions, tags, lines = self.rows
        positions.append(position)
        tags.append(tag)
        lines.append(line)


def _is_exact(listed: Listed | Found) -> bool:
    """A public suffix is a stranger to what stands below it, unless the line says "*."."""
    if listed.scope is not Scope.USUAL:
        return listed.scope is Scope.EXACT
    return not listed.path and is_suffix(listed.host)
