"""The address inside an address: where it is judged too, and how far. The stricter verdict stands; none opens anything.

Whose URL it stands in decides (``Look``):

- WHOLE: a service that shows other sites' pages (``core.fetchers``, or listed as ``translators-caches`` or
  ``proxy-vpn``). The address is judged as if it were visited, the band's word about unknown sites included.
- LISTED: a service that shows pieces of other sites (pictures, documents), a site nobody has judged, or one that does
  what strangers tell it (``user-content``, ``ai-chat``). What lists, site rules or the floor block is blocked here too;
  all else is nobody's business: the unknown, warnings, hours.
- FLOOR: every other site, for somebody has said what it is. Logins lead back, links are shared, beacons tell where they
  stand: the target of a redirect is judged when it is asked for. Only what the floor blocks is blocked here too.
- none: search engines and updates: a question about an address is no visit. And what leads back to the same site.

Addresses in addresses are followed where the outer one is LISTED or WHOLE: three deep, and 32 in all. What holds more
is refused there, for nobody could say what it shows.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hedgerow.core.asking import Asking, Trace, refused
from hedgerow.core.categories import categories_of
from hedgerow.core.embedded import Address, found_in, may_hold
from hedgerow.core.fetchers import SCRIPTS, fetched, fetchers_of
from hedgerow.core.hosts import registrable
from hedgerow.core.model import Action, Decision, Name, NameSource, Request, Step
from hedgerow.core.parts import KNOWN_GOOD
from hedgerow.core.refusals import SENTENCES
from hedgerow.core.search import is_engine
from hedgerow.core.sites import site_rule
from hedgerow.core.steps import FLOORED, LISTED, STEPS, judged
from hedgerow.core.urls import canonical_path

DEEPEST = 3
MOST = 32


class Look(enum.Enum):
    """How an address inside is judged: by which steps, and what of their answer counts."""

    FLOOR = enum.auto()
    LISTED = enum.auto()
    WHOLE = enum.auto()


_BLOCK, _DIALLED = Action.BLOCK, NameSource.DESTINATION  # looked up once: this runs on every request
_SHOWS_PAGES = frozenset({"translators-caches", "proxy-vpn"})
_OBEYS_STRANGERS = frozenset({"user-content", "ai-chat"})
_ONLY_ASKS = frozenset({"search", "updates"})
_STEPS = {Look.FLOOR: FLOORED, Look.LISTED: LISTED, Look.WHOLE: STEPS}


def with_inside(asking: Asking, names: tuple[Name, ...], outer: Decision) -> Decision:
    """The decision about these names after what stands inside their URL was judged: stricter or the same."""
    if outer.action is _BLOCK or outer.protected:
        return outer
    request = asking.request
    held = may_hold(f"{request.raw_path or request.path}?{request.query}")
    for name in names:
        if name.source is not _DIALLED and name.host and (held or fetchers_of(name.host)):
            for inner in _inside(asking, name.host, 0, _Left()):
                outer = _stricter(outer, inner, name.host)
    return outer


@dataclass(slots=True)
class _Left:
    """How many more addresses one request may hold."""

    count: int = MOST


def _inside(asking: Asking, host: str, depth: int, left: _Left) -> Iterator[Decision]:
    for address, look in _looked_at(asking, host):
        if look is not Look.FLOOR and (depth >= DEEPEST or left.count <= 0):
            yield _refused(asking, "nested")
            return
        if left.count <= 0:
            return
        left.count -= 1
        if not address.host:
            if look is Look.WHOLE:
                yield _refused(asking, "bad-name")
            continue
        within = _within(asking, address)
        if (decision := judged(within, address.host, _STEPS[look], whole=look is Look.WHOLE)) is not None:
            if look is Look.WHOLE or decision.action is _BLOCK:
                yield replace(decision, evidence=f"the address inside: {decision.evidence}")
        if look is not Look.FLOOR:
            yield from _inside(within, address.host, depth + 1, left)


def _looked_at(asking: Asking, host: str) -> list[tuple[Address, Look]]:
    """The addresses inside this host's URL, each once, with how it is judged: those of the table's rows first."""
    path, query = asking.request.raw_path or asking.request.path, asking.request.query
    found: dict[Address, Look] = {}
    carried = False  # all else in the URL is the inner address's own
    for row in fetchers_of(host):
        for address in fetched(row, host, path, query):
            found.setdefault(address, Look.WHOLE if row.pages else Look.LISTED)
            carried = carried or row.rest or row.label
    look = _look(asking, host) if not carried and may_hold(f"{path}?{query}") else None
    if look is not None:
        for address in _anywhere(host, path, query, look):
            found.setdefault(address, Look.LISTED if found and look is Look.WHOLE else look)
    return list(found.items())


def _anywhere(host: str, path: str, query: str, look: Look) -> Iterator[Address]:
    if look is not Look.FLOOR:
        for row in SCRIPTS:
            yield from fetched(row, host, path, query)
    site = registrable(host)
    for address in found_in(path, query):
        if look is Look.WHOLE or registrable(address.host) != site:
            yield address


def _look(asking: Asking, host: str) -> Look | None:
    """How a whole address is judged that stands anywhere in this host's URL; None: not at all."""
    categories = categories_of(asking.index, host, asking.request.path)
    if categories & _SHOWS_PAGES:
        return Look.WHOLE
    if categories & _OBEYS_STRANGERS:
        return Look.LISTED
    if categories & _ONLY_ASKS or is_engine(host):
        return None
    ours = any(category in asking.band.categories for category in categories if category != KNOWN_GOOD)
    if ours or site_rule(asking.band.sites, host, asking.request.path, asking.now.date()) is not None:
        return Look.FLOOR
    return Look.LISTED


def _within(asking: Asking, address: Address) -> Asking:
    """The same question about the address inside, as its own server would be asked."""
    asked, trace = asking.request, _told_inside(asking.trace, address.host)
    request = Request(
        (Name(NameSource.HOST, address.host),),
        path=canonical_path(address.path),
        query=address.query,
        raw_path=address.path,
        kind=asked.kind,
        upgrade=asked.upgrade,
    )
    band, index, now = asking.band, asking.index, asking.now
    return Asking(request, asking.identity, asking.policy, band, index, now, asking.grants, trace)


def _told_inside(trace: Trace | None, host: str) -> Trace | None:
    if trace is None:
        return None
    mark = f"the address inside, {host}: "
    return lambda step, said: trace(step, said if said.startswith("the address inside") else mark + said)


def _stricter(outer: Decision, inner: Decision, host: str) -> Decision:
    """The stricter of the two. What waits for the response's type goes on waiting, and both are read."""
    if inner.action <= outer.action:
        waits = outer.pending or (inner.pending and not outer.action.forbids)
        if waits == outer.pending and not inner.lifted:
            return outer
        return replace(
            outer, pending=waits, lifted=outer.lifted or inner.lifted, lifted_by=outer.lifted_by or inner.lifted_by
        )
    if inner.secret:  # what is kept of it names no address, and so not the one it stands in
        return inner
    if inner.action.forbids:
        return replace(inner, within=host)
    return replace(
        inner,
        within=host,
        pending=outer.pending or inner.pending,
        reads_words=outer.reads_words or inner.reads_words,
        reads_files=outer.reads_files or inner.reads_files,
    )


def _refused(asking: Asking, reason: str) -> Decision:
    """For what nobody can judge; ``reason`` is one of ``SENTENCES``."""
    evidence = f"the address inside: {SENTENCES[reason]}"
    asking.note(Step.BUILTIN, "refused: %s", evidence)
    return refused(asking.request, asking.band.name, asking.policy.version, reason, evidence)
