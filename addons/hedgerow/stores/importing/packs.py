"""Phrases of e2guardian: those the word engine can use (``words/``), and all of them as they were (``phrases/``)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hedgerow.core.model import Where
from hedgerow.stores.importing.e2entries import Entry, Unusable, usable
from hedgerow.stores.importing.model import Group, Installation, Phrase
from hedgerow.stores.importing.report import Report
from hedgerow.stores.importing.text import Text

DEFAULT_LIMIT = 50.0
_KEPT = "kept in phrases/"
_EVERYWHERE = "takes away from each imported topic of its language"

type _Listed = list[tuple[Entry, Where, Where]]
"""What is written, the line it comes from, and the line in ``phrases/``."""


@dataclass(slots=True)
class Packs:
    """Files by name, and the highest weight of each topic that came to anything."""

    files: dict[str, Text] = field(default_factory=dict)
    topics: set[str] = field(default_factory=set)


def smallest_limit(groups: Iterable[Group]) -> float:
    """Weights are written against the strictest group's limit: 1 is "this alone reaches it"."""
    return min((group.limit for group in groups if group.limit > 0), default=DEFAULT_LIMIT)


def packed(made: Installation, limit: float, report: Report) -> Packs:
    """The files of ``words/`` and ``phrases/``, with a row in the report for each phrase.

    There, a good phrase spoke for the whole page: what has no topic of its own goes into all of its language.
    """
    packs = Packs()
    by_file: dict[tuple[str, str], list[Phrase]] = defaultdict(list)
    for phrase in made.phrases:
        by_file[phrase.topic, phrase.language].append(phrase)
    found = {
        (topic, language): _entries(packs, topic, language, phrases, limit, topic in made.searches, report)
        for (topic, language), phrases in sorted(by_file.items())
    }
    topics = [name for name, listed in found.items() if not all(entry.lowers for entry, _, _ in listed)]
    good: dict[str, _Listed] = defaultdict(list)
    for name, listed in found.items():
        if name not in topics:
            good[name[1]] += listed
    for topic, language in topics:
        packs.topics.add(topic)
        spread = good[language] if topic not in made.searches else []
        file = f"policies/local/words/{topic}.{language}.yaml"
        packs.files[file] = _words(file, topic, language, found[topic, language], spread, limit, report)
    packs.files = dict(sorted(packs.files.items()))
    _tell_good(good, {language for _, language in topics}, report)
    return packs


def _entries(
    packs: Packs, topic: str, language: str, phrases: list[Phrase], limit: float, search: bool, report: Report
) -> _Listed:
    """What can be used of a list; all of it goes into its file in ``phrases/``."""
    name, kept, found = f"phrases/{topic}.{language}.yaml", Text(), []
    kept.add(f"# Phrases of e2guardian as they were; the strictest limit was {limit:g}. Nothing reads this file: it is")
    kept.add("# here so that what could not be used is not lost.")
    kept.add("phrases:")
    for phrase in phrases:
        place = Where(name, kept.add(_as_it_was(phrase)))
        try:
            found.append((usable(phrase, limit, search), phrase.where, place))
        except Unusable as error:
            report.left(phrase.where, f"{error}; {_KEPT}", place)
    packs.files[name] = kept
    return found


def _words(
    name: str, topic: str, language: str, listed: _Listed, spread: _Listed, limit: float, report: Report
) -> Text:
    text = Text()
    text.add(
        f"# Imported from e2guardian. A weight of 1 was the whole limit ({limit:g} points). Behind each phrase stand"
    )
    text.add("# its file and line. What stands under context takes away.")
    for line in (f"topic: {topic}", f"language: {language}"):
        text.add(line)
    taken: dict[str, int] = {}
    for key, lowers in (("phrases:", False), ("context:", True)):
        chosen = [one for one in (*listed, *(spread if lowers else ())) if one[0].lowers is lowers]
        if chosen:
            text.add(key)
            _section(text, name, chosen, {id(one) for one in spread}, taken, report)
    return text


def _section(text: Text, name: str, chosen: _Listed, untold: set[int], taken: dict[str, int], report: Report) -> None:
    """One line for each text, with the heaviest weight it had; ``untold`` are told elsewhere."""
    heaviest: dict[str, float] = {}
    for entry, _, _ in chosen:
        heaviest[entry.text] = max(entry.weight, heaviest.get(entry.text, 0.0))
    for one in chosen:
        entry, where, _ = one
        how = entry.how
        if entry.text in taken:
            how = how or "the phrase stands there already; the heavier one counts"
        else:
            taken[entry.text] = text.add(f"{entry.written(heaviest[entry.text])}  # {where}")
        if id(one) not in untold:
            _tell(report, where, how, Where(name, taken[entry.text]))


def _tell(report: Report, where: Where, how: str, target: Where) -> None:
    if how:
        report.changed(where, how, target)
    else:
        report.carried(where, target)


def _tell_good(good: Mapping[str, _Listed], languages: set[str], report: Report) -> None:
    for language, listed in good.items():
        for entry, where, place in listed:
            if language in languages:
                report.changed(where, "; ".join(filter(None, (_EVERYWHERE, entry.how))), place)
            else:
                report.left(where, f"no imported topic of its language, from which it could take away; {_KEPT}", place)


def _as_it_was(phrase: Phrase) -> str:
    parts = ", ".join(json.dumps(part, ensure_ascii=True) for part in phrase.parts)
    weight = "" if phrase.weight is None else f", weight: {phrase.weight:g}"
    excepts = ", excepts: true" if phrase.excepts else ""
    return f"  - {{all: [{parts}]{weight}{excepts}}}  # {phrase.where}"


def thresholds(group: Group, packs: Packs, limit: float, searches: set[str]) -> Mapping[str, float]:
    """How much a page needs of each topic in this group's band; a search needs 1 everywhere."""
    own = group.limit or limit
    return {topic: _threshold(topic, own / limit, searches) for topic in sorted(group.topics) if topic in packs.topics}


def _threshold(topic: str, share: float, searches: set[str]) -> float:
    if topic in searches:
        return 100.0  # about what is typed; no page reaches it
    return 1.0 if topic == "e2-banned" else min(max(round(share, 2), 1.0), 100.0)
