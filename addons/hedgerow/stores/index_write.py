"""Writes an index: all files aside, then one rename, so that half a list never judges.

The folder is named by its content: the same lists give the same folder, and a finished one is never written again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from array import array
from datetime import date
from pathlib import Path

import marisa_trie

from hedgerow.stores.index import FORMAT
from hedgerow.stores.index_build import Gathered

_MOST_CELLS = 1 << 16
_KEPT = 4  # finished folders: a worker may still judge by the one before, and explain by it
_ABANDONED = 3600  # seconds after which a folder under construction belongs to a build that died
_BUILDING = ".building-"
_FILES = ("judge.marisa", "judge.cells", "judge.json", "explain.rows", "explain.json")


def write_index(gathered: Gathered, out_dir: Path, expires: date | None) -> Path:
    """The finished folder ``out_dir/<digest>``. Raises OSError; then nothing is left behind.

    Older folders but the newest few are removed, and what builds that died have left.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=out_dir))
    try:
        version = _write_files(gathered, building, expires)
        final = _publish(building, out_dir / version)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    _tidy(out_dir)
    return final


def _publish(building: Path, final: Path) -> Path:
    if not final.exists():
        try:
            building.rename(final)
        except OSError:
            if not final.exists():  # another build of the same lists was faster: its folder is ours
                raise
        _sync(final.parent)
    os.utime(final)  # the newest, also when an older content is in force again
    return final


def _tidy(out_dir: Path) -> None:
    folders = sorted((path for path in out_dir.iterdir() if path.is_dir()), key=_age)
    finished = [path for path in folders if not path.name.startswith(_BUILDING)]
    abandoned = [path for path in folders if path.name.startswith(_BUILDING) and _age(path) > _ABANDONED]
    for path in (*finished[_KEPT:], *abandoned):
        shutil.rmtree(path, ignore_errors=True)


def _age(path: Path) -> float:
    """Seconds since the folder was finished; without end when it has just been removed by another build."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


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
        "names": _listed(gathered),
        "cells": cells,
    }
    version = _digest(folder, about)
    _write_json(folder / "judge.json", {"version": version, **about})
    for name in _FILES:
        _sync(folder / name)
    _sync(folder)
    return version


def _listed(gathered: Gathered) -> int:
    """Names that a line lists; the others are there for the paths below them."""
    seen = bytearray(len(gathered.keys))
    for position in gathered.rows[0]:
        seen[position] = 1
    return seen.count(1)


def _write_cells(gathered: Gathered, numbers: array[int], path: Path) -> list[dict[str, object]]:
    """One cell number a name, in the order of the trie's numbers; equal cells are one, numbered as they first come."""
    known: dict[tuple[int, ...], int] = {}
    column = array("H", bytes(2 * len(numbers)))
    for position, number in enumerate(numbers):
        corrected = position in gathered.corrected
        added, removed, only = gathered.corrected.get(position, (0, 0, False))
        flags = (corrected, only, position in gathered.with_paths)
        cell = (gathered.below[position], gathered.exact[position], added, removed, *flags)
        column[number] = known.setdefault(cell, len(known))
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
    order = _by_number(positions, numbers)
    with path.open("wb") as file:
        array("I", (numbers[positions[row]] for row in order)).tofile(file)
        for column in (tags, lines):
            array("I", (column[row] for row in order)).tofile(file)


def _by_number(positions: array[int], numbers: array[int]) -> array[int]:
    """Rows in the order of their names' numbers; of one name, in the order of the lists. Counted, not compared."""
    next_place = array("I", bytes(4 * (len(numbers) + 1)))
    for position in positions:
        next_place[numbers[position] + 1] += 1
    for number in range(len(numbers)):
        next_place[number + 1] += next_place[number]
    order = array("I", bytes(4 * len(positions)))
    for row, position in enumerate(positions):
        number = numbers[position]
        order[next_place[number]] = row
        next_place[number] += 1
    return order


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
