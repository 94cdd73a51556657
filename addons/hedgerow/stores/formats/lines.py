"""Lines of a file that may hold anything: bounded, numbered, and a bad one is passed over with its number."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import IO

from hedgerow.stores.formats.model import (
    Format,
    Found,
    LineError,
    LineParser,
    Member,
    Options,
    Part,
    Row,
    Rows,
    Skipped,
    Tree,
    Unusable,
)
from hedgerow.stores.formats.names import LONGEST_NAME

LONGEST_LINE = 4096  # characters; longer ones are no line of a list
_CHUNK = 1 << 16


def lines(file: IO[bytes], longest: int = LONGEST_LINE) -> Iterator[tuple[int, str]]:
    """(number from 1, line without its end) of a UTF-8 file, with or without BOM.

    Bytes that are none become halves of surrogate pairs, so that a parser can say so. Of a line without an end only
    its beginning is held, at least one character more than ``longest``. Closes the file.
    """
    with io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape") as text:
        number, rest = 0, ""
        while chunk := text.read(_CHUNK):
            pieces = (rest + chunk).split("\n")
            rest = pieces.pop()[: longest + 1]
            yield from enumerate(pieces, number + 1)
            number += len(pieces)
        if rest:
            yield number + 1, rest


def read_line(parse: LineParser, number: int, line: str, longest: int = LONGEST_LINE) -> Iterator[Row]:
    """What one line lists, or that it was passed over."""
    try:
        if len(line) > longest:
            raise LineError(f"a line of more than {longest} characters")
        yield from parse(number, line)
    except LineError as error:
        yield Skipped(number, str(error), isinstance(error, Unusable))


def by_line(parse: LineParser, fast: str = "", longest: int = LONGEST_LINE) -> Rows:
    """Rows of a format in which each line speaks for itself.

    ``fast`` is a pattern of lines that list exactly one host, canonical as it stands, in its first group; they never
    see ``parse``, which must say the same of them.
    """
    match = re.compile(fast or r"(?!)").fullmatch

    def rows(file: IO[bytes], options: Options) -> Iterator[Row]:
        for number, line in lines(file, longest):
            if len(line) <= LONGEST_NAME and (hit := match(line)):
                yield Found(number, hit[1])
            else:
                yield from read_line(parse, number, line, longest)

    return rows


def per_file(rows: Rows, *, suffix: bool = False) -> Format:
    """A format in which each file of a folder or archive is a list, named after its category."""

    def read(tree: Tree, options: Options) -> Iterator[Part]:
        for member in tree.members:
            yield Part(member.name, _category(member.name), partial(rows_of, member, rows, options))

    return Format(read, suffix)


def _category(name: str) -> str:
    """``lists/ads.txt.gz`` lists ads."""
    for suffix in (".gz", ".xz", ".bz2"):
        name = name.removesuffix(suffix)
    return PurePosixPath(name).stem


def rows_of(member: Member, rows: Rows, options: Options) -> Iterator[Row]:
    with member.open() as file:
        yield from rows(file, options)
