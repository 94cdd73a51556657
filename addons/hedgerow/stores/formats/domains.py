"""One name a line: host, host/path, address, network or URL; ``*.name``, ``=name``; ``#`` begins a comment."""

from __future__ import annotations

from collections.abc import Iterator

from hedgerow.stores.formats.lines import by_line, per_file
from hedgerow.stores.formats.model import Found
from hedgerow.stores.formats.names import PLAIN, bare, found


def parse(line: int, text: str) -> Iterator[Found]:
    if text := bare(text):
        yield found(line, text)


ROWS = by_line(parse, PLAIN)
DOMAINS = per_file(ROWS, suffix=True)
