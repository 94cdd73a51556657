"""Content-Encoding undone, bounded: no body makes us hold more than ``limit`` bytes of output per layer.

Every decoder yields what it could decode before an error or the limit; a truncated body is still read.
To add a coding: write a ``Decoder``, name it in ``DECODERS``, add a row to the test.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import brotli
import zstandard

MAX_LAYERS = 2
"""``gzip, gzip`` is read; more layers are a trick and undecodable."""

ZSTD_WINDOW = 8 * 1024 * 1024
"""Bytes of window a zstd frame may ask for (RFC 9659 allows no more on the web)."""

_PIECE = 256 * 1024

_TEXT_CONTROLS = frozenset(b"\t\n\x0b\x0c\r\x1b")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A body without its codings. ``error`` is empty, or says why ``data`` is not all, or nothing."""

    data: bytes
    truncated: bool = False  # there is more than ``limit``
    error: str = ""


Decoder = Callable[[bytes, int], Unpacked]


def _zlib(body: bytes, limit: int, wbits: int) -> Unpacked:
    """All members of a zlib or gzip stream, at most ``limit`` bytes of output."""
    out = bytearray()
    while body:
        member = zlib.decompressobj(wbits)
        try:
            out += member.decompress(body, limit + 1 - len(out))
        except zlib.error as error:
            # Garbage after a whole member is what browsers ignore.
            return Unpacked(bytes(out), False, "" if out else f"broken data: {error}")
        if len(out) > limit:
            return Unpacked(bytes(out[:limit]), True)
        if not member.eof:
            return Unpacked(bytes(out), False, "" if out else "the data ends too early")
        body = member.unused_data
    return Unpacked(bytes(out))


def _gzip(body: bytes, limit: int) -> Unpacked:
    return _zlib(body, limit, zlib.MAX_WBITS | 16)


def _deflate(body: bytes, limit: int) -> Unpacked:
    """RFC 9110 means zlib; some servers send raw deflate, and browsers read both."""
    first = _zlib(body, limit, zlib.MAX_WBITS)
    return first if first.data else _zlib(body, limit, -zlib.MAX_WBITS)


def _brotli(body: bytes, limit: int) -> Unpacked:
    decoder = brotli.Decompressor()
    out, pending = bytearray(), body
    try:
        while len(out) <= limit:
            piece = decoder.process(pending, output_buffer_limit=min(_PIECE, limit + 1 - len(out)))
            pending = b""
            out += piece
            if not piece or decoder.is_finished():
                break
    except brotli.error as error:
        return Unpacked(bytes(out[:limit]), len(out) > limit, "" if out else f"broken data: {error}")
    whole = bool(out) or decoder.is_finished()
    return Unpacked(bytes(out[:limit]), len(out) > limit, "" if whole else "the data ends too early")


def _zstd(body: bytes, limit: int) -> Unpacked:
    out = bytearray()
    reader = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).stream_reader(body, read_across_frames=True)
    try:
        while len(out) <= limit:
            piece = reader.read(min(_PIECE, limit + 1 - len(out)))
            out += piece
            if not piece:
                break
    except zstandard.ZstdError as error:
        return Unpacked(bytes(out[:limit]), len(out) > limit, "" if out else f"broken data: {error}")
    return Unpacked(bytes(out[:limit]), len(out) > limit, "" if out else "the data ends too early")


DECODERS: dict[str, Decoder] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}


def codings(content_encoding: str) -> tuple[str, ...]:
    """The codings of a Content-Encoding header in the order they were applied, without ``identity``."""
    tokens = (token.partition(";")[0].strip().lower() for token in content_encoding.split(","))
    return tuple(token for token in tokens if token not in ("", "identity", "none"))


def looks_like_text(data: bytes) -> bool:
    """True when the first kilobyte holds no control bytes that text never has."""
    return not any(byte < 0x20 and byte not in _TEXT_CONTROLS for byte in data[:1024])


def unpack(body: bytes, content_encoding: str, limit: int) -> Unpacked:
    """``body`` without the codings its header names; never raises.

    A header that lies is believed only as far as the bytes agree: a plain body called gzip is plain,
    a gzip body nobody announced is opened.
    """
    layers = codings(content_encoding)
    if not layers and body[:3] == b"\x1f\x8b\x08":
        hidden = _gzip(body, limit)
        return hidden if hidden.data else _plain(body, limit)
    if len(layers) > MAX_LAYERS:
        return Unpacked(b"", False, f"more than {MAX_LAYERS} layers of compression")
    result = Unpacked(body)
    for name in reversed(layers):
        result = _undo(name, result, limit)
        if result.error:
            return result
    return result if layers else _plain(body, limit)


def _undo(name: str, outer: Unpacked, limit: int) -> Unpacked:
    decoder = DECODERS.get(name)
    inner = decoder(outer.data, limit) if decoder else Unpacked(b"", False, f"unknown content coding {name[:40]!r}")
    if inner.data or not outer.data:
        return Unpacked(inner.data, inner.truncated or outer.truncated)
    if inner.error and looks_like_text(outer.data):
        return Unpacked(outer.data[:limit], outer.truncated or len(outer.data) > limit)
    return Unpacked(b"", False, f"{name}: {inner.error}" if decoder and inner.error else inner.error)


def _plain(body: bytes, limit: int) -> Unpacked:
    return Unpacked(body[:limit], len(body) > limit)
