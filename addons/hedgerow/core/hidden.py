"""Where may words stand that show only through leet and splits (``c4sino``, ``c a s i n o``)? A fast "nowhere".

Only around a sign or a figure that touches a letter, and around letters that stand alone. What such a place says when
figures are read as letters and splits are closed is for the search to judge (``core.words``); most say nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from hedgerow.core.normal import characters
from hedgerow.core.sieve import Signs

MOST_PLACES = 300
"""Places of a page that are read again: a page full of disguises has been seen through long before."""

AROUND = 64
"""Bytes and characters on each side of a place that are read with it: a phrase is found by its neighbours too."""

_NEAR = 32
"""Bytes on each side in which a word is looked for."""

_MOST_TRIED = 256 * 1024
"""Places in as much text as is read at once: never fewer than it can have."""

_GAP, _LETTER = rb"[\s._*/|-]", rb"(?:[A-Za-z0-9@$]|[\xc3-\xdb][\x80-\xbf]|\xe1[\xba\xbb][\x80-\xbf])"
_LOOSE = Signs(
    [
        rb"(?i)[a-z\x80-\xbf][-_.*~'/|][a-z\xc3-\xdb]",
        rb"(?i)[a-z\x80-\xbf][0-9@$!|]+[a-z\xc3-\xe1]",
        rb"(?i)[a-z\x80-\xbf][0-9@$][^0-9a-z@$\x80-\xff]",
        rb"(?i)[^0-9a-z@$][@$0-9][a-z\xc3-\xe1]",
        rb"%b%b%b+%b%b+%b%b" % (_GAP, _LETTER, _GAP, _LETTER, _GAP, _LETTER, _GAP),
    ]
)
"""Leet, a word split by signs, single letters."""

_LEET = tuple(bytes.maketrans(b"4@3!|105$7892", b"aae%bosstbgz" % (letter * 3)) for letter in (b"i", b"l"))
_SPLITS = b"-_.*~'/|"
_GAPS = bytes.maketrans(_SPLITS, b" " * len(_SPLITS))
_EXCLAIMED = re.compile(rb"[!|]+(?=[^\w\x80-\xff]|\Z)")
_ROW = re.compile(r"(?<!\S)[^\W_](?: +[^\W_]){3,}(?!\S)")
_ALONE = rb"[a-z]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
_LETTER_ALONE, _ANY_ALONE = rb"(?:%b)" % _ALONE, rb"(?:[0-9]|%b)" % _ALONE
_MAYBE_ROW = Signs(
    [
        b"[ \n]" + b" +".join(_LETTER_ALONE if number == letter else _ANY_ALONE for number in range(4)) + b"[ \n]"
        for letter in range(4)
    ]
)
"""Of a row of four and more with three letters, some four that meet hold one; a row of page numbers holds none."""


def framed(folded: str) -> bytes:
    """A folded text as it is asked about here: once encoded, all the rest is done in bytes."""
    return b" %b " % folded.encode("utf-8", "surrogatepass")


def suspects(data: bytes) -> list[tuple[int, int]]:
    """[start, end) of the parts of a ``framed`` text in which a word may be hidden. Linear time."""
    found: list[tuple[int, int]] = []
    for end in _LOOSE.ends(data, _MOST_TRIED):
        if found and end < found[-1][1] - _NEAR // 2:
            continue
        first, last = _edges(data, end)
        if found and first <= found[-1][1]:
            first = found.pop()[0]
        found.append((first, last))
    return found


def _edges(data: bytes, place: int) -> tuple[int, int]:
    """A window cut at spaces, where there are any, and never inside a character."""
    first = data.rfind(b" ", max(place - 2 * _NEAR, 0), max(place - _NEAR, 0)) + 1
    last = data.find(b" ", place + _NEAR, place + 2 * _NEAR)
    return (
        first or _begins(data, max(place - 2 * _NEAR, 1)),
        last if last >= 0 else _begins(data, min(place + 2 * _NEAR, len(data) - 1)),
    )


def _begins(data: bytes, place: int) -> int:
    """Where the next character begins: the last one is a space."""
    while 0x80 <= data[place] < 0xC0:
        place += 1
    return place


def in_characters(data: bytes, windows: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where they are in the text that was ``framed``."""
    passed, begun = 1, 0
    for start, end in windows:
        begun += characters(data[passed:start])
        passed = start
        yield begun, begun + characters(data[start:end])


def together(data: bytes, windows: list[tuple[int, int]]) -> bytes:
    """The windows, a line each: a folded text has no other."""
    return b"\n".join([data[start:end] for start, end in windows])


def unveiled(text: bytes) -> Iterator[str]:
    """What it says when figures are letters and splits are closed, or are spaces."""
    quiet = _quiet(text)
    return itertools.chain.from_iterable(_read_by(table, quiet) for table in _LEET)


def unveiled_once(text: bytes) -> str:
    """The same as one text, each line once, without what a search for whole words reads in the text as it is."""
    quiet = _quiet(text)
    plain = quiet.translate(_GAPS)
    read = [plain]
    for table in _LEET:
        read += plain.translate(table), quiet.translate(table, _SPLITS)
    lines = zip(*(one.split(b"\n") for one in read), strict=True)
    told = [other for line in lines for other in dict.fromkeys(line) if other != line[0]]
    return b"\n".join(told).decode("utf-8", "surrogatepass")


def _quiet(text: bytes) -> bytes:
    return _EXCLAIMED.sub(b" ", text) if b"!" in text or b"|" in text else text


def _read_by(table: bytes, quiet: bytes) -> tuple[str, str]:
    apart, closed = quiet.translate(_GAPS).translate(table), quiet.translate(table, _SPLITS)
    return apart.decode("utf-8", "surrogatepass"), closed.decode("utf-8", "surrogatepass")


def spelled_out(text: bytes) -> bool:
    """True when four letters and more stand alone in a row: where the word begins is not for a search to say."""
    data = b" %b " % text.translate(None, _SPLITS)
    if not _MAYBE_ROW.ends(data, 1):
        return False
    return any(sum(map(str.isalpha, row[0])) > 2 for row in _ROW.finditer(data.decode("utf-8", "surrogatepass")))
