"""A band's own examples: what must open, must warn and must block, and the rule that must decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hedgerow.core.model import Action, Capture, Kind, Where
from hedgerow.stores import readers
from hedgerow.stores.policy_names import url
from hedgerow.stores.policy_rules import action
from hedgerow.stores.yamlfile import MapNode, Node, legal

KEYS = ("url", "expect", "by", "at", "text", "posted", "kind", "capture")
RULE_KINDS = (
    *("site", "category", "words", "files", "unknown", "undecodable"),
    *("floor:category", "floor:site", "protected", "builtin"),
)
KINDS = {"page": Kind.PAGE, "part": Kind.PART}
CAPTURES = {str(capture): capture for capture in Capture}


@dataclass(frozen=True, slots=True)
class Example:
    """One promise of a band. ``at`` is the school's wall clock, None = a school day at 10:00."""

    band: str
    where: Where
    url: str
    expect: Action
    by: str = ""
    at: datetime | None = None
    text: str = ""
    posted: str = ""
    kind: Kind = Kind.PAGE
    capture: Capture = Capture.DECRYPTED


def examples(node: Node | None, band: str) -> tuple[Example, ...]:
    """The examples of one band file; those with a mistake are left out."""
    found = (_example(item, band) for item in (readers.items(node) if node else ()))
    return tuple(example for example in found if example is not None)


def _example(item: Node, band: str) -> Example | None:
    node = readers.mapping(item, *KEYS)
    if not node.entries:
        return None
    address, expect = node.need("url"), node.need("expect")
    by, at, kind, capture = node.get("by"), node.get("at"), node.get("kind"), node.get("capture")
    return Example(
        band,
        node.where,
        url(address) if address else "",
        action(expect) if expect else Action.BLOCK,
        _rule_id(by) if by else "",
        readers.moment(at) if at else None,
        _text(node, "text"),
        _text(node, "posted"),
        KINDS.get(readers.choice(kind, "kind", KINDS), Kind.PAGE) if kind else Kind.PAGE,
        CAPTURES.get(readers.choice(capture, "capture", CAPTURES), Capture.DECRYPTED) if capture else Capture.DECRYPTED,
    )


def _text(node: MapNode, key: str) -> str:
    value = node.get(key)
    return readers.text(value, 20_000) if value else ""


def _rule_id(node: Node) -> str:
    value = readers.text(node)
    if value and not _begins_with(value, RULE_KINDS):
        node.mistake(legal("kind of rule", value.partition(":")[0], RULE_KINDS))
        return ""
    return value


def _begins_with(value: str, kinds: Sequence[str]) -> bool:
    return any(value == kind or value.startswith(kind + ":") for kind in kinds)
