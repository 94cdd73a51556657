"""The sentences of our pages, per language: the shipped ones with a school's own laid over them.

Checked as data: every language says everything English says, with the same ``{placeholders}``, and nothing that is
only the English sentence again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hedgerow.stores import readers
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.yamlfile import MapNode, load

LANGUAGES = ("vi", "en", "fa", "kk", "ru")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Texts:
    """One language's sentences and its writing direction ("ltr" or "rtl")."""

    language: str
    direction: str
    texts: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.texts[key]


Messages = Mapping[str, Texts]


def load_messages(shipped: Path, school: Path | None = None) -> Messages:
    """All languages, the school's sentences over the shipped ones.

    ``shipped`` and ``school`` are folders with ``<language>.yaml``; the school's may be missing.
    Raises PolicyError naming every mistake with file:line:column.
    """
    mistakes = Mistakes()
    made = {language: _language(shipped, school, language, mistakes) for language in LANGUAGES}
    mistakes.raise_if_any()
    return made


@cache
def shipped_messages() -> Messages:
    """The shipped sentences alone: what fault pages are made from, whatever the school's files say."""
    return load_messages(shipped_folder())


def shipped_folder() -> Path:
    """``policies/messages`` of the checkout, or the copy inside the installed package."""
    here = Path(__file__).resolve()
    inside = here.parents[1] / "shipped" / "policies" / "messages"
    return inside if inside.is_dir() else here.parents[3] / "policies" / "messages"


def _language(shipped: Path, school: Path | None, language: str, mistakes: Mistakes) -> Texts:
    english = _texts(load(shipped / "en.yaml", "messages/en.yaml", Mistakes()))
    root = load(shipped / f"{language}.yaml", f"messages/{language}.yaml", mistakes)
    texts = _checked(root, english, mistakes, complete=True)
    own = school / f"{language}.yaml" if school is not None else None
    if own is not None and own.exists():
        over = load(own, f"local/messages/{language}.yaml", mistakes)
        texts = {**texts, **_checked(over, english, mistakes, complete=False)}
    node = root.get("direction")
    direction = readers.choice(node, "direction", ("ltr", "rtl")) if node else "ltr"
    return Texts(language, direction, texts)


def _texts(root: MapNode) -> dict[str, str]:
    node = root.get("texts")
    return {key.value: readers.text(value) for key, value in node} if isinstance(node, MapNode) else {}


def _checked(root: MapNode, english: Mapping[str, str], mistakes: Mistakes, complete: bool) -> dict[str, str]:
    """The file's sentences; what is missing, unknown, or lacks a placeholder is a mistake at its own line."""
    root.known("language", "texts", *(("direction",) if complete else ()))  # a language's direction is not a choice
    node = root.need("texts")
    if not isinstance(node, MapNode):
        return {}
    node.known(*english)
    texts = _texts(root)
    for name_node, value in node:
        key = name_node.value
        wanted, given = set(_PLACEHOLDER.findall(english.get(key, ""))), set(_PLACEHOLDER.findall(texts.get(key, "")))
        for name in sorted(wanted - given):
            value.mistake(f"{key!r} lacks the placeholder {{{name}}}")
        for name in sorted(given - wanted):
            value.mistake(f"{key!r} has a placeholder {{{name}}} that nothing fills")
    if complete:
        for key in english.keys() - texts.keys():
            node.mistake(f"{key!r} is missing")
    return texts
