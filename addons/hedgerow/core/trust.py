"""Whether a downloaded list is believed about a name: the written rule (``blocklists/README.md`` says it for people).

Each source has a trust from 1 to 3; sources that copy each other are one *family*, and a family speaks once, with the
trust of its most trusted source. A category stands for a name when the sum of its families' trust reaches what the
name asks for:

======================================================================  ===  ========================================
the name                                                                asks
======================================================================  ===  ========================================
stands in no evidence                                                   2    one trusted source, or two weak families
among the 100,000 most visited, for malware, phishing, ads              4    two trusted families
among the 10,000 most visited, for what bands close by its category     3    a trusted family and any second one
among the 10,000 most visited, for malware, phishing, ads               6    three trusted families
a school's, or one that must be reachable, for malware and phishing     6    three trusted families
a school's, or one that must be reachable, for anything else            --   no downloaded list closes it
======================================================================  ===  ========================================

Why: a list errs where many people go (an advertiser's click host beside the shop it belongs to), and there an error is
dear; of names nobody visits much, one list knows more than none. What merely describes a site and closes it to few
(games, shopping, video) is no accusation, and popularity is no argument against it. What a school writes itself is
never weighed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

OWN_WORD = 9
"""The trust of what a school wrote into ``local/``: it always stands."""

SEED = 3
"""The trust of the shipped seeds: written by hand and not weighed against visitors, but about a platform in general.

A school's own page on it, that is known to have to be reached, is not what they mean.
"""

_ENOUGH = 2
_POPULAR, _VERY_POPULAR = 100_000, 10_000

OPEN = frozenset("education health-education banking-government updates page-parts".split())
"""Categories that close a site to nobody: a name that is kept open keeps them."""

DESCRIBING = OPEN | frozenset("news search games video music shopping shorteners user-content misinformation".split())
"""Categories that say what a site is for and that no band of older pupils closes: popularity speaks against none."""

_DANGER = frozenset({"malware", "phishing"})
"""What outweighs a school's name: whoever gets a host into a public list of schools must not open it for that."""

_SLANDER = frozenset({"malware", "phishing", "ads-trackers"})
"""What automatic lists say of popular sites because somebody misused them once."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a name: it is a school's or must be reachable, and its rank among visited sites (0 = none)."""

    kept_open: bool = False
    rank: int = 0


NONE = Evidence()


@dataclass(frozen=True, slots=True)
class Voice:
    """One list's word about a name."""

    family: str
    trust: int


def asked(category: str, evidence: Evidence) -> int | None:
    """The sum of trust at which ``category`` stands for a name; None when no downloaded list closes it."""
    if evidence.kept_open and category not in OPEN:
        return 3 * _ENOUGH if category in _DANGER else None
    if not evidence.rank or category in DESCRIBING or evidence.rank > _POPULAR:
        return _ENOUGH
    slander = category in _SLANDER
    if evidence.rank > _VERY_POPULAR:
        return 2 * _ENOUGH if slander else _ENOUGH
    return 3 * _ENOUGH if slander else _ENOUGH + 1


def stands(category: str, voices: Iterable[Voice], evidence: Evidence = NONE) -> bool:
    """True when what these lists say about a name is believed. More voices never make it less so."""
    by_family: dict[str, int] = {}
    for voice in voices:
        by_family[voice.family] = max(voice.trust, by_family.get(voice.family, 0))
    if max(by_family.values(), default=0) >= OWN_WORD:
        return True
    needed = asked(category, evidence)
    return needed is not None and sum(by_family.values()) >= needed
