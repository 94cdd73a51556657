"""What a school left undecrypted and the bands judge by its inside."""

from __future__ import annotations

from collections.abc import Iterator

from hedgerow.core.categories import categories_of
from hedgerow.core.model import NoDecrypt
from hedgerow.core.search import is_engine
from hedgerow.stores.linting import Finding, Linting

ALWAYS = frozenset({"search", "social", "user-content", "video"})
"""Judged by what is searched, written and shown there, however open the name itself is."""


def unread(linting: Linting) -> Iterator[Finding]:
    """A line of the school's no-decrypt list whose pages and words some band would have to read."""
    for entry in linting.loaded.policy.no_decrypt.values():
        if entry.where.file.startswith("local/") and (kinds := _judged(linting, entry)):
            yield Finding(
                entry.where,
                f"{entry.host} is never decrypted and is {' and '.join(kinds)}: what is searched, written and shown "
                "there passes unread, and rules for its paths, words and files cannot work",
            )


def _judged(linting: Linting, entry: NoDecrypt) -> list[str]:
    kinds = ["a search engine"] if is_engine(entry.host) else []
    if linting.index is None:
        return kinds
    names = (entry.host, f"www.{entry.host}") if entry.below else (entry.host,)
    listed = frozenset[str]().union(*(categories_of(linting.index, name) for name in names))
    return kinds + [f"listed as {category}" for category in sorted(listed & (ALWAYS | _held_up(linting)))]


def _held_up(linting: Linting) -> frozenset[str]:
    """Categories that a band does not simply let through."""
    rules = (rule for band in linting.bands for rule in band.categories.items())
    return frozenset(category for category, rule in rules if rule.action.forbids)
