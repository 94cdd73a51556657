"""Response policy zones: read by the rules of DNS, they say what is true; real ones are asked in tests/cli."""

from __future__ import annotations

import shutil
import subprocess
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given

from hedgerow.core.hosts import parents
from hedgerow.stores.exports.rpz import rpz, trigger
from tests.stores.exports.worlds import ALL, WORLDS, World

REFUSED, PASSED = "CNAME .", "CNAME rpz-passthru."


def zone(world: World) -> dict[str, str]:
    records = [line.split(" ", 1) for line in rpz(world.wanted(), "", 1)][3:]
    assert len({name for name, _ in records}) == len(records), "a name has one record"
    return dict(records)


def looked_up(records: dict[str, str], host: str) -> bool:
    """RFC 4592: a name that exists, or leads to one, is no wildcard's; any other is that of its closest encloser."""
    exist = {parent for name in records for parent in parents(name)}
    if host in exist:
        return records.get(host) == REFUSED
    closest = next((parent for parent in list(parents(host))[1:] if parent in exist), "")
    return records.get(f"*.{closest}" if closest else "*") == REFUSED


@given(WORLDS)
def test_the_zone_says_what_is_true(world: World) -> None:
    records = zone(world)
    for host in ALL:
        assert looked_up(records, host) == world.refused(host), host
    assert set(records.values()) <= {REFUSED, PASSED}


def test_answers() -> None:
    world = World({"a": (None, True)}, addresses={"192.0.2.7": True})
    assert list(rpz(world.wanted(), "203.0.113.9", 7))[1:] == [
        "@ SOA localhost. hostmaster.localhost. 7 3600 600 604800 60",
        "@ NS localhost.",
        "a A 203.0.113.9",
        "*.a A 203.0.113.9",
        "32.7.2.0.192.rpz-ip A 203.0.113.9",
    ]
    assert "a AAAA 2a0e::9" in list(rpz(world.wanted(), "2a0e::9", 7))


@pytest.mark.parametrize(
    ("network", "written"),
    [
        ("192.0.2.7", "32.7.2.0.192"),
        ("192.0.2.0/24", "24.0.2.0.192"),
        ("2001:db8::3", "128.3.zz.db8.2001"),
        ("2001:db8::/32", "32.zz.db8.2001"),
        ("::/0", "0.zz"),
        ("2001:db8:1:2:3:4:5:6", "128.6.5.4.3.2.1.db8.2001"),
    ],
)
def test_trigger(network: str, written: str) -> None:
    assert trigger(ip_network(network)) == f"{written}.rpz-ip"


@pytest.mark.skipif(shutil.which("named-checkzone") is None, reason="named-checkzone is not installed")
@pytest.mark.parametrize("answer", ["", "203.0.113.9", "2a0e::9"])
def test_a_name_server_takes_the_zone(tmp_path: Path, answer: str) -> None:
    rules = {"a": (None, True), "b.a": (False, True), "_x.-y.b": (True, None), ".".join(["l" * 59] * 4): (None, True)}
    world = World(rules, closed=True, addresses={"192.0.2.0/24": True, "2001:db8::/32": True})
    (tmp_path / "zone").write_text("".join(f"{line}\n" for line in rpz(world.wanted(), answer, 1)))
    checked = subprocess.run(
        ["named-checkzone", "-i", "none", "-k", "ignore", "hedgerow", tmp_path / "zone"], capture_output=True, text=True
    )
    assert checked.returncode == 0 and checked.stdout.endswith("OK\n"), checked.stdout
