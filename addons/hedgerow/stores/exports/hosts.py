"""A hosts file (hosts(5)): names, each by itself. What stands below a name is counted, not said."""

from __future__ import annotations

from collections.abc import Iterator

from hedgerow.stores.exports.wanted import Wanted


class NotSayable(ValueError):
    """This band cannot be written in this format at all; the message says what to take instead."""


def hosts(wanted: Wanted, answer: str, serial: int) -> Iterator[str]:
    """The file's lines: each refused name, over IPv4 and IPv6. Raises NotSayable for a band that closes the unknown."""
    if wanted.closed:
        raise NotSayable(
            "the band closes every site nobody has judged, which a hosts file cannot say: take rpz, unbound or dnsmasq"
        )
    answers = (answer,) if answer else ("0.0.0.0", "::")
    for node in wanted.nodes(lambda node: node.itself):
        if node.itself:
            yield from (f"{one} {node.name}" for one in answers)
        wanted.lost["below"] += node.below
    wanted.lost["addresses"] += sum(1 for _ in wanted.addresses())
