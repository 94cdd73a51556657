"""Universities and schools of JetBrains' swot: ``lib/domains/vn/edu/hust.txt`` is hust.edu.vn, in a folder or archive.

Its ``tlds.txt`` names suffixes that only such institutions get, ``stoplist.txt`` and ``abused.txt`` take names out.
Also the same as one JSON object: ``{"hust.edu.vn": ["Hanoi University ..."]}``. The line of a name that is a file is
the file's place among all.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath

from hedgerow.stores.formats.jsontext import JsonText, read_text
from hedgerow.stores.formats.lines import lines, read_line
from hedgerow.stores.formats.model import Format, Found, LineParser, Member, Options, Part, Row, Scope, Tree
from hedgerow.stores.formats.names import bare, host_of


def read(tree: Tree, options: Options) -> Iterator[Part]:
    """One part for all files: there are twenty thousand, of a line each."""
    for member in tree.members:
        if not member.name or member.name.endswith(".json"):
            yield Part(member.name, "", partial(_json, member))
    if files := [member for member in tree.members if member.name.endswith(".txt")]:
        yield Part("lib/domains", "", partial(_files, files))


def _json(member: Member) -> Iterator[Row]:
    with member.open() as file:
        document = JsonText(read_text(file))
    for place, key in document.keys():
        yield from read_line(_parse, document.line_at(place), key)


def _files(members: list[Member]) -> Iterator[Row]:
    for number, member in enumerate(members, 1):
        parts = PurePosixPath(member.name.removesuffix(".txt")).parts
        if "domains" in parts:
            parts = parts[parts.index("domains") + 1 :]
        if len(parts) == 1 and parts[0] in _LISTS:
            yield from _names(member, number, _LISTS[parts[0]])
        elif len(parts) > 1:
            yield from read_line(_parse, number, ".".join(reversed(parts)))


def _names(member: Member, number: int, parse: LineParser) -> Iterator[Row]:
    with member.open() as file:
        for _, line in lines(file):
            yield from read_line(parse, number, line)


def _parse(line: int, text: str) -> Iterator[Found]:
    yield Found(line, host_of(text))


def _parse_suffix(line: int, text: str) -> Iterator[Found]:
    if text := bare(text).lstrip("."):
        yield Found(line, host_of(text), "", Scope.BELOW)


def _parse_exception(line: int, text: str) -> Iterator[Found]:
    if text := bare(text).lstrip("."):
        yield Found(line, host_of(text), excepts=True)


_LISTS: dict[str, LineParser] = {
    "abused": _parse_exception,
    "stoplist": _parse_exception,
    "tlds": _parse_suffix,
}
SWOT = Format(read)
