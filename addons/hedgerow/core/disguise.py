"""Other readings of texts whose letters are disguised: ``p o r n``, ``p0rn``, ``рorn``, ``pooorn``, ``pörn``.

On pages only the few places that Hyperscan points at are read, with their neighbours. What is typed is short: every
word of it is tried, in other keyboard layouts and alphabets too (``core.disguise_typed``). Bounded on hostile input.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from hedgerow.core.disguise_typed import MOST_TYPED, typed_readings
from hedgerow.core.disguise_words import disguises, in_figures, is_leet, plainly, share_seen, strip
from hedgerow.core.hidden import AROUND, MOST_PLACES
from hedgerow.core.kinds import Kind
from hedgerow.core.normal import characters, fold
from hedgerow.core.origins import Normalised, Piece, Reading
from hedgerow.core.parting import Cutter
from hedgerow.core.sieve import Signs

_MANY_MARKS = 100
"""One accented letter in so many: a language with accents is spoken, not English under accents."""

_SHORT_TEXT = 200
"""Characters: so little is read again for one accent, whatever the language."""

_FEW_FOREIGN = 12
"""Such letters in a short text: it costs little to read it again."""

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
        rb"(?:[\xc3\xc4][\x80-\xbf]){3}|(?:\xe1[\xba\xbb][\x80-\xbf]){3}",  # no Vietnamese syllable has three
    ]
    # Three of a letter inside a word: "www" and "PPP" are words of their own.
    + [rb"(?i)%c{3}[a-z]|[a-z]%c{3}" % (char, char) for char in b"abcdefghjklmnopqrstuvyz"]
)
_ACCENT = rb"(?:\xc3[\x80-\x96\x98-\xb6\xb8-\xbf]|[\xc4-\xc8][\x80-\xbf]|\xe1[\xb8-\xbb][\x80-\xbf])"
_ACCENTED = Signs([rb"[A-Za-z]%b|[A-Za-z]\xcc[\x80-\xbf]|%b[A-Za-z]" % (_ACCENT, _ACCENT)])
_VIETNAMESE = Signs([rb"\xe1[\xba\xbb][\x80-\xbf]|\xc4[\x90\x91]|\xc6[\xa0\xa1\xaf\xb0]"])
"""Letters that no other language of Europe's alphabets has: the other accents are its own, too."""
_FOREIGN = Signs(  # accents that Vietnamese has not
    [
        rb"\xc3[\x84-\x87\x8b\x8e\x8f\x91\x96\x98\x9b\x9c\xa4-\xa7\xab\xae\xaf\xb1\xb6\xb8\xbb\xbc\xbf]",
        rb"\xc4[\x80\x81\x84-\x8f\x92-\xa7\xaa-\xbf]|\xc5[\x80-\xa7\xaa-\xbf]|[\xc7\xc8][\x80-\xbf]",
    ]
)
_ANY_ACCENT = Signs([_ACCENT, rb"[A-Za-z]\xcc[\x80-\xbf]"])
_CHUNK = re.compile(r"\S+")
_WHERE = frozenset({Kind.PLAIN, Kind.JOINED})


def may_be_disguised(text: str, vietnamese: bool = False) -> bool:
    """False for ordinary text: no word is of two alphabets, and no letter is under a heap of marks. 100 MB/s and more.

    Leet and split words are not asked about here: ``core.hidden`` sees through them. In a short text a few accents are
    odd, unless the page is ``vietnamese``.
    """
    data = text.encode("utf-8", "surrogatepass")
    return bool(_SURE.ends(data, 1)) or bool(_accents(data, len(text), vietnamese))


