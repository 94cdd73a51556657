"""Addresses where claims are checked: ``messages/fact-checks.yaml``, data with a source and a date, never code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from hedgerow.core.hosts import HostError, canonical_host
from hedgerow.stores import readers
from hedgerow.stores.policy_bands import LANGUAGES
from hedgerow.stores.yamlfile import MapNode, Node

KEYS = ("name", "url", "languages", "place", "source", "verified")
MOST = 3
"""How many a page shows."""
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class FactCheck:
    """One service: its name with who runs it, its first page, what it writes in, and its country ("" = anywhere)."""

    name: str
    url: str
    languages: tuple[str, ...]
    country: str = ""
    source: str = ""
    verified: date | None = None

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


def read_fact_checks(root: MapNode) -> tuple[FactCheck, ...]:
    """The entries of one file; mistakes are noted at their places."""
    root.known("fact-checks")
    node = root.get("fact-checks")
    return tuple(_entry(readers.mapping(item, *KEYS)) for item in (readers.items(node) if node else ()))


def laid_over(base: Iterable[FactCheck], over: Iterable[FactCheck]) -> tuple[FactCheck, ...]:
    """A school's entry replaces ours with the same address; its others stand first."""
    own = {entry.url: entry for entry in over}
    return (*own.values(), *(entry for entry in base if entry.url not in own))


def fitting(entries: Iterable[FactCheck], language: str, country: str) -> tuple[FactCheck, ...]:
    """The school's own country first, whatever it is written in; then those of no one country in ``language``."""
    near = [entry for entry in entries if entry.country and entry.country == country]
    far = [entry for entry in entries if not entry.country and language in entry.languages]
    near.sort(key=lambda entry: language not in entry.languages)
    return tuple((*near, *far)[:MOST])


def _entry(node: MapNode) -> FactCheck:
    name, url, languages = node.need("name"), node.need("url"), node.need("languages")
    source, verified, place = node.need("source"), node.need("verified"), node.get("place")
    return FactCheck(
        name=readers.text(name, 200) if name else "",
        url=_url(url) if url else "",
        languages=tuple(map(_language, readers.items(languages))) if languages else (),
        country=_country(place) if place else "",
        source=readers.text(source) if source else "",
        verified=readers.day(verified) if verified else None,
    )


def _language(node: Node) -> str:
    return readers.choice(node, "language", LANGUAGES)


def _country(place: Node) -> str:
    node = readers.mapping(place, "country").need("country")
    value = readers.text(node) if node else ""
    if node and value and not _COUNTRY.fullmatch(value):
        node.mistake(f"a country of ISO 3166-1, two capital letters as in VN, expected, not {value!r}")
    return value


def _url(node: Node) -> str:
    """A whole https address. Fallback: ""."""
    value = readers.text(node, 500)
    try:
        parts = urlsplit(value)
        right = parts.scheme == "https" and canonical_host(parts.hostname or "") == parts.netloc
    except (ValueError, HostError):
        right = False
    if value and not right:
        node.mistake(f"an address such as 'https://factcheck.example/' expected, not {value!r}")
        return ""
    return value
