"""What one page is made of: how many files of which kind, how large they travel, how large they are when read.

The page is the issue's: 42 requests, 2.4 MB. Its make-up is the median desktop page's of HTTP Archive:

- requests by kind: Web Almanac 2024, "Page Weight": of 71 requests 2 HTML, 8 CSS, 24 scripts, 18 images, 4 fonts,
  and 15 of other kinds (what scripts fetch: JSON, counters). Taken times 42/71.
- bytes by kind: Web Almanac 2025, "Page Weight": 2,412 KB in all; HTML 22, CSS 82 to 85, scripts 697 to 719,
  fonts 138, images 442 to 1,058. What is missing to 2,412 (video, other) is counted as images: like
  those it passes unread.

Text travels compressed (gzip) and is read unpacked, as in life. HTML is slices of real saved pages where there are any.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.bench import pages


@dataclass(frozen=True, slots=True)
class Kind:
    """Files of one media type."""

    key: str
    label: str
    count: int  # in one page
    kilobytes: int  # one of them, as it is before compression
    ending: str
    made: Callable[[int], Iterator[bytes]]  # bytes -> endless files of that size
    packed: bool = False
    read: bool = False  # the words judge reads it


def html(size: int) -> Iterator[bytes]:
    return pages.allowed(size)


def data(size: int) -> Iterator[bytes]:
    """What a page's scripts fetch: an array of records with sentences of one language in them."""
    draw, languages = random.Random(5), pages.sentences()
    while True:
        sentences = draw.choice(languages)
        records: list[dict[str, object]] = []
        held = 2
        while held < size:
            made = {"id": draw.getrandbits(40), "title": draw.choice(sentences), "body": draw.choice(sentences)}
            records.append(made)
            held += len(json.dumps(made).encode()) + 2
        yield json.dumps(records).encode()


def code(size: int) -> Iterator[bytes]:
    """Program text that packs about as small as real bundles do, to a quarter or a third."""
    draw = random.Random(6)
    words = [f"{draw.choice('abcdefgtrnse')}{draw.getrandbits(16):x}" for _ in range(400)]
    shapes = (
        "function {}({}){{return {}.{}({})}}",
        "var {}={}[{}]||{};",
        ".{}>{}{{margin:{};color:#{}}}",
        "if({}){}({});",
    )
    while True:
        lines: list[bytes] = []
        held = 0
        while held < size:
            lines.append(draw.choice(shapes).format(*draw.choices(words, k=5)).encode())
            held += len(lines[-1]) + 1
        yield b"\n".join(lines)[:size]


def _binary(head: bytes) -> Callable[[int], Iterator[bytes]]:
    """Bytes that nothing makes smaller, behind the first ones of their format."""

    def made(size: int) -> Iterator[bytes]:
        draw = random.Random(head)
        while True:
            yield head + draw.randbytes(size - len(head))

    return made


JPEG, WOFF2 = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", b"wOF2\x00\x01\x00\x00"
KINDS = (
    Kind("html", "HTML", 1, 100, "html", html, packed=True, read=True),
    Kind("json", "JSON that scripts fetch", 9, 20, "json", data, packed=True, read=True),
    Kind("css", "style sheet", 5, 48, "css", code, packed=True),
    Kind("js", "script", 14, 150, "js", code, packed=True),
    Kind("font", "font", 2, 69, "woff2", _binary(WOFF2)),
    Kind("image", "image (and video)", 11, 128, "jpg", _binary(JPEG)),
)
REQUESTS = sum(kind.count for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Written:
    """Files of one kind as they lie in the origin's folder."""

    kind: Kind
    files: int
    size: int  # bytes of the smallest, as it travels


def write(www: Path, files: int) -> list[Written]:
    """``files`` different ones of each kind, ``KEY/N.ending``: in ``z`` what travels packed, in ``p`` the rest."""
    return [_write(www, kind, files) for kind in KINDS]


def folder(kind: Kind) -> str:
    return f"{'z' if kind.packed else 'p'}/{kind.key}"


def _write(www: Path, kind: Kind, files: int) -> Written:
    place = www / folder(kind)
    place.mkdir(parents=True)
    sizes = []
    for number, content in enumerate(islice(kind.made(kind.kilobytes * 1024), files)):
        body = gzip.compress(content, 6) if kind.packed else content
        (place / f"{number}.{kind.ending}").write_bytes(body)
        sizes.append(len(body))
    return Written(kind, files, min(sizes))
