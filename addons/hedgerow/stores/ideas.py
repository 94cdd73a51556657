"""What a page teaches: for each category and topic of words one idea worth knowing, one question to ask oneself.

``messages/ideas/<language>.yaml``::

    language: en
    ideas:
      gambling:
        idea: "Every game for money is calculated so that the players lose in the end."
        question: "Who earns money when I play?"
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hedgerow.stores import readers
from hedgerow.stores.yamlfile import MapNode

LONGEST = 200
"""Letters of an idea or a question: a page fits on one screen of a phone."""


@dataclass(frozen=True, slots=True)
class Idea:
    """A fact, not an order; and a question said as "I"."""

    idea: str
    question: str


Ideas = Mapping[str, Idea]


def read_ideas(root: MapNode, english: Ideas | None, known: Collection[str] = ()) -> Ideas:
    """The ideas of one file; its mistakes are noted at their places.

    ``english`` are those no other language may leave out or only repeat; None for English itself. With ``known``
    (a school's file) only these ids are legal, and what the file leaves out stays as it is.
    """
    root.known("language", "ideas")
    node = readers.mapping(root.need("ideas") or MapNode.empty(root.source.file, root.source.mistakes))
    legal = known or english
    if legal:
        node.known(*legal)
    found = {key.value: _idea(readers.mapping(value, "idea", "question"), key.value, english) for key, value in node}
    for missing in sorted(english.keys() - found.keys()) if english and not known else ():
        node.mistake(f"no idea for {missing!r}")
    return found


def _idea(node: MapNode, key: str, english: Ideas | None) -> Idea:
    idea, question = node.need("idea"), node.need("question")
    told = Idea(readers.text(idea, LONGEST) if idea else "", readers.text(question, LONGEST) if question else "")
    original = english.get(key) if english else None
    for name, place in (("idea", idea), ("question", question)):
        if place and original and getattr(told, name) and getattr(told, name) == getattr(original, name):
            place.mistake(f"the {name} for {key!r} is only the English one")
    return told
