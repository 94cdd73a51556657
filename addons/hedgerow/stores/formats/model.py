"""What the formats give: names that were found, lines that were passed over, parts of a file or archive."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, NamedTuple


class LineError(ValueError):
    """One line lists nothing that can be used; the message says why."""


class Unusable(LineError):
    """The line is written correctly, but says nothing that a filter of names can act on."""


class FormatError(Exception):
    """The whole file is unusable: a bomb, a traversal, not an archive, no such field. The last good copy stays."""


class Scope(enum.StrEnum):
    """How far below a listed host its entry reaches."""

    USUAL = "usual"  # the host and all below it; a public suffix: only itself
    BELOW = "below"  # "*.name": the host and all below it, also of a public suffix
    EXACT = "exact"  # "=name": only this very host


@dataclass(frozen=True, slots=True)
class Listed:
    """One listed name: a canonical host, address or network (CIDR), and a path prefix ("" = the whole host)."""

    host: str
    path: str = ""
    scope: Scope = Scope.USUAL


class Found(NamedTuple):
    """A name that a line lists. A tuple, for lists have millions of them."""

    line: int  # from 1
    host: str  # canonical, or a network
    path: str = ""  # canonical, lower case, without a slash at its end
    scope: Scope = Scope.USUAL
    excepts: bool = False  # the list says "not this": @@ of ad blockers, passthru of RPZ
    important: bool = False  # it means it more than the exceptions of others ($important)
    category: str = ""  # of a row of CSV or JSON; "" = the part's


class Skipped(NamedTuple):
    """A line that was passed over."""

    line: int
    reason: str
    unusable: bool = False  # True: a correct line that says nothing a name filter can use; False: a bad line


type Row = Found | Skipped


@dataclass(frozen=True, slots=True)
class Options:
    """What some formats must be told, and the bounds of all."""

    field: str = ""  # csv: a column's name, or its number from 1; json: a dotted path ("data.url", "*.host")
    category_field: str = ""
    most_bytes: int = 2 << 30  # of everything that is unpacked
    most_parts: int = 60_000  # files in a folder or archive
    only: str = ""  # of a folder or archive the files whose name matches: "*/domains", "*.txt"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a source. Of an archive, read its rows before the next part is asked for."""

    name: str  # inside a folder or archive, "" for a plain file
    category: str  # the source's own word for what it lists, "" = none
    read: Callable[[], Iterator[Row]]
    white: bool = False  # the source means these names to be opened, not closed (``usage`` of squidGuard lists)

    def rows(self) -> Iterator[Row]:
        """Names and lines passed over, in the file's order. Raises FormatError and OSError."""
        return self.read()


@dataclass(frozen=True, slots=True)
class Member:
    """A file, or one inside a folder or archive, behind its compression."""

    name: str  # with slashes; "" = the file itself
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Tree:
    """All files of a source, sorted by name. ``name`` is what the folder or archive itself is called."""

    name: str
    members: tuple[Member, ...]


type LineParser = Callable[[int, str], Iterable[Found]]
"""(line number, line without its end) to what it lists. Raises LineError, Unusable."""
type Rows = Callable[[IO[bytes], Options], Iterator[Row]]
"""All rows of one file."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a source of one kind is read."""

    read: Callable[[Tree, Options], Iterator[Part]]
    suffix: bool = False  # a school's own list may be called ``local/<category>.<name of the format>``
