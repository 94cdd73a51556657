"""Has a CONNECT been here before? Two gateways that are each other's parent proxy would send it round for ever.

A parent is asked with ``Via`` (RFC 9110 7.6.3): the gateways it came by and our own name, a random one for each box
that says nothing about the school. The dial guard (``Dialer.own``) only sees our own addresses; this sees the way.
"""

from __future__ import annotations

import re
from pathlib import Path

from hedgerow.stores.state import key

_HOP = re.compile(r"hedgerow-[0-9a-f]{16}")
_MOST_HOPS = 8


def own_name(keys: Path) -> str:
    """This box's name, the same in all its workers. Raises StateError when it cannot be kept."""
    return f"hedgerow-{key(keys / 'via').hex()[:16]}"


def hops(header: str) -> tuple[str, ...]:
    """The gateways like ours that a Via header names; what else stands in it is nobody's business."""
    return tuple(_HOP.findall(header[:4096]))


def goes_round(header: str, own: str) -> bool:
    """True when it came by this box, or by more boxes than any school has in a row."""
    found = hops(header)
    return own in found or len(found) >= _MOST_HOPS


def via(own: str, before: tuple[str, ...]) -> str:
    """The header for the next proxy; "" for a box without a name."""
    return ", ".join(f"1.1 {hop}" for hop in (*before, own) if own)
