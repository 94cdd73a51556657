"""Host and path to categories: those of the name and of all its listed parents, after people's corrections.

A correction is the school's or district's own word about a name. It stands above every list entry that is less
specific or about the same name, and below every entry that is more specific. It never takes a name out of KEPT: what
no file may loosen.
"""

from __future__ import annotations

from hedgerow.core.model import Index, Match

KEPT = frozenset({"illegal", "malware", "phishing"})
"""Categories of the package's floor. No correction removes them."""


def covering(index: Index, host: str, path: str = "/", *, corrected: bool = True) -> tuple[tuple[str, Match], ...]:
    """(category, match) for every category of a canonical host and path; the most specific name first.

    ``corrected=False`` hears what corrections add and not what they remove: for a judge that nothing may loosen.
    """
    matches = index.match(host, path)
    if not matches:
        return ()
    found: list[tuple[str, Match]] = []
    removed: frozenset[str] = frozenset()
    for match in matches:
        found += ((category, match) for category in sorted(match.categories - removed))
        if match.correction and corrected:
            removed |= match.removed - KEPT
    return tuple(found)


def categories_of(index: Index, host: str, path: str = "/") -> frozenset[str]:
    """The categories of a canonical host and path, without where they come from."""
    return frozenset(category for category, _ in covering(index, host, path))
