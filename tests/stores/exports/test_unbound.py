"""Local zones of Unbound, read as unbound.conf(5) says; the real one is asked in tests/cli."""

from __future__ import annotations

import re

from hypothesis import given

from hedgerow.core.hosts import parents
from hedgerow.stores.exports.unbound import unbound
from tests.stores.exports.worlds import ALL, WORLDS, World


def looked_up(lines: list[str], host: str) -> bool:
    zones = dict(re.findall(r'local-zone: "(.*)\." (\w+)', "\n".join(lines)))
    data = set(re.findall(r'local-data: "(\S*)\. ', "\n".join(lines)))
    nearest = next((zones[zone] for zone in (*parents(host), "") if zone in zones), "transparent")
    return nearest != "transparent" or host in data


@given(WORLDS)
def test_the_zones_say_what_is_true_or_count_it(world: World) -> None:
    wanted = world.wanted()
    lines = list(unbound(wanted, "", 1))
    wrong = [host for host in ALL if looked_up(lines, host) != world.refused(host)]
    assert all(not world.refused(host) and world.refused(f"*.{host}") for host in wrong)
    assert len(wrong) <= wanted.lost["closed"]


def test_a_helpline_is_open_even_if_what_is_below_it_must_be_open_too() -> None:
    wanted = World({"a": (None, True), "b.a": (False, None)}, helplines=frozenset({"b.a"})).wanted()
    lines = list(unbound(wanted, "", 1))
    assert lines == ["server:", 'local-zone: "a." always_nxdomain', 'local-zone: "b.a." transparent']
    assert wanted.lost["open below"] == 1 and not wanted.lost["closed"]


def test_answers() -> None:
    world = World({"a": (None, True), "b": (True, None)}, closed=True, addresses={"192.0.2.7": True})
    wanted = world.wanted()
    assert list(unbound(wanted, "203.0.113.9", 1)) == [
        "server:",
        'local-zone: "." redirect',
        'local-data: ". 60 A 203.0.113.9"',
    ]
    assert wanted.lost["addresses"] == 1
    world = World({"b": (True, None)})
    assert list(unbound(world.wanted(), "2a0e::9", 1))[1:] == [
        'local-zone: "b." transparent',
        'local-data: "b. 60 AAAA 2a0e::9"',
    ]
    assert list(unbound(world.wanted(), "", 1))[2] == 'local-data: "b. 60 TXT refused"'
