"""One phrase of e2guardian as a line of a word list: combinations, weights, and what spoke for a page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hedgerow.core.phrases import combination, patterns, star_fault
from hedgerow.stores.importing.model import Phrase
from hedgerow.stores.importing.text import quoted
from hedgerow.stores.policy_bands import LANGUAGES
from hedgerow.stores.word_phrases import FURTHEST, HIGHEST_WEIGHT, LEAST_WEIGHT, MOST_GROUPS
from hedgerow.stores.yamlevents import FORBIDDEN

_CODE = re.compile(r'[="&{}\\]|^/|\b(?:http|www\.)')


class Unusable(Exception):
    """A phrase the word engine has no form for. The message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line under ``phrases``, or under ``context`` where it ``lowers``."""

    groups: tuple[tuple[str, ...], ...]  # one group: a plain text
    weight: float
    how: str = ""  # what was changed
    lowers: bool = False

    @property
    def text(self) -> str:
        return combination(self.groups)

    def written(self, weight: float) -> str:
        """The line of a word list. e2guardian counts a phrase once on a page."""
        if len(self.groups) == 1:
            said = f"text: {quoted(self.groups[0][0])}"
        else:
            said = f"all: [{', '.join(quoted(group[0]) for group in self.groups)}], within: {FURTHEST}"
        return f"  - {{{said}, weight: {weight:g}, most: 1}}"


def usable(phrase: Phrase, limit: float, search: bool) -> Entry:
    """The entry of a phrase; ``limit`` is what a weight of 1 was. Raises Unusable."""
    if phrase.language not in LANGUAGES:
        raise Unusable(f"the word engine reads {', '.join(LANGUAGES)}, not {phrase.language}")
    if len(phrase.parts) > MOST_GROUPS:
        raise Unusable(f"a combination of more than {MOST_GROUPS} phrases")
    read = [_searched(part, search) for part in phrase.parts]
    weight, changed = _weight(phrase, limit)
    told = [changed, *(how for _, how in read)]
    if len(read) > 1 and not search:
        told.append(f"found within {FURTHEST} words, no longer anywhere on the page")
    how = "; ".join(dict.fromkeys(filter(None, told)))
    lowers = phrase.excepts or (phrase.weight is not None and phrase.weight < 0)
    return Entry(tuple((text,) for text, _ in read), weight, how, lowers)


def _searched(part: str, search: bool) -> tuple[str, str]:
    """The text of a part, with a star where it went on inside a word, and what was changed."""
    text = _text(part)
    if search or part.endswith(" "):
        whole = search or part.startswith(" ")
        return text, "" if whole else "found as whole words only, no longer at the end of others"
    stem = f"{text}*"
    if star_fault(stem):
        return text, "found as whole words only, no longer inside others"
    return stem, "" if part.startswith(" ") else "found where a word begins only, no longer inside others"


def _text(part: str) -> str:
    text = " ".join(part.split())
    if _CODE.search(text):
        raise Unusable("about the code of a page or an address; words are judged as people read them")
    if len(text) > 190 or FORBIDDEN.search(text) or "�" in text:
        raise Unusable("longer than 190 letters, or with letters that cannot be read")
    if "*" in text:
        raise Unusable("with a '*', which stands for the ending of a word here")
    if not patterns(text):
        raise Unusable("nothing in it that can be searched for")
    return text


def _weight(phrase: Phrase, limit: float) -> tuple[float, str]:
    """Of a phrase that decided alone, the whole limit; of one that let a page pass, the most there is."""
    if phrase.excepts:
        return float(HIGHEST_WEIGHT), "takes away four fifths of what was found, no longer all of it"
    if phrase.weight is None:
        return 1.0, ""
    share = round(abs(phrase.weight) / limit, 2)
    if share < LEAST_WEIGHT / 2:
        raise Unusable(f"weighs less than a twentieth of the limit ({limit:g})")
    if share < LEAST_WEIGHT:
        return LEAST_WEIGHT, f"weighs {LEAST_WEIGHT}, the least a phrase can"
    if share > HIGHEST_WEIGHT:
        return float(HIGHEST_WEIGHT), f"weighs {HIGHEST_WEIGHT}, the most a phrase can"
    return share, ""
