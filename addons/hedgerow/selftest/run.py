"""One run: every check of every band, one after the other; it takes a few seconds and never more than one thread."""

from __future__ import annotations

import time
from collections.abc import Iterator

from hedgerow.selftest import pages
from hedgerow.selftest.checks import BY_BAND
from hedgerow.selftest.expect import Player
from hedgerow.selftest.house import House
from hedgerow.selftest.model import Canary, Run
from hedgerow.stores.sources.facts import list_facts


def run(house: House, reach: bool = False) -> Run:
    """Ask everything. ``reach``: also the helplines' own sites, on the internet."""
    started = time.time()
    certificates, expiries = pages.certificate(house)
    canaries = (*certificates, *_all(house, reach))
    ends = {**expiries, **lists_end(house)}
    return Run(started, time.time() - started, house.snapshot.version, canaries, ends)


def _all(house: House, reach: bool) -> Iterator[Canary]:
    for band in sorted(house.snapshot.policy.bands.values(), key=lambda band: band.order):
        player = Player(band.name)
        with house.client(player) as client:
            for check in BY_BAND:
                yield from check(house, client, player)
        yield from pages.page(house, player)
    yield from pages.networks(house)
    yield from pages.portal(house)
    if reach:
        yield from pages.reached(house)


def lists_end(house: House) -> dict[str, float]:
    """When the first required list counts as old: at twice its refresh, as the alert says; nothing when none is."""
    facts = [one for one in list_facts(house.sources, house.state.lists) if one.required and one.fetched]
    return {"lists": min(one.fetched + 2 * one.refresh for one in facts)} if facts else {}
