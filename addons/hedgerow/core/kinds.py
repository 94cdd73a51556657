"""Which spelling of a phrase may be sought in which text: a phrase without its tones only in a text without any.

``spellings`` is asked once for each phrase when lists are loaded, ``kinds_of`` for each text in which one of those
spellings was seen. The coarse kinds (TRANSLIT, SOUNDED, FINGLISH) are sought in readings made for them only
(``core.disguise``).
"""

from __future__ import annotations

import enum
import re
from typing import NamedTuple

from hedgerow.core import finglish, kazakh, translit, vietnamese


class Kind(enum.StrEnum):
    """A way to spell."""

    PLAIN = "plain"
    JOINED = "joined"  # several words as one
    TONELESS = "toneless"  # Vietnamese without tones, hats and horns
    RUSSIAN_KEYS = "russian-keys"  # Kazakh without the letters a Russian keyboard lacks
    KAZAKH_LATIN = "kazakh-latin"
    TRANSLIT = "translit"  # Russian and Kazakh in Latin letters, coarse
    SOUNDED = "sounded"  # English in Cyrillic letters, coarse
    FINGLISH = "finglish"  # Persian in Latin letters, consonants only


PLAIN = frozenset({Kind.PLAIN})
ON_PAGES = frozenset({Kind.TONELESS, Kind.RUSSIAN_KEYS, Kind.KAZAKH_LATIN})
"""Kinds that ordinary texts can be of; the others are sought in readings made for them."""

_SHORTEST = 5
"""Letters of the shortest phrase that is sought in another alphabet: ``huy`` is a name in Vietnam."""

_SHORTEST_PART = 3
_FOR_A_STEM = 3
_SHORTEST_JOINED = 6

_STEM = "\ue000"
_COARSE = frozenset({Kind.TRANSLIT, Kind.SOUNDED, Kind.FINGLISH})

_CYRILLIC = re.compile("[а-я]")
_LATIN = re.compile("[a-z]")
_LONG = 1_000
"""Characters from which on a text must speak Kazakh before it is searched for Kazakh in other letters."""

_MOSTLY = 0.7
"""Words that could be Vietnamese in a text that is, for one that names things in English."""


class Respelled(NamedTuple):
    """A folded spelling of a phrase, and in which texts it counts."""

    text: str
    kind: Kind


def spellings(folded: str, language: str, part: bool = False) -> tuple[Respelled, ...]:
    """The other spellings of a folded phrase, beside ``patterns``; a private-use sign in it stays where it is.

    What is too short to be told from words of other languages has none, unless it is ``part`` of a combination; nor
    has what is in none of the five languages.
    """
    if language not in _MAKERS:
        return ()
    found = _joined(folded) + _MAKERS[language](folded, part)
    return tuple(one for one in dict.fromkeys(found) if one.text not in ("", folded) or one.kind in _COARSE)


def kinds_of(folded: str) -> frozenset[Kind]:
    """Which spellings may be sought in a folded text, always the plain ones. Linear time."""
    found, sample = {Kind.PLAIN}, _sample(folded)
    kazakhly = len(folded) <= _LONG or kazakh.speaks(sample)
    if kazakhly and _CYRILLIC.search(sample) and not kazakh.SPECIFIC.search(folded):
        found.add(Kind.RUSSIAN_KEYS)
    if _LATIN.search(sample):
        if kazakhly:
            found.add(Kind.KAZAKH_LATIN)
        if vietnamese.share(sample) >= _MOSTLY and not vietnamese.has_tones(folded):
            found.add(Kind.TONELESS)
    return frozenset(found)


def _sample(folded: str) -> str:
    """Of a long text its beginning and its middle: what language it is in is told by less."""
    if len(folded) <= 2 * _LONG:
        return folded
    middle = len(folded) // 2
    return f"{folded[:_LONG]} {folded[middle : middle + _LONG]}"


def _joined(folded: str) -> list[Respelled]:
    joined = folded.replace(" ", "")
    one_word = " " in folded and _STEM not in folded[:-1] and _size(joined) >= _SHORTEST_JOINED
    return [Respelled(joined, Kind.JOINED)] if one_word else []


def _vietnamese(folded: str, part: bool) -> list[Respelled]:
    found = [Respelled(placed, Kind.PLAIN) for placed in vietnamese.placements(folded)]
    bare = vietnamese.toneless(folded)
    if part or vietnamese.is_sign(bare.replace(_STEM, "").split()):
        found += [Respelled(bare, Kind.TONELESS), *_joined(bare)]
    return found


def _kazakh(folded: str, part: bool) -> list[Respelled]:
    found = _russian(folded, part)
    if _size(folded) >= (_SHORTEST_PART if part else _SHORTEST):
        found.append(Respelled(kazakh.russian_keys(folded), Kind.RUSSIAN_KEYS))
        found += [Respelled(latin, Kind.KAZAKH_LATIN) for latin in kazakh.latin(folded)]
    return found


def _russian(folded: str, part: bool) -> list[Respelled]:
    return _coarse(translit.from_cyrillic(folded), Kind.TRANSLIT, part) if _CYRILLIC.search(folded) else []


def _english(folded: str, part: bool) -> list[Respelled]:
    return _coarse(translit.sounded(folded), Kind.SOUNDED, part)


def _coarse(text: str, kind: Kind, part: bool) -> list[Respelled]:
    return [Respelled(text, kind)] if _size(text) >= (_SHORTEST_PART if part else _SHORTEST) else []


def _persian(folded: str, part: bool) -> list[Respelled]:
    return [Respelled(bones, Kind.FINGLISH) for bones in finglish.of_persian(folded)]


def _size(text: str) -> int:
    """Letters and figures; a stem, behind which anything may follow, must be longer for the same."""
    return sum(map(str.isalnum, text)) - _FOR_A_STEM * (_STEM in text)


_MAKERS = {"vi": _vietnamese, "kk": _kazakh, "ru": _russian, "en": _english, "fa": _persian}
