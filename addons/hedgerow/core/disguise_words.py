"""One word whose letters are disguised, and the words it can be read as: look-alikes, leet, marks, splits, repeats."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from hedgerow.core.lookalikes import (
    CYRILLIC_LEET,
    LEET,
    SIGNS,
    in_cyrillic,
    in_latin,
    is_exotic,
    scripts,
    wholly_latin,
)
from hedgerow.core.normal import NOTHING, ZWNJ, fold
from hedgerow.core.vietnamese import is_syllable

MOST = 16
"""Readings of one word that are tried."""

LONGEST = 400
"""Characters of the longest word that is looked at: letters under heaps of marks need many."""

_EDGES = ".,:;?!\"'()[]{}<>«»“”‘’„…-–—_*~/\\|#%&=^`·•،؛؟+"
_SEPARATORS = re.compile(r"(?<=[\w@$€£¢])[-–—_.*~·•'’/\\|,:+=#^]+(?=[\w@$€£¢])|(?<=[^\W_])_+(?=[^\W_])")
_RUNS = re.compile(r"(.)\1+")
_LONG_RUN = re.compile(r"(.)\1\1", re.IGNORECASE)
_DOUBLE = re.compile(r"(.)\1", re.IGNORECASE)
_ORDINARY = re.compile(r"[«\"'(]*(?:[A-Za-z]+|[\u0600-\u06ff]+)[»\"').,:;?!،؛؟]*")
"""Words in one alphabet that no sign stands in; Cyrillic ones may look like Latin."""

_PARTS = re.compile(r"[\W\d_]+")
_VERSION = re.compile(r"\d[.,:/-]+\d|[^\W\d_]\.\d\b")
"""Figures as figures: a version, a date, the number of a chapter."""

_MARKED_LATIN = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_MOST_RUNS = 4
_LONGEST_FIGURES = 4
_GOLDEN = 0.6180339887
_HYPHENS = "-–—'’/"
_VIETNAMESE = re.compile("[ơưƠƯ]")
_SHORTEST = 3
_WORTH = 4
_MOST_LOOKED_AT = 128
"""Words from all over a text: a share needs no more, and each costs what reading a line does."""


def strip(chunk: str) -> str:
    """A word without the punctuation around it; signs that can be letters stay."""
    return chunk.strip(_EDGES)


def plainly(chunk: str) -> str:
    """``fold`` of one word, quicker for those of plain letters."""
    return chunk.lower() if chunk.isascii() and chunk.isalpha() else fold(chunk)


def disguises(chunk: str, plain: str, typed: bool) -> tuple[str, ...]:
    """What else a word, folded ``plain``, can be read as, folded, likeliest first; empty for an ordinary one.

    ``typed`` also tries what would be too much for pages: words wholly in another alphabet's look-alikes, and doubled
    letters.
    """
    if len(chunk) > LONGEST or (_ORDINARY.fullmatch(chunk) and not (_DOUBLE if typed else _LONG_RUN).search(chunk)):
        return ()
    word = NOTHING.sub("", unicodedata.normalize("NFKC", strip(chunk))).replace(ZWNJ, "")
    found: dict[str, None] = {}
    for clean in _unmarked(word):
        for letters in _alphabets(clean, typed):
            for unsigned in _unsigned(letters):
                for joined in _joined(unsigned):
                    found.update(dict.fromkeys(_unrepeated(plain if joined == chunk else fold(joined), typed)))
        if len(found) > MOST:
            break
    same = {plain, fold(strip(chunk)), ""}
    if same.issuperset(found):
        return ()
    first = next(iter(found))  # as it is, where that is likelier: "school" among "bypas" and "bypass"
    likely = (one for one in found if one == first != "" or (one not in same and _is_word(one)))
    return tuple(itertools.islice(likely, MOST))


def _is_word(text: str) -> bool:
    """True when enough letters stand there: SSL is no "sl", and c1 no "cl"."""
    letters = sum(map(str.isalpha, text))
    return letters >= _SHORTEST + (letters < len(text))


def in_figures(chunk: str) -> str:
    """The Latin word that figures and signs alone stand for, among words in leet: ``h0w 70 m4k3``; "" for long ones."""
    word = strip(chunk)
    return word.translate(LEET[0]) if 0 < len(word) <= _LONGEST_FIGURES and SIGNS.issuperset(word) else ""


def is_leet(chunk: str) -> bool:
    """True when signs stand among letters."""
    word = strip(chunk)
    return any(map(str.isalpha, word)) and not SIGNS.isdisjoint(word)


def share_seen(chunks: Iterable[str]) -> float:
    """Of the words that are long enough to be worth a disguise the share that anybody sees to be disguised."""
    words = [chunk for chunk in chunks if len(chunk) >= _WORTH]
    # Not each so-many-th: whoever leaves just these as they are would restore all doubt.
    places = (int(number * _GOLDEN % 1 * len(words)) for number in range(_MOST_LOOKED_AT))
    some = words if len(words) <= _MOST_LOOKED_AT else [words[place] for place in places]
    seen = [shows(chunk) for chunk in some if len(strip(chunk)) >= _WORTH]
    return sum(seen) / len(seen) if seen else 0.0


def shows(chunk: str) -> bool:
    """True of letters of two alphabets, signs among letters, letters drawn out, several splits, single letters."""
    if chunk.isascii() and chunk.isalpha():  # most are: the rest is not asked of them
        return bool(_LONG_RUN.search(chunk))
    word = NOTHING.sub("", strip(chunk))
    return (
        len(word.split()) > 1
        or is_leet(word)
        or bool(_LONG_RUN.search(word))
        or len(splits := _SEPARATORS.findall(word)) > 1
        or any(split not in _HYPHENS for split in splits)
        or (not word.isascii() and (len(scripts(word)) > 1 or (is_exotic(word) and not _VIETNAMESE.search(word))))
    )


def _unmarked(word: str) -> Iterator[str]:
    """Where it is no Vietnamese without any marks; then without those that compose with nothing."""
    composed = word if word.isascii() else "".join(char for char in word if unicodedata.category(char) != "Mn")
    if any(_MARKED_LATIN.search(part) and not _is_vietnamese(part) for part in _PARTS.split(composed)):
        yield "".join(c for c in unicodedata.normalize("NFD", composed) if not unicodedata.combining(c))
    yield composed


def _is_vietnamese(part: str) -> bool:
    """True for a syllable, letters drawn out or not, and for a consonant by itself."""
    plain = fold(part)
    return len(plain) == 1 or any(is_syllable(_RUNS.sub(kept, plain)) for kept in (r"\1", r"\1\1"))


def _alphabets(word: str, typed: bool) -> Iterator[str]:
    """The word in one alphabet, where its letters are of several, or of none in use."""
    found = frozenset() if word.isascii() else scripts(word)
    mixed = len(found) > 1 or (not word.isascii() and is_exotic(word))
    if not mixed:
        yield word
    latin = in_latin(word) if mixed else wholly_latin(word) if typed and found else ""
    cyrillic = in_cyrillic(word) if mixed and "Cyrillic" in found else ()
    yield from filter(None, (latin, *cyrillic))
    if mixed and not latin and not cyrillic:
        yield word


def _unsigned(word: str) -> Iterator[str]:
    """With letters for the signs that stand for them; the word itself comes last where it has any."""
    letters = sum(map(str.isalpha, word))
    if letters and not SIGNS.isdisjoint(word) and not _VERSION.search(word):
        tables = (CYRILLIC_LEET,) if scripts(word) == {"Cyrillic"} else LEET
        for table in tables:
            plain = word.lower().translate(table)
            if _SEPARATORS.sub("", plain).isalpha():
                yield plain
    yield word


def _joined(word: str) -> Iterator[str]:
    """Without what splits it, and with spaces there instead."""
    joined = _SEPARATORS.sub("", word)
    yield joined
    if joined != word:
        yield _SEPARATORS.sub(" ", word)


def _unrepeated(word: str, typed: bool) -> Iterator[str]:
    """With each repeated letter once or twice: first thrice as once and twice as it is."""
    long = bool(_LONG_RUN.search(word))
    if not long:
        yield word
    runs = [len(run[0]) for run in _RUNS.finditer(word)] if typed or long else []
    if not runs:
        return
    likely = [(1, 2) if length > 2 else (2, 1) for length in runs]
    for count in itertools.product(*likely) if len(runs) <= _MOST_RUNS else zip(*likely, strict=True):
        yield _RUNS.sub(_times(iter(count)), word)
    if long:
        yield word


def _times(counts: Iterator[int]) -> Callable[[re.Match[str]], str]:
    return lambda run: run[1] * next(counts)