def any_disguised(texts: Sequence[str]) -> list[str]:
    """Those of many texts of one page that ``may_be_disguised``: the many short ones are asked together."""
    whole = " ".join(texts)
    data = whole.encode("utf-8", "surrogatepass")
    sure, accented = _SURE.ends(data, 1), not data.isascii() and _ANY_ACCENT.ends(data, 1)
    if not (sure or accented):
        return []
    most = max(_SHORT_TEXT // _MANY_MARKS, len(whole) // _MANY_MARKS)
    vietnamese = len(whole) >= _SHORT_TEXT and len(_VIETNAMESE.ends(data, most)) >= most  # more than a dish or a name
    return [text for text in texts if may_be_disguised(text, vietnamese)]


def disguised(text: str, typed: bool, hidden: Sequence[int], cutter: Cutter) -> tuple[Normalised, ...]:
    """Other readings of a text; empty for ordinary pages.

    Each is one more way to read the same text: what it finds is found once, wherever else it is found too. On pages
    leet and split words are read only around the characters ``hidden``, in order (``core.hidden``). Letters that all
    stand alone are cut into words by the ``cutter``.
    """
    if not typed:
        return tuple(_read(text, _windows(text, _places(text, hidden)), False, cutter))
    head = text[:MOST_TYPED]
    rest = [place for place in _places(text, hidden) if place >= MOST_TYPED] if len(text) > MOST_TYPED else []
    behind = _read(text, _windows(text, rest), False, cutter)
    return (*_read(text, [(0, len(head))], True, cutter), *typed_readings(text, head), *behind)


def _accents(data: bytes, length: int, vietnamese: bool = False) -> list[int]:
    """Accented letters beside plain ones, where they are so few that they are no language's own."""
    if data.isascii():
        return []
    if not vietnamese and (length < _SHORT_TEXT or not _VIETNAMESE.ends(data, 1)):
        most = max(4, length // _MANY_MARKS)
        ends = _ACCENTED.ends(data, most + 1)
        if len(ends) <= most:
            return ends
    most = max(_FEW_FOREIGN, length // _MANY_MARKS)
    ends = _FOREIGN.ends(data, most + 1)
    return ends if len(ends) <= most else []


def _places(text: str, hidden: Sequence[int]) -> list[int]:
    """Characters of ``text`` at which something is odd, in order."""
    data = text.encode("utf-8", "surrogatepass")
    odd = _positions(data, _SURE.ends(data, MOST_PLACES) + _accents(data, len(text))[:MOST_PLACES])
    return sorted({*odd, *hidden})


def _positions(data: bytes, ends: Iterable[int]) -> Iterator[int]:
    """The characters before the bytes ``ends``."""
    passed = position = 0
    for end in sorted(set(ends)):
        position += characters(data[passed:end])
        passed = end
        yield max(position - 1, 0)


def _windows(text: str, places: Sequence[int]) -> list[tuple[int, int]]:
    """[start, end) around places, cut at white space where there is any, joined where they meet."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and place + AROUND <= found[-1][1]:
            continue
        start, end = _edge(text, place - AROUND, place), _edge(text, place + AROUND, place)
        if found and start <= found[-1][1]:
            start = found.pop()[0]
        found.append((start, max(end, place + 1)))
    return found


def _edge(text: str, far: int, place: int) -> int:
    """Where a window ends that should end at ``far``: at white space on the way, if there is any."""
    if far <= 0 or far >= len(text):
        return max(0, min(far, len(text)))
    between = text[min(far, place) : max(far, place)]
    spaces = [match.start() for match in _SPACE.finditer(between)]
    if not spaces:
        return far
    return far + spaces[0] + 1 if far < place else place + spaces[-1]


def _read(text: str, windows: Sequence[tuple[int, int]], typed: bool, cutter: Cutter) -> Iterator[Reading]:
    """Each alphabet by itself: likeliest words first, so that those of one phrase meet in one reading."""
    words = [list(_words(text, start, end, typed, cutter)) for start, end in windows]
    seen = share_seen([text[piece.start : piece.end] for window in words for piece, _ in window])
    for letters in _ALPHABETS:
        if not any(letters.match(one) for window in words for _, read in window for one in read):
            continue
        chosen = [[(piece, tuple(filter(letters.match, read)) or read) for piece, read in window] for window in words]
        most = max((len(read) for window in chosen for _, read in window), default=0)
        for number in range(most if typed else min(most, _MOST_ON_PAGES)):
            yield Reading(text, list(_pieces(chosen, number)), _WHERE, seen=seen)
    rows = [row for start, end in windows for row in _ROW.finditer(text, start, end)]
    if rows:
        joined = [Piece(fold("".join(row[0].split())), row.start(), row.end()) for row in rows]
        yield Reading(text, joined, frozenset({Kind.JOINED}), whole=False)


_LATIN = "a-z\u00df-\u024f\u1e00-\u1eff"
_ALPHABETS = [re.compile(letters) for letters in (f"(?=.*[{_LATIN}])", "(?=.*[а-яі])", f"(?!.*[{_LATIN}а-яі])")]
_SPACE = re.compile(r"\s")
_ROW = re.compile(r"(?<!\S)\S(?:\s+\S){7,}(?!\S)")
"""Single letters in a row, enough of them to be several words."""

_SHORTEST_ROW = 3

_MOST_ON_PAGES = 4
"""Readings of a page's words in one alphabet; of what is typed all are tried."""

type _Word = tuple[Piece, tuple[str, ...]]
"""A word as it is, and what else it can be read as."""


def _words(text: str, start: int, end: int, typed: bool, cutter: Cutter) -> list[_Word]:
    """The words of a window; single letters in a row are one word, figures among leet are one too."""
    found: list[_Word] = []
    row: list[Piece] = []
    chunks = [Piece(match[0], match.start(), match.end()) for match in _CHUNK.finditer(text, start, end)]
    leet = any(len(chunk.text) > 1 and is_leet(chunk.text) for chunk in chunks)
    for chunk in chunks:
        if len(chunk.text) == 1 or len(strip(chunk.text)) <= 1:
            row.append(chunk)
            continue
        found += _row(row, typed, leet, cutter)
        row = []
        found.append(_word(chunk, typed, leet))
    return found + _row(row, typed, leet, cutter)


def _word(chunk: Piece, typed: bool, leet: bool) -> _Word:
    plain = plainly(chunk.text)
    read = disguises(chunk.text, plain, typed)
    if leet and not read and (figures := in_figures(chunk.text)):
        read = (figures,)
    return chunk._replace(text=plain), read


def _row(row: list[Piece], typed: bool, leet: bool, cutter: Cutter) -> list[_Word]:
    """Single letters as words: where some stand further apart than others, there a word ends, if not the only one."""
    letters = "".join(strip(chunk.text) for chunk in row)
    if len(letters) < _SHORTEST_ROW or not any(map(str.isalpha, letters)):
        return [_word(chunk, typed, leet) for chunk in row]
    row = [chunk for chunk in row if strip(chunk.text)]
    gaps = [after.start - before.end for before, after in itertools.pairwise(row)]
    least = min(gaps)
    cuts = [n for n, gap in enumerate(gaps, 1) if gap > least]
    return [_joined(row[a:b], typed, cutter) for a, b in itertools.pairwise((0, *cuts, len(row)))]


def _joined(row: list[Piece], typed: bool, cutter: Cutter) -> _Word:
    word = "".join(strip(chunk.text) for chunk in row)
    found: dict[str, None] = {cutter.cut(fold(word)): None}
    for part, most in ((word, None), (word[1:], 3), (word[:-1], 3)):  # "a" and "I" may be words before or behind
        plain = fold(part)
        found.update(dict.fromkeys((*disguises(part, plain, typed), plain)[:most]))
    whole = Piece(fold(" ".join(chunk.text for chunk in row)), row[0].start, row[-1].end)
    return whole, tuple(one for one in found if one)


def _pieces(words: Sequence[Sequence[_Word]], number: int) -> Iterator[Piece]:
    """The words of the ``number``-th reading: windows in which no word has so many are left out."""
    for window in words:
        if all(len(read) <= number for _, read in window):
            continue
        for piece, read in window:
            yield piece._replace(text=read[min(number, len(read) - 1)]) if read else piece
        yield Piece("|", window[-1][0].end, window[-1][0].end)
