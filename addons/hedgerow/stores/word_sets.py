"""``sets`` of a word list: texts under a name, for which ``<name>`` stands in the groups of combinations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from hedgerow.core.phrases import TextSet
from hedgerow.stores import readers
from hedgerow.stores.yamlfile import MapNode, Node, Scalar, SeqNode, legal

type Reader = Callable[[Node], str]
"""Reads one text that can be searched for; "" after a mistake."""

NAME = "[a-z0-9-]+"
_NAMED = re.compile(r"<([^<>]*)>")


class Sets:
    """The sets of one file, and which of them its combinations have named."""

    def __init__(self, root: MapNode, searched: Reader) -> None:
        node = root.get("sets")
        entries = readers.mapping(node).entries if node else ()
        self._keys = {key.value: key for key, _ in entries}
        self._found = {key.value: _read(key, value, searched) for key, value in entries}
        self._named: set[str] = set()

    def named(self, node: Node) -> TextSet | None:
        """The set that a text of a group names; None when the text stands for itself. Fallback: an empty set."""
        if not (isinstance(node, Scalar) and (name := _name(node.value))):
            return None
        self._named.add(name)
        if name not in self._found:
            none = f"this file has no sets; write 'sets: {{{name}: [...]}}' above its phrases"
            node.mistake(legal("set", name, self._found) if self._found else none)
        return self._found.get(name, TextSet(name, ()))

    def not_here(self, node: Node) -> bool:
        """Whether the name of a set stands where none can: as a phrase, or inside a longer text. That is a mistake."""
        value = node.value if isinstance(node, Scalar) else ""
        wrong = _name(value) or next((name for name in _NAMED.findall(value) if name in self._found), "")
        if wrong:
            node.mistake(f"a set stands by itself in a group of 'all', as in all: [<{wrong}>, ...]")
            self._named.add(wrong)
        return bool(wrong)

    def unused(self) -> None:
        """A set that stands in no combination is a mistake: somebody believes that it counts."""
        for name in self._found.keys() - self._named:
            self._keys[name].mistake(
                f"no combination uses this set; write <{name}> into a group of 'all', or delete it"
            )


def _name(text: str) -> str:
    found = _NAMED.fullmatch(text.strip())
    return found[1] if found else ""


def _read(key: Scalar, node: Node, searched: Reader) -> TextSet:
    if not re.fullmatch(NAME, key.value):
        key.mistake(f"the name of a set has small letters, digits and '-', not {key.value!r}")
    if readers.nothing(node) or (isinstance(node, SeqNode) and not node.items):
        key.mistake("an empty set; write a list of texts, or delete it")
    return TextSet(key.value, tuple(_texts(readers.items(node), searched)))


def _texts(items: tuple[Node, ...], searched: Reader) -> Iterator[str]:
    first: dict[str, int] = {}
    for item in items:
        if isinstance(item, Scalar) and (name := _name(item.value)):
            item.mistake(f"a set holds texts, no other set; write <{name}> beside it in the group")
        elif text := searched(item):
            if text.casefold() in first:
                item.mistake(f"{text!r} stands here twice; first in line {first[text.casefold()]}")
            else:
                first[text.casefold()] = item.line
                yield text
