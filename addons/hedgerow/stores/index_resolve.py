"""Which of the gathered lines are believed (``core.trust``): one answer a name, for three million names in seconds.

Names that the same lists say the same about, and for which the same evidence speaks, share one answer.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hedgerow.core.trust import NONE, OWN_WORD, Evidence, Voice, stands
from hedgerow.stores.index_build import Gathered, parent_keys
from hedgerow.stores.index_tags import (
    CATEGORY_BITS,
    CORRECTION_BIT,
    EXACT_BIT,
    EXCEPT_BIT,
    FILE_SHIFT,
    IMPORTANT_BIT,
    POPULAR,
    REFUTED_BIT,
    SILENT_BIT,
)

_RANKS = (10_000, 100_000)  # what ``core.trust`` tells apart

_NO_WORD = CORRECTION_BIT | EXCEPT_BIT | REFUTED_BIT  # rows about lists, not about sites

Tags = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Believed:
    """What stands for a name: categories as bits, and its rows with those that are not believed marked."""

    below: int
    exact: int
    tags: Tags


class Rows:
    """All rows in the order of their names' numbers; of one name, in the order of the lists."""

    def __init__(self, gathered: Gathered, numbers: array[int]) -> None:
        """``numbers``: of each position its name's number. Counted, not compared: one pass each way."""
        self.starts = array("I", bytes(4 * (len(numbers) + 1)))
        for position in gathered.positions:
            self.starts[numbers[position] + 1] += 1
        for number in range(len(numbers)):
            self.starts[number + 1] += self.starts[number]
        place = array("I", self.starts)
        self.tags, self.lines = (array("I", bytes(4 * len(gathered.tags))) for _ in range(2))
        for position, tag, line in zip(gathered.positions, gathered.tags, gathered.lines, strict=True):
            number = numbers[position]
            row = place[number]
            self.tags[row], self.lines[row] = tag, line
            place[number] = row + 1

    def tags_of(self, number: int) -> Tags:
        return tuple(self.tags[self.starts[number] : self.starts[number + 1]])


