"""Step 1: does a member-only list (IWF, police) name this address? Asked by keyed digests: no list is in clear here.

Whoever reads this memory can ask about an address they already know, and cannot print a list. What a request can cost
is bounded, whatever a client writes; where the bound is met on a page that is listed with a query, it counts as listed.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import combinations

from hedgerow.core.hosts import canonical_host
from hedgerow.core.member_forms import (
    field_form,
    fields,
    first,
    folded,
    host_forms,
    page_forms,
    query_form,
    stem,
)
from hedgerow.core.model import Capture, Decision, Identity, Index, Name, NameSource, Policy, Request, Step
from hedgerow.core.policy import decide
from hedgerow.core.urls import canonical_path, parse_url

Keyed = Callable[[str], bytes]
"""A form to the 8 bytes that stand for it: a keyed digest."""

RULE = "member:"
_MOST_FIELDS = 256
_MOST_KNOWN = 8
"""Fields of a query that stand in listed ones: all their combinations are asked about, 255 at most."""


class MemberLists:
    """The lists in force: id -> sorted digests, each as a number of 64 bits. Implements ``core.model.Illegal``."""

    __slots__ = ("_keyed", "_lists", "_near")

    def __init__(self, lists: Mapping[str, array[int]], firsts: Iterable[bytes], keyed: Keyed) -> None:
        """``firsts`` are the digests of all ``first`` forms: a set of their own, asked about on every request."""
        self._lists, self._keyed, known = tuple(sorted(lists.items())), keyed, frozenset(firsts)
        # Whom clients ask for stands in the caches of core.hosts as well; which of them is listed stands in none.
        self._near = lru_cache(maxsize=8192)(lambda host: keyed(first(host)) in known)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self._lists)

    def match(self, host: str, path: str, query: str) -> str:
        """The id of the list that names this address, "" for none. ``host`` and ``path`` canonical, ``query`` raw."""
        if not self._near(host):
            return ""
        return self._whole(host) or self._page(stem(host), folded(path), query)

    def has_pages(self, host: str) -> bool:
        """True when pages of this host are listed: they are seen only where its connections are opened."""
        return self._near(host) and bool(self._holder(f"/{stem(host)}"))

    def knows(self, host: str) -> bool:
        """True when anything of this host is listed: then nothing that is kept may name it with a verdict."""
        return self._near(host) and bool(self._whole(host) or self._holder(f"/{stem(host)}"))

    def _whole(self, host: str) -> str:
        return self._any(host_forms(host))

    def _page(self, name: str, path: str, query: str) -> str:
        if not self._holder(f"/{name}"):
            return ""
        return self._any(page_forms(name, path)) or (self._query(name, path, query) if query else "")

    def _query(self, name: str, path: str, query: str) -> str:
        """A listed query is met by its fields in any order, whatever else is added to them."""
        holder = self._holder(f"&{name}{path}")
        if not holder:
            return ""
        asked = fields(query)
        if len(asked) > _MOST_FIELDS:
            return holder
        known = [field for field in asked if self._holder(field_form(name, path, field))]
        if len(known) > _MOST_KNOWN:
            return holder
        sizes = range(len(known), 0, -1)
        return self._any(query_form(name, path, some) for size in sizes for some in combinations(known, size))

    def _any(self, forms: Iterable[str]) -> str:
        return next((holder for form in forms if (holder := self._holder(form))), "")

    def _holder(self, form: str) -> str:
        wanted = int.from_bytes(self._keyed(form), "little")
        for name, digests in self._lists:
            at = bisect_left(digests, wanted)
            if at < len(digests) and digests[at] == wanted:
                return name
        return ""


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of one list's self-test: band -> passed."""

    id: str
    bands: Mapping[str, bool]

    @property
    def passed(self) -> bool:
        return bool(self.bands) and all(self.bands.values())


def selftest(name: str, url: str, policy: Policy, index: Index, now: datetime) -> Tested:
    """Ask ``decide`` for the list's own test address as every band would: block by this very list, seen when it comes.

    ``url`` was read before (``member_forms.listed``). A connection that is not opened shows no page: that fails too.
    """
    asked = request(url)
    hello = replace(asked, path="/", query="")

    def passes(band: str) -> bool:
        identity = Identity("", band)
        before = decide(hello, identity, policy, index, now)
        return _closes(decide(asked, identity, policy, index, now), name) and (
            before.action.forbids or before.capture is Capture.DECRYPTED
        )

    return Tested(name, {band: passes(band) for band in policy.bands})


def request(url: str) -> Request:
    """The request a browser makes for this address."""
    target = parse_url(url)
    names = (Name(NameSource.HOST, canonical_host(target.host_raw)),)
    path = canonical_path(target.path)
    return Request(names, scheme=target.scheme, port=target.port, path=path, query=target.query)


def _closes(decision: Decision, name: str) -> bool:
    return decision.action.forbids and decision.step is Step.ILLEGAL and decision.rule == RULE + name
