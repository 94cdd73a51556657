"""Compressed streams, unpacked within bounds: gzip (RFC 1952), xz and bzip2.

What comes out is counted against one budget for a whole source, and no stream may grow beyond reason: names compress
to a tenth, only a bomb to a thousandth.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Buffer, Callable
from dataclasses import dataclass
from typing import IO, Protocol

from hedgerow.stores.formats.model import FormatError

_CHUNK = 1 << 16
_FREE, _RATIO = 16 << 20, 200  # bytes that any stream may give; then this many times its own size
_XZ_MEMORY = 256 << 20  # bytes; a header may ask for a dictionary of 4 GB


@dataclass(slots=True)
class Budget:
    """Bytes that may still be unpacked of one source."""

    left: int

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise FormatError("unpacks to more bytes than a list may have")


class Unpacker(Protocol):
    """As bz2 and lzma have it."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """zlib in the manner of bz2 and lzma: what was not consumed is kept."""

    def __init__(self) -> None:
        self._inner, self._kept = zlib.decompressobj(wbits=31), b""

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        found = self._inner.decompress(self._kept + data, max_length)
        self._kept = self._inner.unconsumed_tail
        return found


COMPRESSIONS: dict[str, tuple[bytes, Callable[[], Unpacker]]] = {
    "gzip": (b"\x1f\x8b\x08", _Gzip),
    "xz": (b"\xfd7zXZ\x00", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)),
    "bzip2": (b"BZh", bz2.BZ2Decompressor),
}
"""Name, the bytes it begins with, and what unpacks it."""


class Unpacked(io.RawIOBase):
    """A compressed stream, read as what is in it. Every ``read`` may raise FormatError and OSError."""

    def __init__(self, packed: IO[bytes], kind: str, budget: Budget) -> None:
        super().__init__()
        self._packed, self._kind, self._budget = packed, kind, budget
        self._unpacker, self._begun = COMPRESSIONS[kind][1](), True
        self._read = self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self._next(len(view))
        view[: len(data)] = data
        self._given += len(data)
        self._budget.take(len(data))
        check_ratio(self._given, self._read)
        return len(data)

    def close(self) -> None:
        self._packed.close()
        super().close()

    def _next(self, count: int) -> bytes:
        """The next bytes, at most ``count``; empty at the end."""
        data = b""
        while not (found := self._unpack(data, count)):
            if self._unpacker.eof:
                if not (data := self._next_stream()):
                    return b""
                continue
            data = self._packed.read(_CHUNK)
            self._read += len(data)
            if not data:
                raise FormatError(f"the {self._kind} file ends in the middle")
        return found

    def _unpack(self, data: bytes, count: int) -> bytes:
        if self._unpacker.eof:
            return b""
        try:
            return self._unpacker.decompress(data, count)
        except (zlib.error, lzma.LZMAError, OSError, ValueError, EOFError) as error:
            raise FormatError(f"is no whole {self._kind} file: {error}") from None

    def _next_stream(self) -> bytes:
        """Several streams in a row are one file (RFC 1952 section 2.2); zeros may fill it up."""
        rest = self._unpacker.unused_data.lstrip(b"\0")
        while not rest:
            more = self._packed.read(_CHUNK)
            self._read += len(more)
            if not more:
                return b""
            rest = more.lstrip(b"\0")
        self._unpacker = COMPRESSIONS[self._kind][1]()
        return rest


class Metered(io.RawIOBase):
    """A member of a zip file, counted as ``Unpacked`` counts. ``read`` raises FormatError for what zipfile refuses."""

    def __init__(self, inner: IO[bytes], packed: int, budget: Budget, errors: tuple[type[Exception], ...]) -> None:
        super().__init__()
        self._inner, self._size, self._budget, self._errors, self._given = inner, packed, budget, errors, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            data = self._inner.read(len(view))
        except self._errors as error:
            raise FormatError(f"is no whole zip file: {error}") from None
        view[: len(data)] = data
        self._given += len(data)
        self._budget.take(len(data))
        check_ratio(self._given, self._size)
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


def check_ratio(given: int, packed: int) -> None:
    """Raises FormatError for what grows as only a bomb does. Both in bytes."""
    if given > _FREE and given > _RATIO * packed:
        raise FormatError(f"unpacks to more than {_RATIO} times its size: no list does")
