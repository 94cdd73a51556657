"""Lists of v2fly's domain-list-community: ``domain:name`` or ``name``, ``full:name``, ``include:list @attribute``.

Each file is a list; an included one is looked for beside it, and its names are told with the line that includes it.
``@attribute`` after a name says what it is; after ``include:`` it says which names are taken (``@-attribute``: which
are not). ``keyword:`` and ``regexp:`` are no names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath

from hedgerow.stores.formats.lines import lines, read_line
from hedgerow.stores.formats.model import (
    Format,
    Found,
    LineError,
    Member,
    Options,
    Part,
    Row,
    Scope,
    Skipped,
    Tree,
    Unusable,
)
from hedgerow.stores.formats.names import bare, host_of

_MOST_INCLUDES = 5_000  # files read for one list
_PATTERNS = ("keyword", "regexp")


def read(tree: Tree, options: Options) -> Iterator[Part]:
    members = [one for one in tree.members if "data" in PurePosixPath(one.name).parts[:-1]] or list(tree.members)
    beside: dict[PurePosixPath, dict[str, Member]] = defaultdict(dict)
    for member in members:
        beside[PurePosixPath(member.name).parent][_list_name(member)] = member
    for member in members:
        there = beside[PurePosixPath(member.name).parent]
        yield Part(member.name, _list_name(member), partial(_rows, member, there))


def _list_name(member: Member) -> str:
    return PurePosixPath(member.name).name.removesuffix(".txt").lower()


def _rows(member: Member, beside: Mapping[str, Member]) -> Iterator[Row]:
    reader = _Reader(beside)
    with member.open() as file:
        for number, line in lines(file):
            words = _words(line)
            if words and words[0].startswith("include:"):
                yield from reader.include(number, words, frozenset(), frozenset())
            else:
                yield from read_line(_parse, number, line)


@dataclass(slots=True)
class _Reader:
    """Follows includes; each file once for the same attributes, for lists may include each other."""

    beside: Mapping[str, Member]
    seen: set[tuple[str, frozenset[str], frozenset[str]]] = field(default_factory=set)

    def include(self, at: int, words: list[str], wanted: frozenset[str], unwanted: frozenset[str]) -> Iterator[Row]:
        """Names of the list that ``words`` include, all told with line ``at``."""
        name = words[0].partition(":")[2].lower()
        wanted |= {word[1:] for word in words[1:] if word.startswith("@") and not word.startswith("@-")}
        unwanted |= {word[2:] for word in words[1:] if word.startswith("@-")}
        if (name, wanted, unwanted) in self.seen:
            return
        self.seen.add((name, wanted, unwanted))
        if (member := self.beside.get(name)) is None:
            yield Skipped(at, f"includes {name[:80]!r}, which is not there")
        elif len(self.seen) > _MOST_INCLUDES:
            yield Skipped(at, "includes too many lists")
        else:
            yield from self._file(at, member, wanted, unwanted)

    def _file(self, at: int, member: Member, wanted: frozenset[str], unwanted: frozenset[str]) -> Iterator[Row]:
        waiting = []
        with member.open() as file:
            for _, line in lines(file):
                words = _words(line)
                if words and words[0].startswith("include:"):
                    waiting.append(words)
                    continue
                attributes = {word[1:] for word in words[1:] if word.startswith("@")}
                if wanted <= attributes and not unwanted & attributes:
                    yield from read_line(_parse, at, line)
        for words in waiting:
            yield from self.include(at, words, wanted, unwanted)


def _words(line: str) -> list[str]:
    return line.partition("#")[0].split()


def _parse(line: int, text: str) -> Iterator[Found]:
    if not (words := bare(text.partition("#")[0]).split()):
        return
    kind, sign, name = words[0].partition(":")
    if not sign:
        kind, name = "domain", words[0]
    if kind in _PATTERNS:
        raise Unusable("a pattern, not a name")
    if kind not in ("domain", "full"):
        raise LineError(f"{kind[:40]!r} is none of domain, full, include, keyword, regexp")
    if wrong := next((word for word in words[1:] if not word.startswith(("@", "&"))), ""):
        raise LineError(f"{wrong[:80]!r} is no attribute")
    yield Found(line, host_of(name), "", Scope.EXACT if kind == "full" else Scope.USUAL)


V2FLY = Format(read)
