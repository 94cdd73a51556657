"""Other readings of texts whose letters are disguised: ``p o r n``, ``p0rn``, ``рorn``, ``pooorn``, ``pörn``.

On pages only the few places that Hyperscan points at are read, with their neighbours. What is typed is short: every
word of it is tried, in other keyboard layouts and alphabets too (``core.disguise_typed``). Bounded on hostile input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hedgerow.core.disguise_typed import MOST_TYPED, typed_readings
from hedgerow.core.disguise_words import disguises, strip
from hedgerow.core.kinds import Kind
from hedgerow.core.normal import fold
from hedgerow.core.origins import Normalised, Piece, Reading
from hedgerow.core.sieve import Signs

MOST_PLACES = 300
"""Places of a page that are read again: a page full of disguises has been seen through long before."""

_AROUND = 64
"""Characters on each side of a place that are read with it: a phrase is found by its neighbours too."""

_MANY_MARKS = 200
"""One accented letter in so many: a language with accents is spoken, not English under accents."""

_SMALL = rb"(?:\xd0[\xb0-\xbf]|[\xd1-\xd4][\x80-\xbf]|\xce[\xac-\xbf]|\xcf[\x80-\xbf]|[\xd5\xd6][\x80-\xbf])"
_CAPITAL = rb"(?:\xd0[\x80-\xaf]|\xce[\x86-\xab])"  # Greek, Cyrillic and Armenian letters
_TRIPLES = [char.encode() for char in "абвгдежзийклмнопрстуфхцчшщъыьэюяابپتجحخدرزسشفقکلمنهوی"]
_SURE = Signs(
    [
        # Not a capital behind a small letter: there two words meet whose space is markup.
        rb"[a-z]%b|[A-Z]%b|%b[a-z]|%b[A-Za-z]" % (_SMALL, _CAPITAL, _SMALL, _CAPITAL),
        rb"[\xd0-\xd2][\x80-\xbf][0-9@$]+[\xd0-\xd2]",
        rb"[\xce\xcf][\x80-\xbf][\xd0-\xd4][\x80-\xbf]|[\xd0-\xd4][\x80-\xbf][\xce\xcf][\x80-\xbf]",
        # Small capitals, IPA, Cherokee, Lisu, Coptic, squared and negative letters, flags' letters.
        rb"\xc9[\x90-\xbf]|\xca[\x80-\xaf]|\xe1\xb4[\x80-\xab]|\xe1\x8e[\xa0-\xbf]|\xe1\x8f|\xea\x9c[\xb0\xb1]",
        rb"\xea\x93[\x90-\xbf]|\xe2[\xb2\xb3][\x80-\xbf]|\xf0\x9f[\x84-\x86][\x80-\xbf]|\xf0\x9f\x87[\xa6-\xbf]",
        rb"\xd1[\x95\x98\xb5]|\xd4[\x81\x9b\x9d]",
        # Heaps of marks, marks on consonants, strokes through letters.
        rb"(?:[\xcc\xcd][\x80-\xbf]){3}",
        rb"(?i)[bcdfghjklmnpqrstvwxz](?:\xcc[\x80-\xbf]|\xcd[\x80-\xaf])",
        rb"\xcc[\xb4-\xb8]",
        *(letter * 3 for letter in _TRIPLES),
    ]
    # Three of a letter inside a word: "www" and "PPP" are words of their own.
    + [rb"(?i)%c{3}[a-z]|[a-z]%c{3}" % (char, char) for char in b"abcdefghjklmnopqrstuvyz"]
)
_ACCENT = rb"(?:\xc3[\x80-\xbf]|[\xc4-\xc8][\x80-\xbf]|\xe1[\xb8-\xbb][\x80-\xbf])"
_ACCENTED = Signs([rb"[A-Za-z]%b|[A-Za-z]\xcc[\x80-\xbf]|%b[A-Za-z]" % (_ACCENT, _ACCENT)])
_GAP, _LETTER = rb"[\s._*/|-]", rb"(?:[A-Za-z0-9@$]|[\xc3-\xdb][\x80-\xbf]|\xe1[\xba\xbb][\x80-\xbf])"
_LOOSE = Signs(
    [
        rb"(?i)[a-z\x80-\xbf][-_.*~'/|][a-z\xc3-\xdb]",
        rb"(?i)[a-z][0-9@$!|]+[a-z]",
        rb"(?i)[^0-9a-z@$][@$0-9][a-z]",
        rb"%b%b%b+%b%b+%b%b" % (_GAP, _LETTER, _GAP, _LETTER, _GAP, _LETTER, _GAP),
    ]
)
_CHUNK = re.compile(r"\S+")
_WHERE = frozenset({Kind.PLAIN, Kind.JOINED})


def may_be_disguised(text: str) -> bool:
    """False for ordinary text: no word is of two alphabets, and no letter is under a heap of marks. 100 MB/s and more.

    Leet and split words are not asked about here: ``normal.bare`` sees through them.
    """
    data = text.encode("utf-8", "surrogatepass")
    return bool(_SURE.ends(data, 1)) or bool(_accents(data, len(text)))


def disguised(text: str, typed: bool, split: bool = True) -> tuple[Normalised, ...]:
    """Other readings of a text; empty for ordinary pages. ``split`` False leaves leet and split words out.

    Each is one more way to read the same text: what it finds is found once, wherever else it is found too.
    """
    if typed:
        head = text[:MOST_TYPED]
        windows = [(0, len(head))]
        return (*_read(text, windows, True), *typed_readings(text, head))
    return _read(text, _windows(text, _places(text, split)), False)


def _accents(data: bytes, length: int) -> list[int]:
    """Accented letters beside plain ones, where they are so few that they are no language's own."""
    if data.isascii():
        return []
    most = max(2, length // _MANY_MARKS)
    ends = _ACCENTED.ends(data, most * 2 + 1)
    return ends if len(ends) <= most * 2 else []


def _places(text: str, split: bool) -> list[int]:
    """Characters of ``text`` at which something is odd, in order."""
    data = text.encode("utf-8", "surrogatepass")
    ends = _SURE.ends(data, MOST_PLACES) + _accents(data, len(text))[:MOST_PLACES]
    ends += [end - 1 for end in _LOOSE.ends(b" %b " % data, 4 * MOST_PLACES)] if split else []
    places, passed, position = [], 0, 0
    for end in sorted({max(end, 1) for end in ends}):
        position += _characters(data[passed:end])
        passed = end
        places.append(position - 1)
    return places


def _characters(data: bytes) -> int:
    """Letters that begin in ``data``: bytes that are no continuation."""
    return len(data) - len(data.translate(None, _NO_CONTINUATION))


_NO_CONTINUATION = bytes(code for code in range(256) if not 0x80 <= code < 0xC0)
"""Deleting these leaves the continuation bytes, so that the difference is the number of letters."""


def _windows(text: str, places: Sequence[int]) -> list[tuple[int, int]]:
    """[start, end) around places, cut at white space where there is any, joined where they meet."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and place + _AROUND <= found[-1][1]:
            continue
        start, end = _edge(text, place - _AROUND, place), _edge(text, place + _AROUND, place)
        if found and start <= found[-1][1]:
            start = found.pop()[0]
        found.append((start, max(end, place + 1)))
    return found


def _edge(text: str, far: int, place: int) -> int:
    """Where a window ends that should end at ``far``: at white space on the way, if there is any."""
    if far <= 0 or far >= len(text):
        return max(0, min(far, len(text)))
    if far < place:
        return text.find(" ", far, place) + 1 or far
    space = text.rfind(" ", place, far)
    return far if space < 0 else space


def _read(text: str, windows: Sequence[tuple[int, int]], typed: bool) -> tuple[Normalised, ...]:
    words = [list(_words(text, start, end, typed)) for start, end in windows]
    most = max((len(read) for window in words for _, read in window), default=0)
    return tuple(Reading(text, list(_pieces(words, number)), _WHERE) for number in range(most))


type _Word = tuple[Piece, tuple[str, ...]]
"""A word as it is, and what else it can be read as."""


def _words(text: str, start: int, end: int, typed: bool) -> Iterator[_Word]:
    """The words of a window; single letters in a row are one word."""
    row: list[_Word] = []
    for match in _CHUNK.finditer(text, start, end):
        chunk = match[0]
        plain = fold(chunk)
        word = Piece(plain, match.start(), match.end()), disguises(chunk, plain, typed)
        if len(strip(chunk)) <= 1:
            row.append(word)
            continue
        yield from _row(text, row, typed)
        row = []
        yield word
    yield from _row(text, row, typed)


_SHORTEST_ROW = 3


def _row(text: str, row: list[_Word], typed: bool) -> Iterator[_Word]:
    letters = [strip(text[piece.start : piece.end]) for piece, _ in row]
    if sum(map(bool, letters)) < _SHORTEST_ROW:
        yield from row
        return
    word = "".join(letters)
    found: dict[str, None] = {}
    for part, most in ((word, None), (word[1:], 3), (word[:-1], 3)):  # "a" and "I" may be words before or behind
        plain = fold(part)
        found.update(dict.fromkeys((plain, *disguises(part, plain, typed))[:most]))
    whole = Piece(" ".join(piece.text for piece, _ in row), row[0][0].start, row[-1][0].end)
    yield whole, tuple(one for one in found if len(one) >= _SHORTEST_ROW)


def _pieces(words: Sequence[Sequence[_Word]], number: int) -> Iterator[Piece]:
    """The words of the ``number``-th reading: windows in which no word has so many are left out."""
    for window in words:
        if all(len(read) <= number for _, read in window):
            continue
        for piece, read in window:
            yield piece._replace(text=read[min(number, len(read) - 1)]) if read else piece
        yield Piece("|", window[-1][0].end, window[-1][0].end)
