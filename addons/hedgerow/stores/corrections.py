"""A school's or district's own word about listed names: ``local/corrections.yaml``.

::

    corrections:
      - name: chess-club.example     # as in a list: host, host/path, address, "=name", "*.name"; www. means the site
        action: allow
        categories: [games]          # allow: which categories are wrong (default: all)
        reason: "our own chess club, listed among games"
        author: "A. Teacher"
        date: 2026-11-23
        until: 2027-05-31            # the last day in force; may be missing

* ``allow`` takes the name out of ``categories``, or of all. What the package's floor blocks stays (illegal, malware,
  phishing): that is the list's owner to correct.
* ``block`` puts it into ``categories`` as well.
* ``recategorise`` puts it into ``categories`` and out of all others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from hedgerow.core.categories import KEPT
from hedgerow.core.model import Where
from hedgerow.stores import readers
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.formats import LineError, Listed, Scope, parse_name
from hedgerow.stores.index_suffixes import without_www
from hedgerow.stores.yamlfile import MapNode, Node, load

CORRECTIONS = "corrections.yaml"
ACTIONS = ("allow", "block", "recategorise")
_KEYS = ("name", "action", "categories", "reason", "author", "date", "until")


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction, with who made it, when and why."""

    listed: Listed
    name: str  # as written
    added: frozenset[str]
    removed: frozenset[str]
    reason: str
    author: str
    day: date
    until: date | None
    where: Where


def load_corrections(path: Path, name: str, categories: Collection[str], mistakes: Mistakes) -> tuple[Correction, ...]:
    """All corrections of a file without those that have mistakes; ``name`` is what messages call the file."""
    root = load(path, name, mistakes)
    root.known("corrections")
    node = root.get("corrections")
    found: dict[tuple[str, str], Correction] = {}
    for item in readers.items(node) if node else ():
        if (one := _correction(readers.mapping(item, *_KEYS), categories)) is None:
            continue
        if before := found.get((one.listed.host, one.listed.path)):
            item.mistake(f"{one.name} was corrected before, in line {before.where.line}; keep one of the two")
        found[one.listed.host, one.listed.path] = one
    return tuple(found.values())


def _correction(node: MapNode, categories: Collection[str]) -> Correction | None:
    """None after a mistake; all mistakes of the correction are told at once."""
    name, action = node.need("name"), node.need("action")
    why, who = (readers.text(found) if (found := node.need(key)) else "" for key in ("reason", "author"))
    listed = _listed(name) if name else None
    what = readers.choice(action, "action", ACTIONS) if action else ""
    named = _named(node, what, categories)
    first, last, in_order = _days(node)
    if not (name and listed and what and why and who and first and in_order) or named is None:
        return None
    added, removed = _effect(what, named, frozenset(categories))
    return Correction(listed, readers.text(name), added, removed, why, who, first, last, name.where)


def _days(node: MapNode) -> tuple[date | None, date | None, bool]:
    """(date, until, whether they can be so)"""
    written, until = node.need("date"), node.get("until")
    first, last = (readers.day(found) if found else None for found in (written, until))
    if first and last and until and last < first:
        until.mistake(f"the last day, {last}, is before the correction's date, {first}")
        return first, last, False
    return first, last, True


def _listed(node: Node) -> Listed | None:
    try:
        name = parse_name(readers.text(node))
        return replace(name, host=without_www(name.host)) if name.scope is Scope.USUAL else name
    except LineError as error:
        node.mistake(str(error))
        return None


def _named(node: MapNode, action: str, categories: Collection[str]) -> frozenset[str] | None:
    """The categories a correction names; None after a mistake."""
    listed = node.get("categories")
    if listed is None:
        if action in ("allow", ""):
            return frozenset(categories) - KEPT if action else None
        node.mistake(f"'categories' is missing: say what {action} puts the name into")
        return None
    named = frozenset(readers.some(listed, lambda item: readers.choice(item, "category", categories)))
    if action == "allow" and named & KEPT:
        listed.mistake(f"{', '.join(sorted(named & KEPT))} stays: no file takes it away; write to the list's owner")
        return None
    return None if "" in named or not action else named


def _effect(action: str, named: frozenset[str], categories: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """(added, removed)"""
    if action == "allow":
        return frozenset(), named
    return named, categories - KEPT - named if action == "recategorise" else frozenset()
