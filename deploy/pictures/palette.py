"""A PNG of Chromium's made small: one byte a pixel and a palette, without a library (https://www.w3.org/TR/png/)."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {2: 3, 6: 4}  # RGB, RGBA
Colour = tuple[int, int, int]
COLOURS = 40
"""Enough for a drawing and for the edges of letters; half the bytes of 256."""


def small(png: bytes) -> bytes:
    """The same picture with COLOURS colours; a rarer one becomes the nearest.

    Raises ValueError for anything but 8-bit RGB or RGBA in whole rows: that is what Chromium writes.
    """
    width, height, depth, kind, *rest = struct.unpack(">IIBBBBB", png[16:29])
    if depth != 8 or kind not in _CHANNELS or rest[2]:
        raise ValueError("an 8-bit RGB or RGBA picture that is not interlaced expected")
    pixels = list(_pixels(png, width, _CHANNELS[kind]))
    palette = [colour for colour, _ in Counter(pixels).most_common(COLOURS)]
    places = {colour: place for place, colour in enumerate(palette)}
    for colour in set(pixels) - places.keys():
        places[colour] = min(range(len(palette)), key=lambda place: _apart(palette[place], colour))
    rows = (bytes(places[pixel] for pixel in pixels[y * width : (y + 1) * width]) for y in range(height))
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(bytes(colour) for colour in palette)),
            _chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _apart(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _pixels(png: bytes, width: int, channels: int) -> Iterator[Colour]:
    raw, stride = zlib.decompress(b"".join(_data(png))), width * channels
    above = bytearray(stride)
    for start in range(0, len(raw), stride + 1):
        above = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), above, channels)
        yield from zip(above[0::channels], above[1::channels], above[2::channels], strict=True)


def _data(png: bytes) -> Iterator[bytes]:
    place = len(_SIGNATURE)
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            yield png[place + 8 : place + 8 + length]
        place += length + 12


def _unfiltered(kind: int, row: bytearray, above: bytearray, channels: int) -> bytearray:
    """One row with its filter (PNG 9.2) taken back."""
    for i in range(len(row)) if kind else ():
        left = row[i - channels] if i >= channels else 0
        corner = above[i - channels] if i >= channels else 0
        row[i] = (row[i] + (0, left, above[i], (left + above[i]) // 2, _paeth(left, above[i], corner))[kind]) & 255
    return row


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))
