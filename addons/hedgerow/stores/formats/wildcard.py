"""Lists of ``*.name`` or ``.name``, as of DNSCrypt: also ``=name`` for one host only; ``#`` begins a comment.

Programs write such lists, a star on every line: it does not mean that all customers of a public suffix are meant, as
it would where a person wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hedgerow.stores.formats.lines import by_line, per_file
from hedgerow.stores.formats.model import Found, LineError, Scope, Unusable
from hedgerow.stores.formats.names import PLAIN, bare, found, host_of


def parse(line: int, text: str) -> Iterator[Found]:
    if text := bare(text):
        yield wildcard(line, text)


def wildcard(line: int, text: str, plain: Scope = Scope.USUAL) -> Found:
    """One pattern; ``plain`` is what a name without a sign means. Raises LineError."""
    name = text
    for sign in ("*.", "+.", "."):
        if text.startswith(sign):
            name, plain = text[len(sign) :], Scope.USUAL
            break
    if "*" in name or "?" in name or "[" in name.lstrip("["):
        raise Unusable("a pattern, not a name")
    if name.startswith("=") or plain is Scope.EXACT and "/" not in name:
        return Found(line, host_of(name.removeprefix("=")), "", Scope.EXACT)
    if name.startswith("."):
        raise LineError(f"{text[:80]!r} is no name")
    return found(line, name)


WILDCARD = per_file(by_line(parse, rf"(?:\*?\.)?{PLAIN}"), suffix=True)
