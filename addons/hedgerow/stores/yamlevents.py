"""PyYAML's events to our nodes, without recursion and without any typing by the look of a value."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from hedgerow.stores.yamlnodes import MapNode, Node, Scalar, SeqNode, Source
from hedgerow.stores.yamlparse import events

MAX_NODES = 100_000
MAX_DEPTH = 12
FORBIDDEN = re.compile("[^\\n\\r -~\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]")
"""Whatever is not YAML 1.2's c-printable, and tabs, invisible line separators and byte order marks."""
_STANDARD = "tag:yaml.org,2002:"
TAGGED = (yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent)


def at(event: yaml.Event) -> tuple[int, int]:
    """Line and column, from 1, where the event begins."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def forbidden(char: str) -> str:
    """The name of a character that ``FORBIDDEN`` found."""
    if char == "\t":
        return "a tab; indent and align with spaces"
    return f"a character that is not text (U+{ord(char):04X})"


_KEPT = 160
_parsed: dict[str, tuple[yaml.Event, ...]] = {}
"""Events of the files last read: a reload reads some seventy files of which one has changed."""


def _events(text: str) -> Iterator[yaml.Event]:
    """The parser's events, as it finds them, so that a file can be refused halfway; whole files are remembered."""
    if (known := _parsed.pop(text, None)) is None:
        found = []
        for event in events(text):
            found.append(event)
            yield event
        known = tuple(found)
    else:
        yield from known
    _parsed[text] = known  # the latest last
    while len(_parsed) > _KEPT:
        del _parsed[next(iter(_parsed))]


class Refused(Exception):
    """Legal YAML that is not ours; the rest of the file is not read."""

    def __init__(self, event: yaml.Event, message: str) -> None:
        self.line, self.column = at(event)
        self.message = message
        super().__init__(message)


class Builder:
    """Events to nodes without recursion, so that depth costs nothing until it is refused."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._count = 0
        self._stack: list[tuple[yaml.Event, list[Node]]] = []
        self._root: Node = Scalar(source, 1, 1, "")

    def document(self, text: str) -> Node:
        documents = 0
        for event in _events(text):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise Refused(event, "a second document; one file holds one")
                if event.version or event.tags:
                    raise Refused(event, "directives (%YAML, %TAG) are not used here")
            elif isinstance(event, yaml.NodeEvent):
                self._node(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close()
        return self._root

    def _node(self, event: yaml.NodeEvent) -> None:
        self._refuse(event)
        self._count += 1
        if self._count > MAX_NODES:
            raise Refused(event, f"more than {MAX_NODES} entries in one file")
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif len(self._stack) >= MAX_DEPTH:
            raise Refused(event, f"nested deeper than {MAX_DEPTH} levels")
        else:
            self._stack.append((event, []))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        node = Scalar(self._source, *at(event), event.value, not event.style)
        if hidden := FORBIDDEN.search(node.value):
            node.mistake(f"writes {forbidden(hidden[0])} as an escape")
        self._add(node)

    def _refuse(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise Refused(event, f"an alias (*{event.anchor}); write the value out")
        if event.anchor is not None:
            raise Refused(event, f"an anchor (&{event.anchor}); write the value out each time")
        if isinstance(event, TAGGED) and event.tag is not None:
            raise Refused(event, f"a tag ({event.tag.replace(_STANDARD, '!!')}); values have the type their key needs")

    def _close(self) -> None:
        event, children = self._stack.pop()
        line, column = at(event)
        if isinstance(event, yaml.MappingStartEvent):
            self._add(MapNode(self._source, line, column, self._pairs(children, flow=bool(event.flow_style))))
        else:
            self._add(SeqNode(self._source, line, column, tuple(children)))

    def _pairs(self, children: list[Node], flow: bool) -> tuple[tuple[Scalar, Node], ...]:
        seen: dict[str, Scalar] = {}
        pairs = []
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                key.mistake("a key must be text")
            elif fault := _faulty(key, value, flow):
                key.mistake(fault)
            elif first := seen.get(key.value):
                key.mistake(f"{key.value!r} stands here twice; first in line {first.line}")
            else:
                seen[key.value] = key
                pairs.append((key, value))
        return tuple(pairs)

    def _add(self, node: Node) -> None:
        if self._stack:
            self._stack[-1][1].append(node)
        else:
            self._root = node


def _faulty(key: Scalar, value: Node, flow: bool) -> str:
    """What is wrong with a key by itself, "" when nothing is."""
    if key.plain and key.value == "<<":
        return "a merge key (<<); write the keys out"
    if key.plain and not key.value:
        return "a key is missing before ':'"
    if flow and isinstance(value, Scalar) and value.plain and not value.value:
        return f"{key.value!r} has no value; in {{...}} write 'key: value'"
    return ""