class Resolver:
    """Decides about each name; ``Rows`` are marked as they are asked for."""

    def __init__(self, gathered: Gathered, numbers: array[int], rows: Rows) -> None:
        self._gathered, self._numbers, self._rows = gathered, numbers, rows
        self._voices = [Voice(file.family or file.source, file.trust) for file in gathered.files]
        self._sources = [file.source for file in gathered.files]
        self._popular = gathered.bits[POPULAR]
        self._known: dict[tuple[Tags, Evidence, frozenset[str]], Believed] = {}
        self._evidence = self._all_evidence()
        self._taken_out = self._all_taken_out()

    def about(self, number: int) -> Believed:
        """What stands for the name with this number; marks its silent rows."""
        tags = self._rows.tags_of(number)
        found = self._judge(tags, self._evidence.get(number, NONE), self._taken_out.get(number, frozenset()))
        if found.tags != tags:
            start = self._rows.starts[number]
            for row, tag in enumerate(found.tags, start):
                self._rows.tags[row] = tag
        return found

    def cleared(self) -> dict[int, int]:
        """Of names that evidence or an exception keeps open: what their parents say and they do not."""
        found: dict[int, int] = defaultdict(int)
        for key, position in self._gathered.keys.items():
            evidence = self._evidence.get(self._numbers[position])
            if evidence is not None:
                found[self._numbers[position]] |= self._lost(key, evidence, frozenset())
        for key, file in self._gathered.excepts:
            if "/" not in key:
                found[self._number(key)] |= self._lost(key, NONE, frozenset((self._sources[file],)))
        return {number: mask for number, mask in found.items() if mask}

    def _lost(self, key: str, evidence: Evidence, without: frozenset[str]) -> int:
        lost = 0
        for parent in parent_keys(key):
            position = self._gathered.keys.get(parent)
            if position is not None:
                number = self._numbers[position]
                tags = tuple(tag & ~SILENT_BIT for tag in self._rows.tags_of(number))
                own = self._evidence.get(number, NONE)
                whole = self._judge(tags, own, self._taken_out.get(number, frozenset()))
                lost |= whole.below & ~self._judge(tags, _stronger(evidence, own), without).below
        return lost

    def _judge(self, tags: Tags, evidence: Evidence, without: frozenset[str]) -> Believed:
        asked = (tags, evidence, without)
        if (found := self._known.get(asked)) is None:
            found = self._known[asked] = self._weigh(tags, evidence, without)
        return found

    def _weigh(self, tags: Tags, evidence: Evidence, without: frozenset[str]) -> Believed:
        said: dict[int, list[int]] = defaultdict(list)
        refuted = {tag & CATEGORY_BITS for tag in tags if tag & REFUTED_BIT}
        for tag in tags:
            if tag & CATEGORY_BITS in refuted and self._voices[tag >> FILE_SHIFT].trust < OWN_WORD:
                continue
            if self._says(tag) and (tag & IMPORTANT_BIT or self._sources[tag >> FILE_SHIFT] not in without):
                said[tag & CATEGORY_BITS].append(tag)
        below = exact = 0
        for bit, rows in said.items():
            if self._stands(bit, (tag for tag in rows if not tag & EXACT_BIT), evidence):
                below |= 1 << bit
            elif self._stands(bit, rows, evidence):
                exact |= 1 << bit
        marked = tuple(self._marked(tag, below, exact, without) for tag in tags)
        return Believed(below, exact, marked)

    def _says(self, tag: int) -> bool:
        return not tag & _NO_WORD and tag & CATEGORY_BITS < len(self._gathered.categories)

    def _stands(self, bit: int, rows: Iterable[int], evidence: Evidence) -> bool:
        return stands(self._gathered.categories[bit], (self._voices[tag >> FILE_SHIFT] for tag in rows), evidence)

    def _marked(self, tag: int, below: int, exact: int, without: frozenset[str]) -> int:
        if not self._says(tag):
            return tag
        stood = (below | exact if tag & EXACT_BIT else below) >> (tag & CATEGORY_BITS) & 1
        taken = not tag & IMPORTANT_BIT and self._sources[tag >> FILE_SHIFT] in without
        return tag if stood and not taken else tag | SILENT_BIT

    def _number(self, key: str) -> int:
        return self._numbers[self._gathered.keys[key]]

    def _all_evidence(self) -> Mapping[int, Evidence]:
        ranks: dict[int, int] = {}
        for position, tag, line in self._evidence_rows():
            if tag & CATEGORY_BITS == self._popular:
                number = self._numbers[position]
                ranks[number] = min(line, ranks.get(number, line))
        keys = self._gathered.keys
        kept = {key for root in self._gathered.kept_open for key in (root, f"{root}www.") if key in keys}
        open_numbers = {self._number(key) for key in kept}
        return {
            number: Evidence(number in open_numbers, _coarse(ranks.get(number, 0)))
            for number in ranks.keys() | open_numbers
        }

    def _evidence_rows(self) -> Iterable[tuple[int, int, int]]:
        """Evidence is gathered last, so its rows stand together at the end."""
        gathered = self._gathered
        first = len(gathered.categories)
        for row in range(len(gathered.tags) - 1, -1, -1):
            if gathered.tags[row] & CATEGORY_BITS < first:
                break
            yield gathered.positions[row], gathered.tags[row], gathered.lines[row]

    def _all_taken_out(self) -> Mapping[int, frozenset[str]]:
        """Sources that take themselves back, by the numbers of their exceptions and of all listed below these."""
        found: dict[int, set[str]] = defaultdict(set)
        if not self._gathered.excepts:
            return {}
        by_key: dict[str, set[str]] = defaultdict(set)
        for key, file in self._gathered.excepts:
            by_key[key].add(self._sources[file])
        for key, position in self._gathered.keys.items():
            for parent in (*parent_keys(key), key):
                if parent in by_key:
                    found[self._numbers[position]] |= by_key[parent]
        return {number: frozenset(sources) for number, sources in found.items()}


def _stronger(one: Evidence, other: Evidence) -> Evidence:
    """What speaks for a name or for its parent speaks for the name."""
    ranks = [evidence.rank for evidence in (one, other) if evidence.rank]
    return Evidence(one.kept_open or other.kept_open, min(ranks, default=0))


def _coarse(rank: int) -> int:
    """The rank as far as the rule tells ranks apart, so that names share answers."""
    return next((limit for limit in _RANKS if 0 < rank <= limit), 0)
