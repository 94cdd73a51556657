"""Phrases of e2guardian: what the word engine reads today (``words/``), and all of them as they were (``phrases/``)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hedgerow.core.model import Where
from hedgerow.core.words import patterns
from hedgerow.stores.importing.model import Group, Installation, Phrase
from hedgerow.stores.importing.report import Report
from hedgerow.stores.importing.text import Text, quoted
from hedgerow.stores.policy_bands import LANGUAGES
from hedgerow.stores.word_phrases import HIGHEST_WEIGHT
from hedgerow.stores.yamlevents import FORBIDDEN

DEFAULT_LIMIT = 50.0
LEAST = 0.1  # the smallest weight a word list can say
_CODE = re.compile(r'[="&{}\\]|^/|\b(?:http|www\.)')
_KEPT = "kept in phrases/ for the word engine"


class Unusable(Exception):
    """A phrase the word engine has no form for. The message says why."""


@dataclass(slots=True)
class Packs:
    """Files by name, and the highest weight of each topic that came to anything."""

    files: dict[str, Text] = field(default_factory=dict)
    topics: set[str] = field(default_factory=set)


def smallest_limit(groups: Iterable[Group]) -> float:
    """Weights are written against the strictest group's limit: 1 is "this alone reaches it"."""
    return min((group.limit for group in groups if group.limit > 0), default=DEFAULT_LIMIT)


def packed(made: Installation, limit: float, report: Report) -> Packs:
    """The files of ``words/`` and ``phrases/``, with a row in the report for each phrase."""
    packs = Packs()
    by_file: dict[tuple[str, str], list[Phrase]] = {}
    for phrase in made.phrases:
        by_file.setdefault((phrase.topic, phrase.language), []).append(phrase)
    for (topic, language), phrases in sorted(by_file.items()):
        _pack(packs, topic, language, phrases, limit, made.searches, report)
    return packs


def _pack(
    packs: Packs, topic: str, language: str, phrases: list[Phrase], limit: float, searches: set[str], report: Report
) -> None:
    kept, words = Text(), Text()
    kept_name, words_name = f"phrases/{topic}.{language}.yaml", f"policies/local/words/{topic}.{language}.yaml"
    kept.add(f"# Phrases of e2guardian as they were; the strictest limit was {limit:g}. Nothing reads this file yet.")
    kept.add("phrases:")
    words.add("# Imported from e2guardian: what of phrases/ the word engine reads. A weight of 1 was the whole limit")
    words.add(f"# ({limit:g} points). Behind each phrase stand its file and line.")
    for text in (f"topic: {topic}", f"language: {language}", "phrases:"):
        words.add(text)
    heavy: dict[str, float] = {}
    lines: dict[str, int] = {}
    for phrase in phrases:
        place = Where(kept_name, kept.add(_as_it_was(phrase)))
        try:
            texts, weight, how = usable(phrase, limit, phrase.topic in searches)
        except Unusable as error:
            report.left(phrase.where, f"{error}; {_KEPT}", place)
            continue
        for text in texts:
            if text in heavy:
                how = how or "the phrase stands there already; the heavier one counts"
                heavy[text] = max(heavy[text], weight)
                words.lines[lines[text] - 1] = _line(text, heavy[text], phrase.where)
            else:
                heavy[text] = weight
                lines[text] = words.add(_line(text, weight, phrase.where))
            where = Where(words_name, lines[text])
            if how:
                report.changed(phrase.where, how, where)
            else:
                report.carried(phrase.where, where)
    packs.files[kept_name] = kept
    if heavy:
        packs.files[words_name] = words
        packs.topics.add(topic)


def _line(text: str, weight: float, where: Where) -> str:
    return f"  - {{text: {quoted(text)}, weight: {weight:g}}}  # {where}"


def _as_it_was(phrase: Phrase) -> str:
    parts = ", ".join(json.dumps(part, ensure_ascii=True) for part in phrase.parts)
    weight = "" if phrase.weight is None else f", weight: {phrase.weight:g}"
    excepts = ", excepts: true" if phrase.excepts else ""
    return f"  - {{all: [{parts}]{weight}{excepts}}}  # {phrase.where}"


def usable(phrase: Phrase, limit: float, search: bool) -> tuple[tuple[str, ...], float, str]:
    """(texts, weight, what was changed). Raises Unusable."""
    if phrase.excepts:
        raise Unusable("a phrase that let a page pass whatever else it said: no such rule here")
    if phrase.language not in LANGUAGES:
        raise Unusable(f"the word engine reads {', '.join(LANGUAGES)}, not {phrase.language}")
    if search and len(phrase.parts) == 2:
        first, second = (_text(part) for part in phrase.parts)
        return (f"{first} {second}", f"{second} {first}"), 1.0, "these two words in both orders, next to each other"
    if len(phrase.parts) > 1:
        raise Unusable("a combination of phrases")
    text = _text(phrase.parts[0])
    weight, how = _weight(phrase.weight, limit)
    whole = phrase.parts[0].startswith(" ") and phrase.parts[0].endswith(" ")
    if not whole and not search:
        how = f"{how}; " if how else ""
        how += "found as whole words only, no longer inside others"
    return (text,), weight, how


def _text(part: str) -> str:
    text = " ".join(part.split())
    if _CODE.search(text):
        raise Unusable("about the code of a page or an address; words are judged as people read them")
    if len(text) > 200 or FORBIDDEN.search(text) or "�" in text:
        raise Unusable("longer than 200 letters, or with letters that cannot be read")
    if not patterns(text):
        raise Unusable("nothing in it that can be searched for")
    return text


def _weight(weight: float | None, limit: float) -> tuple[float, str]:
    """Of a phrase that decided alone, the whole limit."""
    if weight is None:
        return 1.0, ""
    if weight <= 0:
        raise Unusable("a phrase that made a page better: weights only add up here")
    share = round(weight / limit, 2)
    if share < LEAST / 2:
        raise Unusable(f"weighs less than a twentieth of the limit ({limit:g})")
    if share < LEAST:
        return LEAST, f"weighs {LEAST}, the least a phrase can"
    if share > HIGHEST_WEIGHT:
        return float(HIGHEST_WEIGHT), f"weighs {HIGHEST_WEIGHT}, the most a phrase can"
    return share, ""


def thresholds(group: Group, packs: Packs, limit: float, searches: set[str]) -> Mapping[str, float]:
    """How much a page needs of each topic in this group's band; a search needs 1 everywhere."""
    own = group.limit or limit
    return {topic: _threshold(topic, own / limit, searches) for topic in sorted(group.topics) if topic in packs.topics}


def _threshold(topic: str, share: float, searches: set[str]) -> float:
    if topic in searches:
        return 100.0  # about what is typed; no page reaches it
    return 1.0 if topic == "e2-banned" else min(max(round(share, 2), 1.0), 100.0)
