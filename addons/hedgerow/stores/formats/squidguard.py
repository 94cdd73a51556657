"""Lists of squidGuard (UT1, Shalla): each category a folder of ``domains``, ``urls``, ``expressions``, ``usage``.

``usage`` says whether the source means a category to be closed (black) or opened (white). Expressions are patterns; one
that only spells out a name (``^https?://(www\\.)?bets\\.example``) is read as that name.
"""

from __future__ import annotations

import os.path
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath

from hedgerow.core.hosts import is_listed_suffix
from hedgerow.stores.formats.domains import ROWS
from hedgerow.stores.formats.lines import by_line, rows_of
from hedgerow.stores.formats.model import Format, FormatError, Found, Member, Options, Part, Tree, Unusable
from hedgerow.stores.formats.names import bare, host_of

_FILES = ("domains", "urls", "expressions")
_LITERAL = re.compile(
    r"(?:\^?(?:https?|\(https\?\)|https\?|http\(s\)\?):(?://|\\/\\/)|\(\^\|[^()]{0,8}\)|\^)?"
    r"(?:\(www\\\.\)\?)?"
    r"((?:[a-z0-9-]+\\\.)+[a-z]{2,})(?:\\?/|\$|\(/\|\$\))?",
    re.IGNORECASE,
)


def parse_expression(line: int, text: str) -> Iterator[Found]:
    """An expression that is plainly one name. Raises Unusable for any other."""
    if not (text := bare(text)):
        return
    name = literal[1].replace("\\.", ".") if (literal := _LITERAL.fullmatch(text)) else ""
    if not name or not is_listed_suffix(host_of(name).rpartition(".")[2]):
        raise Unusable("a regular expression")
    yield Found(line, host_of(name))


_EXPRESSIONS = by_line(parse_expression)


def read(tree: Tree, options: Options) -> Iterator[Part]:
    folders: dict[str, dict[str, Member]] = defaultdict(dict)
    for member in tree.members:
        path = PurePosixPath(member.name)
        if path.name in (*_FILES, "usage"):
            folders["" if len(path.parts) < 2 else str(path.parent)][path.name] = member
    if not folders:
        raise FormatError(f"has no folder with {' or '.join(_FILES)}")
    for folder, category in _categories(folders, tree.name):
        files = folders[folder]
        white = "usage" in files and _is_white(files["usage"])
        for name in _FILES:
            if name in files:
                rows = _EXPRESSIONS if name == "expressions" else ROWS
                yield Part(files[name].name, category, partial(rows_of, files[name], rows, options), white)


def _categories(folders: dict[str, dict[str, Member]], root: str) -> list[tuple[str, str]]:
    """(folder, category): what all folders have in common is no part of a category's name."""
    common = os.path.commonpath(folders) if "" not in folders else ""
    if len(folders) == 1:
        common = str(PurePosixPath(common).parent)
    start = "" if common in ("", ".") else f"{common}/"
    return [(folder, folder.removeprefix(start) or root) for folder in sorted(folders)]


def _is_white(member: Member) -> bool:
    with member.open() as file:
        words = file.read(200).lower().split()
    return b"white" in words and b"black" not in words


SQUIDGUARD = Format(read)
