"""``categories.yaml`` and ``no-decrypt.yaml``: which kinds of sites there are, and whose connections stay closed.

::

    categories:
      gambling:
        description: "Betting, casinos and lotteries for money."
        names: {vi: "Cờ bạc", en: "Gambling", fa: "قمار", kk: "Құмар ойындар", ru: "Азартные игры"}
        defaults: {ages-5-7: block, ages-8-10: block, ages-11-13: block, ages-14-17: block, staff: warn}
        why: "why these defaults"

    no-decrypt:
      - vendor: "Apple"
        names: [push.apple.com, "=gs.apple.com"]     # the host and all below it; "=" for exactly this host
        reason: "certificate pinning: push messages stop when decrypted"
        source: "what was read"
        date: 2026-11-23                             # the day it was read

Both raise PolicyError with every mistake, with file, line, column and the legal choices.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hedgerow.core.categories import KEPT
from hedgerow.core.hosts import HostError, canonical_host, is_address, is_public_suffix
from hedgerow.core.model import Action, NoDecrypt, Where
from hedgerow.stores import readers
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.yamlfile import MapNode, Node, load

BANDS = ("ages-5-7", "ages-8-10", "ages-11-13", "ages-14-17", "staff")
LANGUAGES = ("vi", "en", "fa", "kk", "ru")
_ACTIONS = {str(action): action for action in Action}


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of site a school decides about."""

    id: str
    description: str
    names: Mapping[str, str]  # by language
    defaults: Mapping[str, Action]  # by band: what the shipped bands say
    why: str
    where: Where


@dataclass(frozen=True, slots=True)
class CategoryTable:
    """All categories by id, in the order of the file. A collection of ids to whoever only needs those."""

    categories: Mapping[str, Category]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self.categories)

    def __iter__(self) -> Iterator[str]:
        return iter(self.categories)

    def __len__(self) -> int:
        return len(self.categories)

    def __contains__(self, category: object) -> bool:
        return category in self.categories

    def __getitem__(self, category: str) -> Category:
        return self.categories[category]

    def name(self, category: str, language: str) -> str:
        """What people call a category; the English name where a language has none, the id of an unknown one."""
        known = self.categories.get(category)
        return known.names.get(language, known.names["en"]) if known else category


def load_categories(path: Path) -> CategoryTable:
    """The categories of ``categories.yaml``. Raises PolicyError."""
    mistakes = Mistakes()
    root = load(path, path.name, mistakes)
    mistakes.raise_if_any()  # of a file that is no text, nothing else is worth telling
    root.known("categories")
    node = root.need("categories")
    entries = readers.mapping(node) if node else ()
    table = {key.value: _category(key.value, readers.mapping(value)) for key, value in entries}
    for kept in sorted(KEPT - table.keys()):
        root.mistake(f"category {kept!r} is missing: the package's floor blocks it")
    mistakes.raise_if_any()
    return CategoryTable({name: category for name, category in table.items() if category})


def load_no_decrypt(*paths: Path) -> dict[str, NoDecrypt]:
    """Vendors by canonical host; a later file's word about a name stands. A missing file names none.

    Raises PolicyError.
    """
    mistakes = Mistakes()
    table: dict[str, NoDecrypt] = {}
    for path in paths:
        if path.exists():
            table |= _no_decrypt(path, mistakes)
    mistakes.raise_if_any()
    return table


def _category(name: str, node: MapNode) -> Category | None:
    node.known("description", "names", "defaults", "why")
    description, why = node.need("description"), node.need("why")
    names, defaults = node.need("names"), node.need("defaults")
    if not (description and why and names and defaults):
        return None
    return Category(
        id=name,
        description=readers.text(description),
        names={language: readers.text(value) for language, value in _each(names, LANGUAGES)},
        defaults={band: _action(value) for band, value in _each(defaults, BANDS)},
        why=readers.text(why),
        where=node.where,
    )


def _each(node: Node, keys: tuple[str, ...]) -> Iterator[tuple[str, Node]]:
    """Every one of ``keys`` with its value; a missing one is a mistake."""
    entries = readers.mapping(node, *keys)
    for key in keys:
        if value := entries.need(key):
            yield key, value


def _action(node: Node) -> Action:
    return _ACTIONS.get(readers.choice(node, "action", _ACTIONS), Action.BLOCK)


def _no_decrypt(path: Path, mistakes: Mistakes) -> dict[str, NoDecrypt]:
    name = f"local/{path.name}" if path.parent.name == "local" else path.name
    before = len(mistakes.found)
    root = load(path, name, mistakes)
    root.known("no-decrypt")
    node = root.need("no-decrypt") if len(mistakes.found) == before else None
    found: dict[str, NoDecrypt] = {}
    for item in readers.items(node) if node else ():
        for entry in _vendor(readers.mapping(item, "vendor", "names", "reason", "source", "date")):
            found[entry.host] = entry
    return found


def _vendor(node: MapNode) -> Iterator[NoDecrypt]:
    """Source and date are asked for so that someone can read again whether it still holds."""
    needed = [node.need(key) for key in ("vendor", "names", "reason", "source", "date")]
    vendor, names, reason, source, day = needed
    if not (vendor and names and reason and source and day):
        return
    readers.text(source)
    readers.day(day)
    for item in readers.items(names):
        raw = readers.text(item)
        if host := _whole_host(item, raw.removeprefix("=")):
            yield NoDecrypt(host, readers.text(vendor), readers.text(reason), item.where, below=not raw.startswith("="))


def _whole_host(node: Node, raw: str) -> str:
    """A host that belongs to one vendor. Fallback: ""."""
    try:
        host = canonical_host(raw) if raw else ""
    except HostError as error:
        node.mistake(f"{raw!r} is no host name: {error}")
        return ""
    if host and (is_address(host) or is_public_suffix(host)):
        node.mistake(f"{raw!r} is an address or a public suffix: strangers' sites would pass unread")
        return ""
    return host
