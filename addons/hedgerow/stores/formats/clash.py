"""Rule providers of Clash (``payload:``, an item a line): ``'+.name'``, ``name``, a network, or a rule as of Surge."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hedgerow.stores.formats.lines import by_line, per_file
from hedgerow.stores.formats.model import Found, LineError, Scope
from hedgerow.stores.formats.names import PLAIN, bare
from hedgerow.stores.formats.surge import rule
from hedgerow.stores.formats.wildcard import wildcard

_HEAD = re.compile(r"---|\.\.\.|(?:payload|rules):")


def parse(line: int, text: str) -> Iterator[Found]:
    if not (text := bare(text)) or _HEAD.fullmatch(text):
        return
    if not text.startswith("-"):
        raise LineError("is no item of a list")
    item = text[1:].strip()
    if item[:1] in ("'", '"') and item[-1:] == item[:1] and len(item) > 1:
        item = item[1:-1]
    yield rule(line, item) if "," in item else wildcard(line, item, Scope.EXACT)


CLASH = per_file(by_line(parse, rf"\s*- '\+\.{PLAIN}'"), suffix=True)
