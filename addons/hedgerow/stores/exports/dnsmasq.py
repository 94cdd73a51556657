"""Lines for dnsmasq's ``conf-file=`` (dnsmasq(8), 2.86 or newer). The longest name speaks; ``/*.x/`` is below x only.

``/#/`` does not close what the standard servers answer for. All names there are end in a letter, a digit, ``-`` or
``_``, so that closing everything takes as many lines.
"""

from __future__ import annotations

import string
from collections.abc import Iterator

from hedgerow.stores.exports.wanted import Node, Wanted

_LAST = (*string.ascii_lowercase, *string.digits, "-", "_")


def dnsmasq(wanted: Wanted, answer: str, serial: int) -> Iterator[str]:
    """The file's lines. ``answer`` is an address for what is refused, or "": no such name."""
    if wanted.closed:
        for letter in _LAST:
            yield from _refused(f"*{letter}", answer)
    for node in wanted.nodes():
        yield from _lines(node, answer)
    wanted.lost["addresses"] += sum(1 for _ in wanted.addresses())


def _lines(node: Node, answer: str) -> Iterator[str]:
    """The name with all below it, then what is below, where that is another matter."""
    yield from _refused(node.name, answer) if node.itself else _open(node.name)
    if node.below != node.itself:
        yield from _refused(f"*.{node.name}", answer) if node.below else _open(f"*.{node.name}")


def _open(pattern: str) -> Iterator[str]:
    yield f"server=/{pattern}/#"


def _refused(pattern: str, answer: str) -> Iterator[str]:
    """``local=`` beside an address: questions of another kind (IPv6, HTTPS) would be passed on."""
    yield f"address=/{pattern}/{answer}"
    if answer:
        yield f"local=/{pattern}/"
