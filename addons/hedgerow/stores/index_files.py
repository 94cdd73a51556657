"""The two files of an index, as bytes: one that judges and one that explains.

``judge.index``: a marisa trie of all names (keys of ``stores.index_keys``; each has a number), one 16-bit cell number a
name, and a JSON head that says what each cell means. marisa maps the file from its beginning and does not look at what
follows, so all of it is one mapped file, shared by all workers.

``explain.index``: the rows of all names (tag, line, day first seen) in the order of their numbers, in blocks that are
compressed apart, so that explaining one name reads one block; then a JSON head that tells the lists and the blocks.

Both end with a foot: where the parts stand, and a magic word. A file without its foot is not complete.
"""

from __future__ import annotations

import json
import mmap
import struct
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

FORMAT = 2
"""Raised with every change of the files; an index of another format is built anew."""

JUDGE, EXPLAIN = "judge.index", "explain.index"
BUILDING = ".building-"
"""How a folder is called while it is written."""

_MAGIC = b"Hedgerow"
_FOOT = struct.Struct("<QQQ8s")  # end of the trie (or 0), begin and end of the head, magic
_BLOCK_ROWS = 4096
_LEVEL = 9  # of zstd: half a second more than level 3 for three million names, a fifth less on the disk


class IndexFault(Exception):
    """The folder holds no complete index of this format and machine. Build it anew; the one in force stays."""


def write_foot(file: BinaryIO, trie_end: int, head: object) -> None:
    """Append the head and the foot."""
    start = file.tell()
    file.write(json.dumps(head, ensure_ascii=False, sort_keys=True).encode())
    file.write(_FOOT.pack(trie_end, start, file.tell(), _MAGIC))


class Mapped:
    """A file of an index, mapped into memory: its bytes before the head, and the head."""

    def __init__(self, path: Path) -> None:
        """Raises IndexFault."""
        try:
            with path.open("rb") as file:
                self.view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            self.trie_end, start, end, magic = _FOOT.unpack(self.view[-_FOOT.size :])
            if magic != _MAGIC or not self.trie_end <= start <= end == len(self.view) - _FOOT.size:
                raise IndexFault(f"{path} is not complete; build it anew")
            self.head: dict[str, Any] = json.loads(bytes(self.view[start:end]))
        except (OSError, ValueError, struct.error) as error:
            raise IndexFault(f"{path} cannot be read: {error}") from error
        if self.head.get("format") != FORMAT or self.head.get("byteorder") != sys.byteorder:
            raise IndexFault(f"{path} is an index of another format or machine; build it anew")
        self.body = self.view[self.trie_end : start]


def is_whole(folder: Path) -> bool:
    """True when both files of an index end as they should and are of this format."""
    try:
        Mapped(folder / JUDGE)
        Mapped(folder / EXPLAIN)
    except IndexFault:
        return False
    return True


def kept_open_names(folder: Path) -> list[str]:
    """The names below others that evidence keeps open, of an index of downloaded lists. Raises IndexFault."""
    return list(Mapped(folder / EXPLAIN).head.get("kept_open", ()))


def told_of(folder: Path) -> dict[str, Any]:
    """What the build said about the lists, kept with the explanations. Raises IndexFault."""
    return dict(Mapped(folder / EXPLAIN).head.get("told", {}))


class RowBlocks:
    """Reads rows by the number of a name."""

    def __init__(self, mapped: Mapped) -> None:
        self._body = mapped.body
        blocks: list[list[int]] = mapped.head["blocks"]
        self._firsts = [block[0] for block in blocks]
        self._places = [(block[1], block[2]) for block in blocks]
        self.read = lru_cache(maxsize=8)(self._read)

    def rows(self, number: int) -> Iterator[tuple[int, int, int]]:
        """(tag, line, day) of each row of this name."""
        block = bisect_right(self._firsts, number) - 1
        if block >= 0:
            numbers, tags, lines, days = self.read(block)
            for row in range(bisect_right(numbers, number - 1), bisect_right(numbers, number)):
                yield tags[row], lines[row], days[row]

    def all(self) -> Iterator[tuple[int, int, int, int]]:
        """(number, tag, line, day) of every row."""
        for block in range(len(self._firsts)):
            yield from zip(*self._read(block), strict=True)

    def _read(self, block: int) -> tuple[array[int], array[int], array[int], array[int]]:
        start, length = self._places[block]
        plain = zstandard.ZstdDecompressor().decompress(self._body[start : start + length])
        count = len(plain) // 14
        numbers, tags, lines, days = (array(code) for code in "IIIH")
        for place, column in enumerate((numbers, tags, lines, days)):
            begin = 4 * count * place
            column.frombytes(plain[begin : begin + column.itemsize * count])
        return numbers, tags, lines, days


def write_rows(file: BinaryIO, starts: Sequence[int], columns: tuple[array[int], ...]) -> list[list[int]]:
    """Write (tag, line, day) in blocks that end with a name; what ``RowBlocks`` needs to find them.

    ``starts``: of each number its first row; the last element is the number of rows.
    """
    blocks, packer, number, begin = [], zstandard.ZstdCompressor(level=_LEVEL), 0, file.tell()
    while number < len(starts) - 1:
        last = max(bisect_right(starts, starts[number] + _BLOCK_ROWS) - 1, number + 1)
        first_row, end_row = starts[number], starts[last]
        numbers = array("I", (n for n in range(number, last) for _ in range(starts[n], starts[n + 1])))
        plain = numbers.tobytes() + b"".join(column[first_row:end_row].tobytes() for column in columns)
        packed = packer.compress(plain)
        blocks.append([number, file.tell() - begin, len(packed)])
        file.write(packed)
        number = last
    return blocks
