"""What a YAML file is made of here: text, lists and maps, each knowing its place and where its mistakes go."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hedgerow.core.model import Where
from hedgerow.stores.errors import Mistakes


@dataclass(frozen=True, slots=True)
class Source:
    """The file a node stands in, and where its mistakes go."""

    file: str
    mistakes: Mistakes = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a file. ``line`` and ``column`` count from 1."""

    source: Source
    line: int
    column: int

    @property
    def where(self) -> Where:
        return Where(self.source.file, self.line)

    def mistake(self, message: str) -> None:
        """Notes a mistake at this very place; reading goes on, so that all of them are told."""
        self.source.mistakes.add(self.source.file, self.line, self.column, message)


@dataclass(frozen=True, slots=True)
class Scalar(Node):
    """Text, as written. ``plain`` is False when it stood in quotes or in a block."""

    value: str
    plain: bool = True


@dataclass(frozen=True, slots=True)
class SeqNode(Node):
    """A list."""

    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class MapNode(Node):
    """Keys and values in the order of the file; no key stands twice."""

    entries: tuple[tuple[Scalar, Node], ...] = ()

    @classmethod
    def empty(cls, file: str, mistakes: Mistakes) -> MapNode:
        """What a file that is not there says: nothing."""
        return cls(Source(file, mistakes), 0, 0)

    def __iter__(self) -> Iterator[tuple[Scalar, Node]]:
        return iter(self.entries)

    def get(self, key: str) -> Node | None:
        """The value of ``key``, None when it is absent."""
        return next((value for name, value in self.entries if name.value == key), None)

    def key(self, key: str) -> Scalar | None:
        """The key itself, for its place; None when it is absent."""
        return next((name for name, _ in self.entries if name.value == key), None)

    def need(self, key: str) -> Node | None:
        """The value of ``key``; its absence is a mistake."""
        node = self.get(key)
        if node is None:
            self.mistake(f"{key!r} is missing")
        return node

    def known(self, *keys: str) -> None:
        """Every other key is a mistake."""
        for name, _ in self.entries:
            if name.value not in keys:
                name.mistake(legal("key", name.value, keys))


def legal(what: str, given: str, choices: Iterable[str]) -> str:
    """``unknown key 'bnad'; did you mean 'band'? known: band, title``."""
    known = sorted(choices)
    near = difflib.get_close_matches(given, known, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"unknown {what} {given!r}; {hint}known: {', '.join(known) or 'none'}"
