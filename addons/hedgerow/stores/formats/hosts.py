"""A hosts file (hosts(5)): an address, then names. The machine's own names list nothing."""

from __future__ import annotations

from collections.abc import Iterator

from hedgerow.stores.formats.lines import by_line, per_file
from hedgerow.stores.formats.model import Found, LineError, Unusable
from hedgerow.stores.formats.names import PLAIN, bare, closes, host_of

_NOT_NAMES = frozenset({"localhost", "localhost.localdomain", "local", "broadcasthost", "0.0.0.0"})
_FAST = rf"(?:0\.0\.0\.0|127\.0\.0\.1)[ \t]+(?!local|broadcasthost|ip6-){PLAIN}"


def parse(line: int, text: str) -> Iterator[Found]:
    if not (words := bare(text).split()):
        return
    if not closes(words[0]):
        raise Unusable(f"{words[0]} is an address to go to: the line closes nothing")
    if len(words) == 1:
        raise LineError("an address without a name")
    for word in words[1:]:
        if word not in _NOT_NAMES and not word.startswith("ip6-"):
            yield Found(line, host_of(word))


HOSTS = per_file(by_line(parse, _FAST), suffix=True)
