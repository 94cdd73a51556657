"""Writes an index: all files aside, then one rename, so that half a list never judges.

The folder is named by its content (all but the days on which names were first seen): the same lists give the same
folder, and a finished one is never written again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from array import array
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

import marisa_trie

from hedgerow.stores.index_build import Gathered
from hedgerow.stores.index_files import BUILDING, EXPLAIN, FORMAT, JUDGE, is_whole, write_foot, write_rows
from hedgerow.stores.index_keys import key_name
from hedgerow.stores.index_resolve import Resolver, Rows
from hedgerow.stores.index_seen import first_days
from hedgerow.stores.state import belong

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

_MOST_CELLS = 1 << 16
_STRIDE = 50_000  # names between two words about the progress


def quiet(what: str, done: int, whole: int) -> None:
    """For builds that nobody watches."""


def write_index(
    gathered: Gathered,
    out_dir: Path,
    expires: date | None,
    *,
    name: str = "",
    base: str = "",
    before: Path | None = None,
    told: Mapping[str, object] = MappingProxyType({}),
    today: date | None = None,
    progress: Progress = quiet,
) -> Path:
    """The finished folder ``out_dir/<digest>``. Raises OSError; then nothing is left behind.

    ``name`` stands in for the digest, when the caller knows one; ``base`` is the index this one lies above; ``before``
    is the index in force, asked when a name was first seen; ``told`` is kept with the explanations. Nothing is removed
    but a damaged folder of the same name: who knows what is in force tidies (``stores.index_tidy``).
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=BUILDING, dir=out_dir))
    try:
        version = _write_files(gathered, building, expires, (name, base), before, today or date.today(), progress, told)
        final = _publish(building, out_dir / version)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return final


def _publish(building: Path, final: Path) -> Path:
    """Give the folder its name. One of that name with other bytes was damaged, and goes: readers keep what they map."""
    for path in (building, *building.iterdir()):
        belong(path)
    if final.exists() and not is_whole(final):
        final.rename(building.with_name(f"{building.name}-damaged"))
    if not final.exists():
        try:
            building.rename(final)
        except OSError:
            if not final.exists():  # another build of the same lists was faster: its folder is ours
                raise
        _sync(final.parent)
    os.utime(final)  # the newest, also when an older content is in force again
    return final


def _write_files(
    gathered: Gathered,
    folder: Path,
    expires: date | None,
    names: tuple[str, str],
    before: Path | None,
    today: date,
    progress: Progress,
    told: Mapping[str, object],
) -> str:
    progress("writing names", 0, len(gathered.keys))
    trie = marisa_trie.Trie(gathered.keys)
    trie.save(str(folder / JUDGE))
    numbers = array("I", bytes(4 * len(gathered.keys)))
    for key, position in gathered.keys.items():
        numbers[position] = trie[key]
    rows = Rows(gathered, numbers)
    column, cells = _cells(gathered, numbers, rows, progress)
    about: dict[str, object] = {
        "format": FORMAT,
        "byteorder": sys.byteorder,
        "expires": expires.isoformat() if expires else "",
        "keys": len(gathered.keys),
        "names": sum(rows.starts[n] != rows.starts[n + 1] for n in range(len(numbers))),
        "cells": cells,
        "base": names[1],
    }
    days = first_days(gathered, numbers, rows, before, today, progress)
    version = names[0] or _digest(folder / JUDGE, column, rows, gathered, about)
    _write_judge(folder / JUDGE, column, {"version": version, **about})
    _write_explain(folder / EXPLAIN, rows, days, _explain_head(gathered) | {"told": dict(told)})
    for file in (JUDGE, EXPLAIN):
        _sync(folder / file)
    _sync(folder)
    return version


def _write_judge(path: Path, column: array[int], head: object) -> None:
    with path.open("ab") as file:
        end = file.seek(0, os.SEEK_END)
        file.write(column.tobytes())
        write_foot(file, end, head)


def _write_explain(path: Path, rows: Rows, days: array[int], head: Mapping[str, object]) -> None:
    with path.open("wb") as file:
        blocks = write_rows(file, rows.starts, (rows.tags, rows.lines, days))
        write_foot(file, 0, {**head, "blocks": blocks})


def _explain_head(gathered: Gathered) -> dict[str, object]:
    files = [
        {"file": one.file, "source": one.source, "family": one.family, "trust": one.trust, "version": one.version}
        for one in gathered.files
    ]
    kept_open = sorted(key_name(key) for key in gathered.kept_open if key.count(".") > 2)
    return {
        "format": FORMAT,
        "byteorder": sys.byteorder,
        "categories": list(gathered.bits),
        "files": files,
        "kept_open": kept_open,
    }


def _cells(
    gathered: Gathered, numbers: array[int], rows: Rows, progress: Progress
) -> tuple[array[int], list[dict[str, object]]]:
    """One cell number a name, in the order of the trie's numbers; equal cells are one, numbered as they first come."""
    resolver = Resolver(gathered, numbers, rows)
    cleared = resolver.cleared()
    corrected = {numbers[position]: what for position, what in gathered.corrected.items()}
    with_paths = {numbers[position] for position in gathered.with_paths}
    known: dict[tuple[int, ...], int] = {}
    column = array("H", bytes(2 * len(numbers)))
    for number in range(len(numbers)):
        found = resolver.about(number)
        added, removed, only = corrected.get(number, (0, 0, False))
        flags = (number in corrected, only, number in with_paths)
        cell = (found.below, found.exact, added, removed, cleared.get(number, 0), *flags)
        column[number] = known.setdefault(cell, len(known))
        if len(known) > _MOST_CELLS:
            raise ValueError("too many different combinations of categories")
        if number % _STRIDE == 0:
            progress("weighing lists", number, len(numbers))
    return column, [_cell_row(gathered, cell) for cell in known]


def _cell_row(gathered: Gathered, cell: tuple[int, ...]) -> dict[str, object]:
    masks = zip(("below", "exact", "added", "removed", "cleared"), cell[:5], strict=True)
    row: dict[str, object] = {
        key: [name for name, bit in gathered.bits.items() if mask >> bit & 1] for key, mask in masks if mask
    }
    flags = zip(("corrected", "corrected_exact", "paths"), cell[5:], strict=True)
    return row | {key: True for key, flag in flags if flag}


def _digest(trie: Path, column: array[int], rows: Rows, gathered: Gathered, about: dict[str, object]) -> str:
    digest = hashlib.blake2b(json.dumps([about, _explain_head(gathered)], sort_keys=True).encode(), digest_size=10)
    with trie.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    for part in (column, rows.starts, rows.tags, rows.lines):
        digest.update(part)
    return digest.hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
