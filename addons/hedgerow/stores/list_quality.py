"""How good the lists in force are: which source, category and entry closes how many sites that ought to be open.

Sites are given by files of names, one a line, of ranked ones the most visited first. The report says what was closed
and by whose word; whether that was wrong, only a person who looks at the site can say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hedgerow.core.by_lists import Verdict
from hedgerow.core.model import Action
from hedgerow.stores.formats import Found, parts

Judge = Callable[[str, str], Verdict]
"""(host, path) -> what a band's lists do with it."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A site of a set that a band closes, and by whose word."""

    host: str
    place: int  # in its file, from 1: of ranked sites the rank
    category: str
    entry: str  # the listed name
    sources: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """One set of sites in one band."""

    sites: int = 0
    closed: list[Closed] = field(default_factory=list)
    actions: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """Part of the sites that is closed, from 0 to 1."""
        return len(self.closed) / self.sites if self.sites else 0.0

    @property
    def by_category(self) -> Counter[str]:
        return Counter(one.category for one in self.closed)

    @property
    def by_source(self) -> Counter[str]:
        """Sites that a source has a word in; a site closed by two counts for both."""
        return Counter(source for one in self.closed for source in one.sources)


def site_names(path: Path) -> Iterator[tuple[str, str]]:
    """(host, path) of each name of a plain list. Raises FormatError and OSError."""
    for part in parts(path, "domains"):
        for row in part.rows():
            if isinstance(row, Found):
                yield row.host, row.path or "/"


def tally(
    sites: Sequence[tuple[str, str]], judges: Mapping[str, Judge], sources: Callable[[Verdict], Iterable[str]]
) -> dict[str, Tally]:
    """What each band's lists do with these sites."""
    found = {band: Tally(sites=len(sites)) for band in judges}
    for place, (host, path) in enumerate(sites, 1):
        for band, judge in judges.items():
            verdict = judge(host, path)
            found[band].actions[str(verdict.action)] += 1
            if verdict.action is Action.BLOCK and verdict.match is not None:
                told = tuple(sorted(set(sources(verdict))))
                found[band].closed.append(Closed(host, place, verdict.category, verdict.match.name, told))
    return found
