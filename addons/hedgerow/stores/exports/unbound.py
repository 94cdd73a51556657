"""Local zones for Unbound's ``include:`` (unbound.conf(5)). The zone nearest to a name speaks.

A zone covers its name and all below. Exactly one name is refused by giving it a record of another kind than browsers
ask for. Exactly one name cannot be let through where all below it are refused: a helpline is open with all below it
then, any other name is closed, and both are counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from hedgerow.stores.exports.wanted import Node, Wanted


def unbound(wanted: Wanted, answer: str, serial: int) -> Iterator[str]:
    """The file's lines. ``answer`` is an address for what is refused, or "": no such name."""
    yield "server:"
    if wanted.closed:
        yield from _refused("", answer)
    for node in wanted.nodes():
        yield from _zone(wanted, node, answer)
    wanted.lost["addresses"] += sum(1 for _ in wanted.addresses())


def _zone(wanted: Wanted, node: Node, answer: str) -> Iterator[str]:
    if node.below and node.name not in wanted.helplines:
        wanted.lost["closed"] += not node.itself
        if not node.inherited:
            yield from _refused(node.name, answer)
        return
    wanted.lost["open below"] += node.below
    yield f'local-zone: "{node.name}." transparent'
    if node.itself:
        yield _only(node, answer)


def _refused(name: str, answer: str) -> Iterator[str]:
    if not answer:
        yield f'local-zone: "{name}." always_nxdomain'
    else:
        yield f'local-zone: "{name}." redirect'
        yield f'local-data: "{name}. 60 {_record(answer)}"'


def _only(node: Node, answer: str) -> str:
    record = _record(answer) if answer else "TXT refused"
    return f'local-data: "{node.name}. 60 {record}"'


def _record(answer: str) -> str:
    return f"{'AAAA' if ':' in answer else 'A'} {answer}"
