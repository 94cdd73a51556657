"""Texts that are searched together: a plain one, those of a group, those of a set that many combinations share.

Such a pool is spelled and kept once, however many combinations it stands in, and a text that stands somewhere is looked
up once for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from hedgerow.core.kinds import Kind
from hedgerow.core.matching import Spot
from hedgerow.core.phrases import Phrase, Spelling, respelled, together

type Members = tuple[tuple[int, int], ...]
"""Of a pool: the phrases it belongs to, each with the group of it."""

type Spelled = tuple[Spelling, Kind]
"""A spelling, and the kind of text it counts in."""

type Use = tuple[int, str]
"""The pool a spelling belongs to, and the text as the list has it."""


class Pools:
    """The pools of a lexicon while it is built, numbered as they come."""

    def __init__(self) -> None:
        self._found: dict[tuple[tuple[str, ...], str, bool], dict[tuple[int, int], None]] = {}

    def add(self, index: int, phrase: Phrase, language: str) -> None:
        """A phrase; ``language`` is whose other spellings are searched too."""
        for group, texts in enumerate(phrase.groups or ((phrase.text,),)):
            for pool in together(texts):
                self._found.setdefault((pool, language, bool(phrase.groups)), {})[index, group] = None

    @property
    def members(self) -> tuple[Members, ...]:
        """By pool."""
        return tuple(map(tuple, self._found.values()))

    def spellings(self) -> Mapping[Spelled, Sequence[Use]]:
        """Everything that is searched, with the pools it is searched for."""
        found: dict[Spelled, dict[Use, None]] = defaultdict(dict)
        for number, (texts, language, part) in enumerate(self._found):
            for text in texts:
                for spelling in respelled(text, language, part):
                    found[spelling][number, text] = None
        return {spelling: tuple(uses) for spelling, uses in found.items()}


def complete(
    met: Mapping[int, Iterable[Spot]], members: Sequence[Members], groups: Callable[[int], int]
) -> Iterator[tuple[int, list[list[Spot]]]]:
    """From where pools stand to combinations of which every group stands somewhere; ``groups`` says how many it has."""
    parts: dict[int, dict[int, list[Iterable[Spot]]]] = defaultdict(lambda: defaultdict(list))
    for pool, spots in met.items():
        for index, group in members[pool]:
            parts[index][group].append(spots)
    for index, found in parts.items():
        if len(found) == groups(index):
            yield index, [sorted(set().union(*found[group])) for group in range(len(found))]
