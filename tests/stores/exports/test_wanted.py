"""Which names a file must hold: no more than needed, nothing lost, whatever the rules say of each other."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given

from hedgerow.core.hosts import parents
from hedgerow.stores.exports.wanted import Node
from tests.stores.exports.worlds import ALL, WORLDS, World

BELOW, EXACT = (None, True), (True, None)
OPEN, OPEN_EXACT = (None, False), (False, None)


@pytest.mark.parametrize(
    ("rules", "closed", "expected"),
    [
        ({"a": BELOW}, False, [Node("a", True, True, False)]),
        ({"a": BELOW, "b.a": BELOW, "c.b.a": EXACT}, False, [Node("a", True, True, False)]),  # the parent says it all
        ({"a": EXACT}, False, [Node("a", True, False, False)]),
        ({"a": EXACT, "b.a": BELOW}, False, [Node("a", True, False, False), Node("b.a", True, True, False)]),
        ({"a": BELOW, "b.a": OPEN}, False, [Node("a", True, True, False), Node("b.a", False, False, True)]),
        ({"a": BELOW, "b.a": OPEN_EXACT}, False, [Node("a", True, True, False), Node("b.a", False, True, True)]),
        ({"a": OPEN, "b": BELOW}, False, [Node("b", True, True, False)]),
        ({"a": BELOW, "b": OPEN}, True, [Node("b", False, False, True)]),  # all others are closed anyway
        ({"a": (False, True)}, False, [Node("a", False, True, False)]),
    ],
)
def test_the_fewest_names(
    rules: dict[str, tuple[bool | None, bool | None]], closed: bool, expected: list[Node]
) -> None:
    assert list(World(rules, closed).wanted().nodes()) == expected


@given(WORLDS)
def test_the_nearest_wanted_name_says_what_is_true(world: World) -> None:
    nodes = {node.name: node for node in world.wanted().nodes()}
    for host in ALL:
        above = next((nodes[parent].below for parent in list(parents(host))[1:] if parent in nodes), world.closed)
        assert (nodes[host].itself if host in nodes else above) == world.refused(host)
        assert host not in nodes or nodes[host].inherited == above
    assert not any(node.silent for node in nodes.values())


def test_what_no_file_can_hold_is_counted() -> None:
    rules = {"forum.example/bets": BELOW, 'a";b.example': BELOW, "x" * 241: BELOW, "good.example": BELOW}
    wanted = World(rules).wanted()
    assert [node.name for node in wanted.nodes()] == ["good.example"]
    assert wanted.lost == {"paths": 1, "names": 2}
    assert wanted.counts == {"listed": 4, "refused": 1}


def test_names_between_are_filled_in_below_what_refuses_only() -> None:
    world = World({"a": BELOW, "x.y.z.a": OPEN, "v.y.z.a": OPEN, "deep.down.b": BELOW, "u.t.x.y.z.a": BELOW})
    filled = list(world.wanted().filled())
    between = [node.name for node in filled if node == Node(node.name, True, True, True)]
    assert between == ["y.z.a", "z.a"]
    assert {node.name for node in filled} - set(between) == {"a", "x.y.z.a", "v.y.z.a", "deep.down.b", "u.t.x.y.z.a"}


def test_what_policies_open_is_named_in_a_zone() -> None:
    world = World({"a": BELOW}, named=frozenset({"help.b", "help.a"}))
    assert [node.name for node in world.wanted().filled()] == ["help.b", "a"]
    assert [node.name for node in world.wanted().nodes()] == ["a"]


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ({"192.0.2.7": True}, {"192.0.2.7/32": True}),
        ({"192.0.2.0/24": True, "192.0.2.7": True, "192.0.2.8": False}, {"192.0.2.0/24": True, "192.0.2.8/32": False}),
        ({"192.0.2.0/24": False, "192.0.2.128/25": True}, {"192.0.2.128/25": True}),
        ({"2001:db8::/32": True, "2001:db8::7": False}, {"2001:db8::/32": True, "2001:db8::7/128": False}),
        ({"192.0.2.0/24": False}, {}),
    ],
)
def test_addresses(addresses: dict[str, bool], expected: dict[str, bool]) -> None:
    wanted = World({}, addresses=addresses).wanted()
    assert list(wanted.nodes()) == []
    assert dict(wanted.addresses()) == {ip_network(name): refused for name, refused in expected.items()}
