"""What the other filters did, written a second time and independently: plain sets, read by a reader of their own.

e2guardian (``common.story``): the exception lists, then the grey lists, then the banned lists; a site with all below
it, a URL by its beginning. squidGuard: the destinations of ``pass`` from left to right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

type Times = tuple[str, int, int] | None  # days as 0..6 (0 = Monday), first minute, last minute


@dataclass
class Names:
    """One list: sites and the beginnings of URLs, in force always or at some times."""

    sites: set[str] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    times: Times = None

    def holds(self, host: str, path: str, now: datetime) -> bool:
        if self.times is not None:
            days, first, last = self.times
            if str(now.weekday()) not in days or not first <= now.hour * 60 + now.minute < last:
                return False
        hosts = [host] if host.replace(".", "").isdigit() else _with_parents(host)
        return any(one in self.sites for one in hosts) or any(_begins(one + path, self.urls) for one in hosts)


def _with_parents(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[first:]) for first in range(len(labels))]


def _begins(url: str, urls: set[str]) -> bool:
    pieces = url.rstrip("/").split("/")
    return any("/".join(pieces[:length]) in urls for length in range(1, len(pieces) + 1))


def read(*paths: Path, times: Times = None) -> Names:
    """Lines as they are, without comments; a line with "/" is a URL."""
    names = Names(times=times)
    for path in paths:
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            text = line.split("#")[0].strip().lower().rstrip("/")
            if "/" in text:
                names.urls.add(text)
            elif text:
                names.sites.add(text)
    return names


@dataclass
class E2guardian:
    exception: Names
    grey: Names
    banned: list[Names]

    def blocks(self, host: str, path: str, now: datetime) -> bool:
        if self.exception.holds(host, path, now) or self.grey.holds(host, path, now):
            return False
        return any(names.holds(host, path, now) for names in self.banned)


@dataclass
class SquidGuard:
    """``passed`` is (name of a destination, True = it opens), in order; ``none`` at the end closes the rest."""

    dests: dict[str, Names]
    passed: list[tuple[str, bool]]
    none: bool = False

    def blocks(self, host: str, path: str, now: datetime) -> bool:
        for dest, opens in self.passed:
            if dest == "in-addr":
                if host.replace(".", "").isdigit():
                    return not opens
            elif self.dests[dest].holds(host, path, now):
                return not opens
        return self.none
