"""What a page teaches: for each category and topic of words one idea worth knowing, one question to ask oneself.

``messages/ideas/<language>.yaml``::

    language: en
    ideas:
      gambling:
        idea: "Every game for money is calculated so that the players lose in the end."
        question: "Who earns money when I play?"
        young: "Games for money are made so that you lose."      # the idea for children up to ten, in one breath
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hedgerow.stores import readers
from hedgerow.stores.yamlfile import MapNode

LONGEST = 200
"""Letters of an idea or a question: a page fits on one screen of a phone."""


_PARTS = ("idea", "question", "young")


@dataclass(frozen=True, slots=True)
class Idea:
    """A fact, not an order; and a question said as "I". ``young`` is the fact for the register young, or ""."""

    idea: str
    question: str
    young: str = ""

    def told(self, register: str) -> str:
        """The fact as this register is told it."""
        return self.young if register == "young" and self.young else self.idea


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
    found = {key.value: _idea(readers.mapping(value, *_PARTS), key.value, english) for key, value in node}
    for missing in sorted(english.keys() - found.keys()) if english and not known else ():
        node.mistake(f"no idea for {missing!r}")
    return found


def _idea(node: MapNode, key: str, english: Ideas | None) -> Idea:
    places = {"idea": node.need("idea"), "question": node.need("question"), "young": node.get("young")}
    told = Idea(*(readers.text(place, LONGEST) if place else "" for place in places.values()))
    original = english.get(key) if english else None
    for name, place in places.items():
        if place and original and getattr(told, name) and getattr(told, name) == getattr(original, name):
            place.mistake(f"the {name} for {key!r} is only the English one")
    return told
