"""The keyholders of site.yaml: two to nine named people, any two of whom open a pseudonym."""

from __future__ import annotations

from hedgerow.stores import readers
from hedgerow.stores.sealed import NEEDED, SealError, public_key
from hedgerow.stores.yamlfile import MapNode, Node

_MOST = 9


def keyholders(node: Node | None) -> dict[str, str]:
    """Name to public key; empty when a mistake was noted, or nobody is named."""
    if node is None:
        return {}
    keys: dict[bytes, str] = {}
    found: dict[str, str] = {}
    named = list(readers.mapping(node))
    for name, value in named:
        text = readers.text(value)
        key = _key(value, text)
        if key and key in keys:
            value.mistake(f"{keys[key]!r} and {name.value!r} have one key: each keyholder has their own")
        elif key:
            keys[key] = name.value
            found[name.value] = text
    if isinstance(node, MapNode) and not NEEDED <= len(named) <= _MOST:
        node.mistake(f"{NEEDED} to {_MOST} keyholders expected, not {len(named)}: it takes two of them to open")
    return found if len(found) == len(named) >= NEEDED else {}


def _key(node: Node, text: str) -> bytes:
    try:
        return public_key(text) if text else b""
    except SealError as error:
        node.mistake(f"{error}")
        return b""
