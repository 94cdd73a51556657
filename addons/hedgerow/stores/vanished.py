"""What must not vanish silently: a file that is gone says nothing, and what nothing says is open.

A half-finished copy, a full disk or a mount that is not there looks like a school that has taken all its rules back.
So a running gateway compares what it reads with what is in force, and refuses to go on with less; a person who means
it restarts the gateway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hedgerow.core.words import Phrase
from hedgerow.stores.errors import Mistake
from hedgerow.stores.formats import SUFFIXES
from hedgerow.stores.policy_layers import SCHOOL

_RESTART = "put it back, or restart to go on without it"


@dataclass(frozen=True, slots=True)
class Footing:
    """What the policy in force stands on. ``names`` counts the names of each list: ``seed/adult.txt`` -> 60."""

    files: frozenset[str]
    names: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.names.values())


def footing(shipped: Path, school: Path, phrases: Iterable[Phrase], names: Mapping[str, int]) -> Footing:
    """As the folders are now. A school may take its own words and edits back while it runs, one by one."""
    kept = {"floor.yaml": shipped / "floor.yaml", SCHOOL: school}
    kept |= {f"{SCHOOL}{name}": school / name for name in ("site.yaml", "floor.yaml")}
    there = {name for name, path in kept.items() if path.exists()}
    words = {phrase.where.file for phrase in phrases if not phrase.where.file.startswith(SCHOOL)}
    return Footing(frozenset(there | words), dict(names))


def vanished(before: Footing, now: Footing) -> tuple[Mistake, ...]:
    """What stood in force and is gone; empty when nothing is."""
    gone = set(before.files - now.files)
    if SCHOOL in gone:
        gone = {SCHOOL} | {file for file in gone if not file.startswith(SCHOOL)}
    found = [Mistake(file, 0, 0, f"is gone; {_RESTART}") for file in gone]
    found += [
        Mistake(file, 0, 0, f"is gone, it listed {count} names; {_RESTART}") for file, count in _lost(before, now)
    ]
    if not found and now.total * 2 < before.total:
        shrunk = f"list {now.total} names, {before.total} before: more than half is gone"
        found.append(Mistake("blocklists", 0, 0, f"{shrunk}; put them back, or restart to go on without them"))
    return tuple(sorted(found))


def _lost(before: Footing, now: Footing) -> Iterator[tuple[str, int]]:
    """Lists that are gone; of the seed, which no school edits, also those without a name left."""
    for file, count in before.names.items():
        left = now.names.get(file, -1)
        if count and (left < 0 or (not left and file.startswith("seed/"))):
            yield file, count


def missing_seeds(blocklists: Path, categories: Collection[str]) -> Iterator[Mistake]:
    """Every category has its file in ``seed/``, so that a lost one is noticed at every start, too.

    A folder with neither ``seed/`` nor categories of its own has only a school's own lists, and needs none.
    """
    seed = blocklists / "seed"
    if not seed.is_dir() and not (blocklists / "categories.yaml").exists():
        return
    there = {path.stem for path in seed.glob("*.*") if path.suffix.removeprefix(".") in SUFFIXES}
    for category in sorted(set(categories) - there):
        message = "is missing: every category has a list; put it back (it may be empty)"
        yield Mistake(f"seed/{category}.txt", 0, 0, message)
