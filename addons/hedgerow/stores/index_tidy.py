"""Removes built lists that nobody needs any more. Only who knows what is in force does it: the supervisor."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from hedgerow.stores.index_files import BUILDING, JUDGE, IndexFault, Mapped
from hedgerow.stores.list_pointer import BASE, usable_base

_KEPT, _KEPT_BASES = 3, 2  # beside those in force: a worker may still judge by them, and `lists diff` compares
_ABANDONED = 3600  # seconds after which a folder under construction belongs to a build that died


def tidy(folder: Path, in_force: str) -> None:
    """Remove all but the index ``in_force``, what the pointer names, the newest few, and the bases below these.

    What a build that died has left goes after an hour. What cannot be removed just now is tried again at the next call.
    """
    built = [path for path in folder.iterdir() if path.is_dir()]
    own = [path for path in built if not path.name.startswith((BASE, "."))]
    kept = {path for path in own if path.name == in_force} | set(_newest(own, _KEPT))
    bases = [path for path in built if path.name.startswith(BASE)]
    pointed = usable_base(folder)
    kept |= {*_newest(bases, _KEPT_BASES), *_below(kept, folder), *((pointed,) if pointed else ())}
    dead = [path for path in built if path.name.startswith(BUILDING) and _age(path) > _ABANDONED]
    for path in (*(path for path in (*own, *bases) if path not in kept), *dead):
        shutil.rmtree(path, ignore_errors=True)


def _below(kept: Iterable[Path], folder: Path) -> Iterator[Path]:
    for path in kept:
        try:
            yield folder / str(Mapped(path / JUDGE).head.get("base", ""))
        except IndexFault:
            continue


def _newest(folders: Iterable[Path], count: int) -> list[Path]:
    return sorted(folders, key=_age)[:count]


def _age(path: Path) -> float:
    """Seconds since the folder was finished; without end when it has just been removed."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
