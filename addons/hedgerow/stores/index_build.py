"""Writes an index: gathers names, then writes all files aside and renames the folder, so that half a list never judges.

The folder is named by its content: the same lists give the same folder, and a finished one is never written again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import marisa_trie  # type: ignore[import-not-found]

from hedgerow.core.hosts import is_public_suffix
from hedgerow.stores.formats import Listed, Scope
from hedgerow.stores.index import CORRECTION_BIT, EXACT_BIT, FORMAT
from hedgerow.stores.index_keys import host_key, path_tail

_MOST_CATEGORIES = 64  # a name's categories are the bits of one 64-bit number while building
_MOST_CELLS = 1 << 16
_FILES = ("judge.marisa", "judge.cells", "judge.json", "explain.rows", "explain.json")


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

    def add(self, listed: Listed, category: str, file: int, line: int) -> None:
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

    def _position(self, listed: Listed) -> int:
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
        for column, value in zip(self.rows, (position, tag, line), strict=True):
            column.append(value)


def write_index(gathered: Gathered, out_dir: Path, expires: date | None) -> Path:
    """The finished folder ``out_dir/<digest>``. Raises OSError; then nothing is left behind."""
    out_dir.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=out_dir))
    try:
        version = _write_files(gathered, building, expires)
        return _publish(building, out_dir / version)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _publish(building: Path, final: Path) -> Path:
    if not final.exists():
        try:
            building.rename(final)
        except OSError:
            if not final.exists():  # another build of the same lists was faster: its folder is ours
                raise
        _sync(final.parent)
    return final


def _write_files(gathered: Gathered, folder: Path, expires: date | None) -> str:
    trie = marisa_trie.Trie(gathered.keys)
    trie.save(str(folder / "judge.marisa"))
    numbers = array("I", bytes(4 * len(gathered.keys)))
    for key, position in gathered.keys.items():
        numbers[position] = trie[key]
    cells = _write_cells(gathered, numbers, folder / "judge.cells")
    _write_rows(gathered, numbers, folder / "explain.rows")
    files = [{"file": file, "source": source} for file, source in gathered.files]
    _write_json(folder / "explain.json", {"categories": gathered.categories, "files": files})
    about: dict[str, object] = {
        "format": FORMAT,
        "byteorder": sys.byteorder,
        "expires": expires.isoformat() if expires else "",
        "keys": len(gathered.keys),
        "names": len({*gathered.rows[0]}),
        "cells": cells,
    }
    version = _digest(folder, about)
    _write_json(folder / "judge.json", {"version": version, **about})
    for name in _FILES:
        _sync(folder / name)
    return version


def _write_cells(gathered: Gathered, numbers: array[int], path: Path) -> list[dict[str, object]]:
    """One cell number a name, in the order of the trie's numbers; equal cells are one."""
    known: dict[tuple[int, ...], int] = {}
    column = array("H", bytes(2 * len(numbers)))
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    for position in order:
        corrected = position in gathered.corrected
        added, removed, only = gathered.corrected.get(position, (0, 0, False))
        flags = (corrected, only, position in gathered.with_paths)
        cell = (gathered.below[position], gathered.exact[position], added, removed, *flags)
        column[numbers[position]] = known.setdefault(cell, len(known))
        if len(known) > _MOST_CELLS:
            raise ValueError("too many different combinations of categories")
    path.write_bytes(column.tobytes())
    return [_cell_row(gathered, cell) for cell in known]


def _cell_row(gathered: Gathered, cell: tuple[int, ...]) -> dict[str, object]:
    masks = zip(("below", "exact", "added", "removed"), cell[:4], strict=True)
    row: dict[str, object] = {
        key: [name for name, bit in gathered.bits.items() if mask >> bit & 1] for key, mask in masks if mask
    }
    flags = zip(("corrected", "corrected_exact", "paths"), cell[4:], strict=True)
    return row | {key: True for key, flag in flags if flag}


def _write_rows(gathered: Gathered, numbers: array[int], path: Path) -> None:
    positions, tags, lines = gathered.rows
    order = sorted(range(len(positions)), key=lambda row: (numbers[positions[row]] << 32) | row)
    with path.open("wb") as file:
        file.write(array("I", (numbers[positions[row]] for row in order)).tobytes())
        file.write(array("I", (tags[row] for row in order)).tobytes())
        file.write(array("I", (lines[row] for row in order)).tobytes())


def _digest(folder: Path, about: dict[str, object]) -> str:
    digest = hashlib.blake2b(json.dumps(about, sort_keys=True).encode(), digest_size=10)
    for name in _FILES:
        if (folder / name).exists():
            with (folder / name).open("rb") as file:
                while chunk := file.read(1 << 20):
                    digest.update(chunk)
    return digest.hexdigest()


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, sort_keys=True))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_exact(listed: Listed) -> bool:
    """A public suffix is a stranger to what stands below it, unless the line says "*."."""
    if listed.scope is not Scope.USUAL:
        return listed.scope is Scope.EXACT
    return "/" not in listed.host and not listed.path and is_public_suffix(listed.host)
