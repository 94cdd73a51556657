"""Hosts files: each refused name, and what cannot be said."""

from __future__ import annotations

import pytest

from hedgerow.stores.exports.hosts import NotSayable, hosts
from tests.stores.exports.worlds import World

RULES = {"a": (None, True), "b.a": (None, True), "c.a": (None, False), "d": (True, None), "e": (None, False)}


def test_every_refused_name_by_itself() -> None:
    wanted = World(RULES, addresses={"192.0.2.7": True}).wanted()
    refused = ["a", "b.a", "d"]
    assert list(hosts(wanted, "", 1)) == [f"{address} {name}" for name in refused for address in ("0.0.0.0", "::")]
    assert (wanted.lost["below"], wanted.lost["addresses"]) == (2, 1)
    assert list(hosts(wanted, "203.0.113.9", 1)) == [f"203.0.113.9 {name}" for name in refused]


def test_a_band_that_closes_the_unknown_cannot_be_said() -> None:
    with pytest.raises(NotSayable, match="take rpz, unbound or dnsmasq"):
        list(hosts(World(RULES, closed=True).wanted(), "", 1))
