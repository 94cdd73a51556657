"""Everything that is written about a name, for the person who asks: also what does not hold for it, and marked so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hedgerow.core.categories import KEPT
from hedgerow.core.hosts import parents
from hedgerow.core.model import Entry, How, Match
from hedgerow.stores.index_layers import AnyIndex, LayeredIndex

_Of = tuple[str, bool]  # a listed name, and whether a correction speaks
_CORRECTED = (How.ADDED, How.REMOVED)


def told(index: AnyIndex, host: str, path: str = "/") -> tuple[Entry, ...]:
    """What lists, corrections and evidence say of a host, its listed paths and its parents, the most specific first.

    An entry that does not hold for this host and path is ``cleared``.
    """
    names = dict.fromkeys((*(match.name for match in index.match(host, path)), *parents(host)))
    layers = (index.own, index.base) if isinstance(index, LayeredIndex) else (index,)
    removed = _removed(index.match(host, path))
    standing = [_standing(layer.match(host, path), removed) for layer in layers]
    return tuple(
        _marked(entry, stands)
        for name in names
        for layer, stands in zip(layers, standing, strict=True)
        for entry in layer.entries(name)
    )


def _removed(matches: tuple[Match, ...]) -> dict[_Of, frozenset[str]]:
    """Of each match what corrections take away before it is heard, as ``core.categories.covering`` does."""
    found: dict[_Of, frozenset[str]] = {}
    so_far: frozenset[str] = frozenset()
    for match in matches:
        found[match.name, match.correction] = so_far
        if match.correction:
            so_far |= match.removed - KEPT
    return found


def _standing(matches: tuple[Match, ...], removed: dict[_Of, frozenset[str]]) -> dict[_Of, frozenset[str]]:
    return {(m.name, m.correction): m.categories - removed[m.name, m.correction] for m in matches}


def _marked(entry: Entry, standing: dict[_Of, frozenset[str]]) -> Entry:
    if entry.how is How.REMOVED:
        return replace(entry, cleared=(entry.name, True) not in standing)
    if entry.how not in (How.ADDED, How.LISTED) or not entry.believed:
        return entry
    stands = standing.get((entry.name, entry.how is How.ADDED), frozenset())
    return replace(entry, cleared=entry.category not in stands)


def listed(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Those that are no corrections."""
    return tuple(entry for entry in entries if entry.how not in _CORRECTED)


def corrections(entries: tuple[Entry, ...]) -> Iterator[tuple[Entry, ...]]:
    """The entries of each correction, which has one a category."""
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        if entry.how in _CORRECTED:
            found.setdefault((entry.name, str(entry.where)), []).append(entry)
    yield from (tuple(one) for one in found.values())
