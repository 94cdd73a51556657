"""Lines of dnsmasq, read as dnsmasq(8) says; the real one is asked in tests/cli."""

from __future__ import annotations

import re

from hypothesis import given

from hedgerow.stores.exports.dnsmasq import dnsmasq
from tests.stores.exports.worlds import ALL, WORLDS, World


def looked_up(lines: list[str], host: str) -> bool:
    """The longest pattern; of two that are as long, the one without ``*``."""
    rules = re.findall(r"(address|server)=/([^/]*)/", "\n".join(lines))
    fitting = [(len(pattern.lstrip("*")), "*" not in pattern, kind) for kind, pattern in rules if fits(pattern, host)]
    return max(fitting, default=(0, False, "server"))[2] == "address"


def fits(pattern: str, host: str) -> bool:
    if pattern.startswith("*"):
        return host.endswith(pattern[1:])
    return host == pattern or host.endswith(f".{pattern}")


@given(WORLDS)
def test_the_lines_say_what_is_true(world: World) -> None:
    lines = list(dnsmasq(world.wanted(), "", 1))
    for host in ALL:
        assert looked_up(lines, host) == world.refused(host), host


def test_answers() -> None:
    world = World({"a": (None, True), "b.a": (False, None)}, addresses={"192.0.2.7": True})
    wanted = world.wanted()
    assert list(dnsmasq(wanted, "203.0.113.9", 1)) == [
        "address=/a/203.0.113.9",
        "local=/a/",  # else what is asked for IPv6 or HTTPS is passed on
        "server=/b.a/#",
        "address=/*.b.a/203.0.113.9",
        "local=/*.b.a/",
    ]
    assert wanted.lost["addresses"] == 1
    assert list(dnsmasq(World({"a": (True, None)}).wanted(), "", 1)) == ["address=/a/", "server=/*.a/#"]
