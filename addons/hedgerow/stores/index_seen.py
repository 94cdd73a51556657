"""Since when a list says so: the day a row was first seen is taken over from the index in force."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import marisa_trie

from hedgerow.stores.index_build import Gathered
from hedgerow.stores.index_files import EXPLAIN, JUDGE, IndexFault, Mapped, RowBlocks
from hedgerow.stores.index_resolve import Rows
from hedgerow.stores.index_tags import CATEGORY_BITS, FILE_SHIFT
from hedgerow.stores.list_pointer import BASE

_HIDDEN = "."  # folders under construction begin so
_EPOCH = date(2020, 1, 1)
_LAST = 0xFFFF
_STRIDE = 50_000


def day_number(day: date) -> int:
    """Days since 2020-01-01, in 16 bits: until 2199."""
    return min(max((day - _EPOCH).days, 0), _LAST)


def day_of(number: int) -> date:
    return _EPOCH + timedelta(days=number)


def newest_own(out_dir: Path) -> Path | None:
    """The newest index of hand-written lists, which is the one in force; None before the first."""
    found: list[tuple[float, Path]] = []
    for path in out_dir.iterdir() if out_dir.is_dir() else ():
        if not path.name.startswith((_HIDDEN, BASE)) and path.is_dir():
            with suppress(FileNotFoundError):  # another build has just removed it
                found.append((path.stat().st_mtime, path))
    return max(found)[1] if found else None


def first_days(
    gathered: Gathered,
    numbers: array[int],
    rows: Rows,
    before: Path | None,
    today: date,
    progress: Callable[[str, int, int], None],
) -> array[int]:
    """Of each row the day its source first said this of the name; of new ones the day the source's file is from."""
    of_file = [day_number(file.seen or today) for file in gathered.files]
    days = array("H", (of_file[tag >> FILE_SHIFT] for tag in rows.tags))
    if before is not None:
        try:
            _take_over(gathered, numbers, rows, before, days, progress)
        except (IndexFault, RuntimeError, KeyError):
            pass  # of another format, or gone: the days begin anew, which judges nobody
    return days


def _take_over(
    gathered: Gathered,
    numbers: array[int],
    rows: Rows,
    before: Path,
    days: array[int],
    progress: Callable[[str, int, int], None],
) -> None:
    old = Mapped(before / EXPLAIN)
    names = _subjects(gathered, old)
    trie = marisa_trie.Trie()
    trie.mmap(str(before / JUDGE))
    by_old = array("i", b"\xff" * 4 * len(trie))  # of each old number its new one, -1 when it is gone
    for count, (key, position) in enumerate(gathered.keys.items()):
        if (number := trie.get(key)) is not None:
            by_old[number] = numbers[position]
        if count % _STRIDE == 0:
            progress("since when", count, len(gathered.keys))
    for number, tag, _, day in RowBlocks(old).all():
        if (new := by_old[number]) >= 0 and (subject := names.get(_subject(tag))) is not None:
            for row in range(rows.starts[new], rows.starts[new + 1]):
                if _subject(rows.tags[row]) == subject and day < days[row]:
                    days[row] = day


def _subject(tag: int) -> int:
    """The list and the category of a row, without how the line is meant."""
    return tag >> FILE_SHIFT << FILE_SHIFT | tag & CATEGORY_BITS


def _subjects(gathered: Gathered, old: Mapped) -> dict[int, int]:
    """Of each pair of an old list and category the new one: both may be numbered otherwise."""
    files = {(file.source, file.file): place for place, file in enumerate(gathered.files)}
    pairs = {}
    for old_file, row in enumerate(old.head["files"]):
        new_file = files.get((row["source"], row["file"]))
        for old_bit, category in enumerate(old.head["categories"]):
            if new_file is not None and category in gathered.bits:
                pairs[old_file << FILE_SHIFT | old_bit] = new_file << FILE_SHIFT | gathered.bits[category]
    return pairs
