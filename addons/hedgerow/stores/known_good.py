"""The list of known-good part hosts, made from benign data: who delivers parts of good pages, and how we know.

A host is a candidate when saved benign pages draw parts from it (HTML files, or HAR files of whole visits, HAR 1.2),
or when it stands in a list of names somebody reviewed, is called as such hosts are called (cdn, static, fonts, ...)
and belongs to one of the most visited benign sites. Whatever a list calls harmful, whatever our own categories keep
from the youngest band, and whatever a person struck is no candidate, however good its evidence.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from hedgerow.core.hosts import HostError, canonical_host, is_address, is_public_suffix, parents

_PART_NAME = re.compile(
    r"(?:ajax|assets?|c|cdn|cdnjs|code|css|fonts?|images?|imgs?|js|libs?|s|scripts?|static|styles?)\d*"
)
_DRAWN = {
    "img": "src",
    "script": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "image": "href",
    "link": "href",
}
_DRAWN_LINKS = ("stylesheet", "icon", "preload", "font")
_HARMLESS = frozenset({"bank_finance", "jobsearch", "sports"})
"""Categories of the merged lists that say nothing against a name."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A host with its evidence: rank of its site among benign sites (0 = none), saved pages that draw from it."""

    host: str
    rank: int
    pages: int

    def __str__(self) -> str:
        told = [
            f"site ranked {self.rank}" if self.rank else "",
            f"drawn by {self.pages} saved pages" if self.pages else "",
        ]
        return f"={self.host}  # {', '.join(part for part in told if part)}"


def drawn_hosts(page: Path) -> frozenset[str]:
    """The other hosts a saved page (``.html``) or visit (``.har``) draws parts from; empty when it is neither."""
    if page.suffix == ".har":
        return _of_har(page)
    found = set()
    for node in LexborHTMLParser(page.read_bytes()).css(",".join(_DRAWN)):
        tag = node.tag or ""
        if tag == "link" and not any(kind in (node.attributes.get("rel") or "") for kind in _DRAWN_LINKS):
            continue
        found.add(_host(node.attributes.get(_DRAWN[tag]) or ""))
    return frozenset(found - {""})


def _of_har(page: Path) -> frozenset[str]:
    try:
        entries = json.loads(page.read_text(encoding="utf-8-sig"))["log"]["entries"]
        fetched = [(e["request"]["url"], e["response"]["content"].get("mimeType", "")) for e in entries]
    except (ValueError, KeyError, TypeError):
        return frozenset()  # a torn recording tells nothing
    first = _host(fetched[0][0]) if fetched else ""
    return frozenset(_host(url) for url, media in fetched if not media.startswith("text/html")) - {"", first}


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname if "//" in url else ""
        return canonical_host(host) if host else ""
    except (ValueError, HostError):
        return ""


def saved_pages(folders: Iterable[Path]) -> Iterator[Path]:
    """HTML and HAR files below the folders."""
    for folder in folders:
        yield from sorted(p for p in folder.rglob("*") if p.suffix in (".html", ".htm", ".har") and p.is_file())


def names(path: Path) -> Iterator[str]:
    """Names of a list: the first word of each line that is no comment; of a second column, harmful ones only."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            name, _, categories = line.partition("#")[0].strip().partition("\t")
            if name and not (categories and set(categories.split(",")) <= _HARMLESS):
                yield name.lower()


def known_good(
    pages: Iterable[Path],
    ranked: Iterable[str],
    reviewed: Iterable[str],
    harmful: Iterable[str],
    struck: Iterable[str],
    closed: Callable[[str], bool],
    *,
    least_pages: int = 2,
    most_rank: int = 10_000,
) -> list[Candidate]:
    """The candidates that hold, best known first. ``closed`` says that our own lists keep a host from the youngest.

    A host needs ``least_pages`` saved pages, or a review and a site among the first ``most_rank`` ranked ones.
    """
    drawn = Counter(host for page in pages for host in drawn_hosts(page))
    ranks = {name: place for place, name in enumerate(ranked, 1) if place <= most_rank}
    by_review = {host for host in reviewed if _part_like(host) and _rank(host, ranks)}
    wanted = {host for host, count in drawn.items() if count >= least_pages} | by_review
    out = set(struck)
    wanted = {host for host in wanted if _is_host(host) and out.isdisjoint(parents(host)) and not closed(host)}
    asked = {parent for host in wanted for parent in parents(host)}
    bad = {name for name in harmful if name in asked}
    good = [Candidate(host, _rank(host, ranks), drawn[host]) for host in wanted if bad.isdisjoint(parents(host))]
    return sorted(good, key=lambda one: (-one.pages, one.rank or most_rank, one.host))


def _part_like(host: str) -> bool:
    label, _, rest = host.partition(".")
    return "." in rest and _PART_NAME.fullmatch(label) is not None


def _rank(host: str, ranks: Mapping[str, int]) -> int:
    return next((ranks[parent] for parent in parents(host) if parent in ranks), 0)


def _is_host(host: str) -> bool:
    try:
        return "." in canonical_host(host) and not is_address(host) and not is_public_suffix(host)
    except HostError:
        return False
