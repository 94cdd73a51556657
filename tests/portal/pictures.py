"""A PNG as Chromium writes it (8 bits, RGB or RGBA, not interlaced) as grey values, for the reader of QR codes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator


def grey(png: bytes) -> memoryview:
    """Rows of pixels, one byte each (PNG specification, https://www.w3.org/TR/png/)."""
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    channels = {2: 3, 6: 4}[colour]
    assert depth == 8
    raw = zlib.decompress(b"".join(_data(png)))
    rows, above = bytearray(), bytearray(width * channels)
    for start in range(0, len(raw), width * channels + 1):
        above = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + width * channels]), above, channels)
        rows += above[1::channels]  # green is grey enough
    return memoryview(bytes(rows)).cast("B", (height, width))


def _data(png: bytes) -> Iterator[bytes]:
    place = 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            yield png[place + 8 : place + 8 + length]
        place += length + 12


def _unfiltered(kind: int, row: bytearray, above: bytearray, channels: int) -> bytearray:
    for i in range(len(row)):
        left = row[i - channels] if i >= channels else 0
        corner = above[i - channels] if i >= channels else 0
        added = (0, left, above[i], (left + above[i]) // 2, _paeth(left, above[i], corner))[kind]
        row[i] = (row[i] + added) & 0xFF
    return row


def _paeth(left: int, up: int, corner: int) -> int:
    near = left + up - corner
    return min((abs(near - left), 0, left), (abs(near - up), 1, up), (abs(near - corner), 2, corner))[2]
