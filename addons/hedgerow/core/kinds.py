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
from hedgerow.core.normal import fold


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

_SHORTEST = 5
"""Letters of the shortest phrase that is sought in another alphabet: ``huy`` is a name in Vietnam."""

_SHORTEST_JOINED = 6

_CYRILLIC = re.compile("[а-я]")
_LATIN = re.compile("[a-z]")
_MOSTLY = 0.7
"""Words that could be Vietnamese in a text that is, for one that names things in English."""


class Respelled(NamedTuple):
    """A folded spelling of a phrase, and in which texts it counts."""

    text: str
    kind: Kind


def spellings(text: str, language: str) -> tuple[Respelled, ...]:
    """The other spellings of a phrase, whose plain ones are ``patterns``; a private-use sign in it stays where it is."""
    folded = fold(text)
    made = {"vi": _vietnamese, "kk": _kazakh, "ru": _russian, "en": _english, "fa": _persian}.get(language)
    found = [Respelled(joined, Kind.JOINED) for joined in _joined(folded)]
    found += made(folded) if made else []
    return tuple(one for one in dict.fromkeys(found) if one.text != folded)


def kinds_of(folded: str) -> frozenset[Kind]:
    """Which spellings may be sought in a folded text, always the plain ones. Linear time."""
    found = {Kind.PLAIN}
    if _CYRILLIC.search(folded) and not kazakh.SPECIFIC.search(folded):
        found.add(Kind.RUSSIAN_KEYS)
    if _LATIN.search(folded):
        found.add(Kind.KAZAKH_LATIN)
        if not vietnamese.has_tones(folded) and vietnamese.share(folded) >= _MOSTLY:
            found.add(Kind.TONELESS)
    return frozenset(found)


def _joined(folded: str) -> list[str]:
    joined = folded.replace(" ", "")
    return [joined] if " " in folded and _size(joined) >= _SHORTEST_JOINED else []


def _vietnamese(folded: str) -> list[Respelled]:
    found = [Respelled(placed, Kind.PLAIN) for placed in vietnamese.placements(folded)]
    bare = vietnamese.toneless(folded)
    if vietnamese.is_sign(bare.replace("\ue000", "").split()):
        found.append(Respelled(bare, Kind.TONELESS))
    return found


def _kazakh(folded: str) -> list[Respelled]:
    found = _russian(folded)
    if _size(folded) >= _SHORTEST:
        found.append(Respelled(kazakh.russian_keys(folded), Kind.RUSSIAN_KEYS))
        found += [Respelled(latin, Kind.KAZAKH_LATIN) for latin in kazakh.latin(folded)]
    return found


def _russian(folded: str) -> list[Respelled]:
    coarse = translit.from_cyrillic(folded)
    return [Respelled(coarse, Kind.TRANSLIT)] if _CYRILLIC.search(folded) and _size(coarse) >= _SHORTEST else []


def _english(folded: str) -> list[Respelled]:
    coarse = translit.sounded(folded)
    return [Respelled(coarse, Kind.SOUNDED)] if _size(coarse) >= _SHORTEST else []


def _persian(folded: str) -> list[Respelled]:
    return [Respelled(bones, Kind.FINGLISH) for bones in finglish.of_persian(folded)]


def _size(text: str) -> int:
    return sum(map(str.isalnum, text))
