"""Content codings undone while a body passes: what ``core.decode`` does for a whole one. Bounded, never raises."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli
import zstandard

from hedgerow.core.decode import ZSTD_WINDOW, codings

_PIECE = 64 * 1024
_MOST = 8 * 1024 * 1024
"""Bytes one call may make: a live stream says little at once, and a bomb much."""
_ZSTD_SLICE = 64
"""Bytes given to zstd at once, which has no bound of its own: four of them can make 128 KB."""


class Broken(Exception):
    """The bytes are not what their coding says, or far too many."""


class _Coding(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]: ...


class _Zlib:
    """gzip and zlib by their heads; ``deflate`` is also sent raw, and browsers read both."""

    def __init__(self, raw_too: bool) -> None:
        self._head = b"" if raw_too else None
        self._inner = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._head is not None:
            data = self._head = self._head + data
            if len(data) < 2:
                return
            if data[0] & 15 != 8 or int.from_bytes(data[:2]) % 31:
                self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
            self._head = None
        made = b""
        while data or len(made) == _PIECE:  # a full piece may have left more inside
            made = self._inner.decompress(data, _PIECE)
            if made:
                yield made
            data = self._inner.unconsumed_tail
            if self._inner.eof:
                data, self._inner = self._inner.unused_data, zlib.decompressobj(zlib.MAX_WBITS | 32)


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self._inner.is_finished():
            made = self._inner.process(data, output_buffer_limit=_PIECE)
            data = b""
            if not made:
                break
            yield made


class _Zstd:
    def __init__(self) -> None:
        self._inner = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj(read_across_frames=True)

    def feed(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _ZSTD_SLICE):
            made = self._inner.decompress(data[start : start + _ZSTD_SLICE])
            if made:
                yield made


_CODINGS: dict[str, Callable[[], _Coding]] = {
    "gzip": lambda: _Zlib(False),
    "x-gzip": lambda: _Zlib(False),
    "deflate": lambda: _Zlib(True),
    "br": _Brotli,
    "zstd": _Zstd,
}


class Undo:
    """One stream's coding. ``why_not`` tells before it begins why it cannot be read; "" when it can."""

    def __init__(self, content_encoding: str) -> None:
        names = codings(content_encoding)
        known = all(name in _CODINGS for name in names) and len(names) < 2
        self.why_not = "" if known else f"a stream in {content_encoding[:40]!r}"
        self.coded = bool(names)
        self._coding = _CODINGS[names[0]]() if names and known else None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What these bytes say, in bounded pieces. Raises Broken."""
        if self._coding is None:
            yield data
            return
        made = 0
        try:
            for piece in self._coding.feed(data):
                made += len(piece)
                if made > _MOST:
                    raise Broken("far more than a stream says at once")
                yield piece
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise Broken(f"broken data: {error}") from error
