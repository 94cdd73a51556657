"""What differs between two indexes: names that came and went, by category, and what that does to known sites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from hedgerow.core.model import Action, Index
from hedgerow.stores.index_layers import AnyIndex

Judge = Callable[[Index, str, str], Action]
"""(index, host, path) -> what a band does with it by its lists."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A known site that another action meets now."""

    host: str
    rank: int
    before: Action
    after: Action
    categories: tuple[str, ...]  # it has now, or had before when it has none


@dataclass(frozen=True, slots=True)
class Difference:
    """Names a category that came (+) and went (-), and the known sites that moved, the best known first."""

    came: Counter[str]
    went: Counter[str]
    moved: tuple[Moved, ...]


def difference(
    old: AnyIndex,
    new: AnyIndex,
    known: Iterable[tuple[str, str]],
    judge: Judge,
    seen: Callable[[], None] = lambda: None,
) -> Difference:
    """Compare two indexes. ``known``: sites by rank; ``seen`` is called at each name, for progress."""
    came, went = Counter(_only(new, old, seen)), Counter(_only(old, new, seen))
    return Difference(came, went, tuple(_moved(old, new, known, judge)))


def _only(one: AnyIndex, other: AnyIndex, seen: Callable[[], None]) -> Iterator[str]:
    """The categories that names have in ``one`` and not in ``other``."""
    for name, _, _ in one.listed():
        seen()
        yield from _own(one, name) - _own(other, name)


def _own(index: AnyIndex, name: str) -> frozenset[str]:
    """The believed categories of exactly this name."""
    host, slash, path = name.partition("/")
    if slash and path.isdigit():
        host, path = name, ""  # a network: its own first address stands for it
        host = name.partition("/")[0]
    matches = index.match(host, f"/{path}")
    return frozenset(category for match in matches if match.name == name for category in match.categories)


def _moved(old: Index, new: Index, known: Iterable[tuple[str, str]], judge: Judge) -> Iterator[Moved]:
    for rank, (host, path) in enumerate(known, 1):
        before, after = judge(old, host, path), judge(new, host, path)
        if before is not after:
            told = _categories(new, host, path) or _categories(old, host, path)
            yield Moved(host, rank, before, after, told)


def _categories(index: Index, host: str, path: str) -> tuple[str, ...]:
    return tuple(sorted({category for match in index.match(host, path) for category in match.categories}))
