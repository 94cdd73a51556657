"""Tar archives (POSIX.1-2001 pax, ustar, GNU long names), read where they lie: nothing is ever written to disk by name.

Python's tarfile takes the first damaged header for the end of an archive and believes the size of a long name; a list
that is cut in the middle must not pass for a short one.
"""

from __future__ import annotations

import io
from collections.abc import Buffer, Iterator
from typing import IO, NamedTuple

from hedgerow.stores.formats.model import FormatError

_BLOCK = 512
_LONGEST_HEADER = 1 << 16  # bytes of a pax header or a long name
_FILE, _SPECIAL, _HEADERS = (b"0", b"\0", b"7"), (b"3", b"4", b"6"), (b"x", b"L")


class Entry(NamedTuple):
    """A regular file in an archive: name as written, first byte, length."""

    name: str
    start: int
    size: int


def is_tar(head: bytes) -> bool:
    """Whether a file's first block is a tar header: its checksum says so, and old archives have no other sign."""
    return len(head) >= _BLOCK and any(head[:100]) and _sum(head) == _checksum(head)


def entries(file: IO[bytes], size: int) -> Iterator[Entry]:
    """All regular files of a seekable archive of ``size`` bytes; folders and links are left out.

    Raises FormatError: damaged, cut off, a device, a sparse file.
    """
    place = 0
    path, length_given = "", -1
    while True:
        file.seek(place)
        block = file.read(_BLOCK)
        if len(block) < _BLOCK:
            raise FormatError("the archive ends in the middle")
        if not any(block):
            return
        if _sum(block) != _checksum(block):
            raise FormatError("the archive is damaged")
        kind, length = block[156:157], _number(block[124:136])
        if kind not in _HEADERS and length_given >= 0:
            length = length_given
        start = place + _BLOCK
        place = start + -(-length // _BLOCK) * _BLOCK
        if place > size:
            raise FormatError("the archive ends in the middle")
        if kind in _HEADERS:
            path, length_given = _header(kind, _long(file, start, length), path, length_given)
            continue
        name = path or _name(block)
        path, length_given = "", -1
        if kind in _SPECIAL:
            raise FormatError(f"{name[:80]!r} is a device, no file")
        if kind == b"S":
            raise FormatError(f"{name[:80]!r} is a sparse file")
        if kind in _FILE and not name.endswith("/"):
            yield Entry(name, start, length)


class Slice(io.RawIOBase):
    """Bytes ``start`` to ``start + size`` of a file that others read, too."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        super().__init__()
        self._file, self._start, self._size, self._place = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self._place = base + offset
        return self._place

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        self._file.seek(self._start + self._place)
        data = self._file.read(max(0, min(len(view), self._size - self._place)))
        view[: len(data)] = data
        self._place += len(data)
        return len(data)


def _checksum(block: bytes) -> int:
    """Of a header; the eight bytes of the checksum count as blanks."""
    return sum(block[:148]) + 8 * 0x20 + sum(block[156:_BLOCK])


def _sum(block: bytes) -> int:
    try:
        return int(block[148:156].split(b"\0")[0].strip() or b"0", 8)
    except ValueError:
        return -1


def _number(field: bytes) -> int:
    """Octal digits, or a binary number behind a set first bit (GNU)."""
    if field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:]) if field[0] == 0x80 else _bad_number()
    try:
        number = int(field.split(b"\0")[0].strip() or b"0", 8)
    except ValueError:
        return _bad_number()
    return number if number >= 0 else _bad_number()


def _bad_number() -> int:
    raise FormatError("the archive is damaged: a file without a size")


def _name(block: bytes) -> str:
    name = _text(block[:100])
    prefix = _text(block[345:500]) if block[257:263] == b"ustar\0" else ""  # GNU keeps times there
    return f"{prefix}/{name}" if prefix else name


def _text(field: bytes) -> str:
    return field.split(b"\0")[0].decode("utf-8", "surrogateescape")


def _long(file: IO[bytes], start: int, length: int) -> bytes:
    if length > _LONGEST_HEADER:
        raise FormatError("the archive is damaged: a header without end")
    file.seek(start)
    return file.read(length)


def _header(kind: bytes, data: bytes, path: str, size: int) -> tuple[str, int]:
    """(path, size) that a header gives the file that follows, or as they were."""
    if kind == b"L":
        return _text(data), size
    while data:
        length, _, _ = data.partition(b" ")
        if not length.isdigit() or len(length) > 6 or not len(length) + 2 < int(length) <= len(data):
            raise FormatError("the archive is damaged: a header that cannot be read")
        key, _, value = data[len(length) + 1 : int(length) - 1].partition(b"=")
        data = data[int(length) :]
        if key.startswith(b"GNU.sparse"):
            raise FormatError("holds a sparse file")
        if key == b"path":
            path = _text(value)
        elif key == b"size":
            size = int(value) if value.isdigit() and len(value) < 20 else _bad_number()
    return path, size
