"""Two indexes as one: the downloaded lists below, and what people wrote by hand above them.

Three million names are built anew when lists are fetched; what a school saves must be in force within seconds. So the
hand-written lists and corrections are an index of their own, and both are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hedgerow.core.model import Entry, Match
from hedgerow.stores.index import MappedIndex
from hedgerow.stores.index_keys import host_key


class LayeredIndex:
    """``core.model.Index`` of what is written by hand and, if there is one, of what was downloaded."""

    def __init__(self, own: MappedIndex, base: MappedIndex) -> None:
        self.own, self.base = own, base
        self.folder = own.folder
        self.version = f"{own.version}+{base.version.removeprefix('base-')}"
        self.names = own.names + base.names
        self.expires = own.expires

    def match(self, host: str, path: str = "/") -> tuple[Match, ...]:
        """All listed names covering host and path, most specific first; of one name a person's word first."""
        own = self.own.match(host, path)
        base = self.base.match(host, path)
        if not base:
            return own
        return tuple(sorted((*own, *base), key=_specific)) if own else base

    def explain(self, match: Match, category: str) -> tuple[Entry, ...]:
        """The lines that put ``category`` on ``match``."""
        return (*self.own.explain(match, category), *self.base.explain(match, category))

    def entries(self, name: str) -> tuple[Entry, ...]:
        """All that any list or evidence says of exactly this name, believed or not."""
        return (*self.own.entries(name), *self.base.entries(name))

    def listed(self) -> Iterator[tuple[str, bool, bool]]:
        """As ``MappedIndex.listed``, each name once."""
        own = {name: (exact, below) for name, exact, below in self.own.listed()}
        for name, exact, below in self.base.listed():
            more_exact, more_below = own.pop(name, (False, False))
            yield name, exact or more_exact, below or more_below
        yield from ((name, exact, below) for name, (exact, below) in own.items())


def _specific(match: Match) -> tuple[int, int]:
    """The longest host first, then the longest path. The sort is stable: of one name a person's word stands first."""
    host, _, path = match.name.partition("/")
    if path.isdigit() and host_key(host).startswith("#"):
        return -int(path), 0  # a network
    return (-len(host) if not host_key(host).startswith("#") else -129, -len(path))


type AnyIndex = MappedIndex | LayeredIndex


def open_index(folder: Path) -> AnyIndex:
    """The index in ``folder``, as ``stores.lists.build`` made it, above the downloaded lists it was built for.

    Raises IndexFault.
    """
    own = MappedIndex(folder)
    return LayeredIndex(own, MappedIndex(folder.parent / own.base)) if own.base else own
