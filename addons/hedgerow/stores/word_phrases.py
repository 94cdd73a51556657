"""The lines under ``phrases``, ``typed`` and ``context`` of a word list: text, or a combination, with its weight."""

from __future__ import annotations

from dataclasses import replace

from hedgerow.core.phrases import MOST, WITHIN, Group, Phrase, TextSet, combination, patterns, star_fault
from hedgerow.stores import readers
from hedgerow.stores.word_sets import Sets
from hedgerow.stores.yamlfile import MapNode, Node, Scalar, SeqNode

LINE_KEYS = ("text", "all", "within", "ordered", "weight", "most")
LEAST_WEIGHT, HIGHEST_WEIGHT = 0.1, 10
MOST_GROUPS = 4
FURTHEST = 30
MOST_MENTIONS = 20
_LONGEST = 200


def read_phrases(root: MapNode, topic: str, language: str) -> tuple[Phrase, ...]:
    """All phrases of a file, and what lowers their score; none stands twice."""
    found: dict[object, Phrase] = {}
    sets = Sets(root, _searched)
    for name in ("phrases", "typed", "context"):
        node = root.get(name)
        for item in readers.items(node) if node else ():
            phrase = replace(_phrase(item, topic, language, sets, name == "typed"), lowers=name == "context")
            same = phrase.text, phrase.within, phrase.ordered
            if first := found.get(same):
                item.mistake(f"{phrase.text!r} stands here twice; first in line {first.where.line}")
            elif phrase.text:
                found[same] = phrase
    sets.unused()
    return tuple(found.values())


def _phrase(item: Node, topic: str, language: str, sets: Sets, typed: bool) -> Phrase:
    if isinstance(item, Scalar):
        return Phrase(topic, _text(item, sets), language, item.where, most=0 if typed else MOST)
    node = readers.mapping(item, *LINE_KEYS)
    weight, most = node.get("weight"), node.get("most")
    if typed and (stray := node.key("most")):
        stray.mistake("'most' is about pages; what stands under 'typed' counts in what somebody types alone")
    phrase = Phrase(
        topic,
        "",
        language,
        item.where,
        readers.decimal(weight, LEAST_WEIGHT, HIGHEST_WEIGHT) if weight else 1.0,
        most=0 if typed else readers.integer(most, 1, MOST_MENTIONS) if most else MOST,
    )
    groups = node.get("all")
    if groups is not None:
        return _combination(node, groups, phrase, sets)
    for key in ("within", "ordered"):
        if stray := node.key(key):
            stray.mistake(f"{key!r} is about combinations; it stands beside 'all'")
    text = node.need("text") if node.entries else None
    return replace(phrase, text=_text(text, sets) if text else "")


def _combination(node: MapNode, groups: Node, phrase: Phrase, sets: Sets) -> Phrase:
    if text := node.key("text"):
        text.mistake("a line has either 'text' or 'all', not both")
    found = tuple(filter(None, (_group(item, sets) for item in readers.items(groups))))
    if isinstance(groups, SeqNode) and not 2 <= len(groups.items) <= MOST_GROUPS:
        groups.mistake(f"2 to {MOST_GROUPS} groups expected, not {len(groups.items)}")
    within, ordered = node.get("within"), node.get("ordered")
    return replace(
        phrase,
        text=combination(found),
        groups=found,
        within=readers.integer(within, 0, FURTHEST) if within else WITHIN,
        ordered=readers.boolean(ordered) if ordered else False,
    )


def _group(node: Node, sets: Sets) -> Group:
    """Texts, or sets of them, one of which must stand there."""
    if isinstance(node, SeqNode) and not node.items:
        node.mistake("an empty group; write a text or a list of texts")
    found = readers.some(node, lambda item: sets.named(item) or _text(item, sets))
    named = [one for one in found if isinstance(one, TextSet)]
    for item, one in zip(node.items if isinstance(node, SeqNode) else (), found, strict=False):
        if isinstance(one, str) and (where := next((known for known in named if one in known.texts), None)):
            item.mistake(f"{one!r} stands in {where} already")
        elif isinstance(one, TextSet) and found.count(one) > 1:
            item.mistake(f"{one} stands here twice")
    return tuple(filter(None, found))


def _text(node: Node, sets: Sets) -> str:
    return "" if sets.not_here(node) else _searched(node)


def _searched(node: Node) -> str:
    """A text that can be searched for. Fallback: ""."""
    text = readers.text(node, _LONGEST)
    if fault := star_fault(text):
        node.mistake(fault)
    elif text and not patterns(text):
        node.mistake(f"{text!r} has nothing to search for")
    else:
        return text
    return ""
