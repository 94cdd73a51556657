"""What is typed on the wrong keyboard, in the wrong alphabet or in a hurry: other readings of a whole short text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from hedgerow.core import finglish, keyboards, translit, vietnamese, vietnamese_typed
from hedgerow.core.disguise_words import plainly, strip
from hedgerow.core.kinds import PLAIN, Kind, kinds_of
from hedgerow.core.origins import Piece, Reading

MOST_TYPED = 4096
"""Characters of a typed text that are read in these ways: what is longer was pasted, and its rest is read as a page."""

_VALUE = re.compile(r"(?:^|(?<=\n))(?:[\w.\[\]-]{1,40}=)?([^\n]+)")
_LONGEST_TOKEN = 64
"""Letters of the longest line without spaces that is read: longer ones are tokens."""

_CHUNK = re.compile(r"\S+")
_LATIN = re.compile("[a-z]")
_CYRILLIC = re.compile("[а-я]")
_OTHER_KEYS = re.compile("[а-яі\u0600-\u06ff]")
_TONELESS = frozenset({Kind.PLAIN, Kind.TONELESS})
_MOSTLY, _NEARLY_ALL = 0.6, 0.75


def typed_readings(text: str, head: str) -> Iterator[Reading]:
    """Readings of each line of ``head``, which ``text`` begins with; of ``q=words`` the words."""
    for line in _VALUE.finditer(head):
        if len(line[1]) <= _LONGEST_TOKEN or any(map(str.isspace, line[1])):
            yield from _line(text, [Piece(m[0], m.start(), m.end()) for m in _CHUNK.finditer(head, *line.span(1))])


def _line(text: str, chunks: list[Piece]) -> Iterator[Reading]:
    pieces = [chunk._replace(text=plainly(chunk.text)) for chunk in chunks]
    folded = " ".join(piece.text for piece in pieces)
    yield Reading(text, pieces, kinds_of(folded) | {Kind.JOINED})
    if _LATIN.search(folded):
        yield from _vietnamese(text, pieces, folded)
        yield from _latin(text, pieces)
    if _CYRILLIC.search(folded):
        yield _made(text, pieces, translit.from_cyrillic, Kind.SOUNDED)
    yield from _other_keys(text, chunks, folded)


def _made(text: str, pieces: list[Piece], make: Callable[[str], str], kind: Kind) -> Reading:
    return Reading(text, [piece._replace(text=make(piece.text)) for piece in pieces], frozenset({kind}))


def _latin(text: str, pieces: list[Piece]) -> Iterator[Reading]:
    yield _made(text, pieces, lambda word: translit.from_latin(word)[0], Kind.TRANSLIT)
    if any("j" in piece.text for piece in pieces):
        yield _made(text, pieces, lambda word: translit.from_latin(word)[-1], Kind.TRANSLIT)
    yield _made(text, pieces, finglish.of_latin, Kind.FINGLISH)


def _vietnamese(text: str, pieces: list[Piece], folded: str) -> Iterator[Reading]:
    """Telex and VNI undone, where no keyboard has done it; chat language in full, of either."""
    keyed = [piece._replace(text=_keyed(piece.text)) for piece in pieces]
    words = " ".join(piece.text for piece in keyed)
    changed = words != " ".join(strip(piece.text) for piece in pieces)
    if changed and not vietnamese.has_tones(folded) and vietnamese.share(vietnamese.toneless(words)) >= _NEARLY_ALL:
        yield Reading(text, keyed, PLAIN)
        yield from _chat(text, keyed)
    yield from _chat(text, pieces)


def _chat(text: str, pieces: list[Piece]) -> Iterator[Reading]:
    """Chat language in full, without tones if the rest has none, where the text can be Vietnamese."""
    full = [piece._replace(text=_full(piece.text)) for piece in pieces]
    if [piece.text for piece in full] == [strip(piece.text) for piece in pieces]:
        return
    toned = vietnamese.has_tones(" ".join(piece.text for piece in pieces))
    bare = [piece._replace(text=vietnamese.toneless(piece.text)) for piece in full]
    if vietnamese.share(" ".join(piece.text for piece in bare)) >= _MOSTLY:
        yield Reading(text, full if toned else bare, PLAIN if toned else _TONELESS)


def _keyed(word: str) -> str:
    plain = strip(word)
    return vietnamese_typed.vni(vietnamese_typed.telex(plain))


def _full(word: str) -> str:
    return vietnamese_typed.teen(strip(word))


def _other_keys(text: str, chunks: list[Piece], folded: str) -> Iterator[Reading]:
    """The same keys in another layout, with the punctuation behind a word as letters and as what it is."""
    seen = {folded}
    for table in keyboards.TABLES[-1:] if _OTHER_KEYS.search(folded) else keyboards.TABLES[:-1]:
        for ending in ("", ".,"):
            pieces = [chunk._replace(text=chunk.text.lower().rstrip(ending).translate(table)) for chunk in chunks]
            words = " ".join(piece.text for piece in pieces)
            if words not in seen and keyboards.is_slip(folded, words):
                seen.add(words)
                yield Reading(text, pieces, PLAIN)
