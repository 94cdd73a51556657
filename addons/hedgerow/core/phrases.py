"""What a word list says, and the folded spellings it is searched in: words, stems (``купи*``) and combinations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from hedgerow.core.kinds import Kind, spellings
from hedgerow.core.model import Where
from hedgerow.core.normal import ZWNJ, fold, readings

MOST = 3
"""How often a phrase counts on a page, if its line does not say."""

WITHIN = 5
"""Words between the first and the last of a combination, if its line does not say."""

_STEM = "\ue000"
"""Stands for the star while a text is folded: a private-use character, which folding leaves alone."""

_STAR = re.compile(r"(?<=[^\W_])\*(?=\s|\Z)")
_ANY_STAR = re.compile(r"(\S*?)\*")
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class TextSet:
    """Texts under a name, shared by all combinations in which it stands."""

    name: str
    texts: tuple[str, ...]

    def __str__(self) -> str:
        return f"<{self.name}>"


type Group = tuple[str | TextSet, ...]
"""What of a combination must stand there: one of these texts."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of a word list. ``groups`` is empty for plain text: then ``text`` is what is searched."""

    topic: str
    text: str  # a combination's as ``combination`` writes it
    language: str
    where: Where
    weight: float = 1.0
    groups: tuple[Group, ...] = ()  # one of each must stand there
    within: int = WITHIN  # words between the first and the last of them
    ordered: bool = False
    most: int = MOST  # mentions that count on a page; 0: it counts only in what somebody types
    lowers: bool = False  # context: takes away from the topic

    @property
    def searched(self) -> tuple[tuple[str, ...], ...]:
        """What must stand in a text: one text of each group."""
        if not self.groups:
            return ((self.text,),)
        return tuple(tuple(text for texts in together(group) for text in texts) for group in self.groups)


def together(group: Group) -> Iterator[tuple[str, ...]]:
    """The texts of a group that are searched as one: those that stand there themselves, and those of each set."""
    if loose := tuple(one for one in group if isinstance(one, str)):
        yield loose
    yield from (one.texts for one in group if isinstance(one, TextSet))


class Spelling(NamedTuple):
    """Folded text cut at its stars: behind each part but the last stand any letters and a space."""

    parts: tuple[str, ...]
    open: bool = False  # the last part is a stem too

    @property
    def longest(self) -> int:
        """Which part is searched; the others are looked for around it."""
        return 0 if len(self.parts) == 1 else max(range(len(self.parts)), key=lambda index: len(self.parts[index]))


def combination(groups: tuple[Group, ...]) -> str:
    """A combination on one line: ``buy, get + weed*, <pills>``. By this text a school's file takes it away."""
    return " + ".join(", ".join(map(str, group)) for group in groups)


def star_fault(text: str) -> str:
    """What is wrong with the stars of a text, in a teacher's words; "" when nothing is."""
    rest = _STAR.sub("", text)
    if "*" in rest:
        return f"'*' stands for the ending of a word, behind its letters: not as in {text!r}"
    short = [found[1] for found in _ANY_STAR.finditer(text) if _letters(found[1]) < _SHORTEST_STEM]
    return f"at least {_SHORTEST_STEM} letters must stand before '*', not {short[0]!r}" if short else ""


def _letters(word: str) -> int:
    return len(re.split(r"[\W_]+", word)[-1])


def patterns(text: str) -> tuple[str, ...]:
    """The folded spellings a text is searched in; empty when nothing of it can be searched.

    Hyphens also stand for spaces; Persian compounds are also written as one word.
    """
    return _patterns(fold(text))


def _patterns(folded: str) -> tuple[str, ...]:
    found = list(readings(folded))
    if "-" in folded:
        found.extend(reading.replace("-", " ") for reading in readings(folded))
    if any("؀" <= char <= "ۿ" for char in folded) and _STEM not in folded[:-1]:
        found.extend([reading.replace(" ", "") for reading in readings(folded)])
    return tuple(dict.fromkeys(" ".join(spelling.split()) for spelling in found if is_word(spelling)))


def spelled(text: str) -> tuple[Spelling, ...]:
    """``patterns`` of a text with stars, cut at them."""
    return tuple(_cut(pattern) for pattern in patterns(_STAR.sub(_STEM, text)))


def respelled(text: str, language: str, part: bool = False) -> tuple[tuple[Spelling, Kind], ...]:
    """``spelled``, and the spellings that count in certain texts only; ``part`` is one text of a combination."""
    folded = _folded(_STAR.sub(_STEM, text) if "*" in text else text)
    plain = ((pattern, Kind.PLAIN) for pattern in _patterns(folded))
    return tuple((_cut(one), kind) for one, kind in (*plain, *spellings(folded, language, part)))


def _cut(pattern: str) -> Spelling:
    if _STEM not in pattern:
        return Spelling((pattern,))
    parts = [part.strip() for part in pattern.split(_STEM)]
    opened = not parts[-1]
    return Spelling(tuple(part for part in parts if part), opened)


def is_word(text: str) -> bool:
    """True when there is a letter, digit or symbol to search for, not only punctuation and spaces."""
    return any(char.isalnum() or unicodedata.category(char)[0] == "S" for char in text)


def key(text: str) -> str:
    """What two lines share that are one phrase: written with a hyphen, a space or neither, it counts once."""
    return _folded(text).translate(_SPACES)


@lru_cache(maxsize=64)
def _folded(text: str) -> str:
    """``fold``, asked twice in a row for each line of a list."""
    return fold(text)


_SPACES = {ord(char): None for char in f" -{ZWNJ}"}
