"""Faults of the network, each in a namespace of its own: rules that are not there, rules that lead nowhere, IPv6."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.doctor.faults import SITE, found, patient
from tests.lab import net

pytestmark = pytest.mark.skipif(bool(net.why_not()), reason=net.why_not() or "namespaces")

CODE = """
import json, sys
from pathlib import Path
from tests.doctor.faults import found, patient
one = patient(Path(sys.argv[1]), Path(sys.argv[1], "local/site.yaml").read_text())
one.listens = tuple(json.loads(sys.argv[2]))
print(json.dumps({name: found(one, name) for name in json.loads(sys.argv[3])}))
"""
LISTENER = "import socket, time; s = socket.create_server(('', 8081)); print(1, flush=True); time.sleep(60)"
TRANSPARENT = ("127.0.0.1:8081/transparent",)
GUESTS = SITE.replace(
    "networks: {pupils: {addresses: [10.20.0.0/16], band: ages-8-10}}",
    "networks: {guests: {addresses: [10.9.0.0/16], band: ages-8-10, capture: names-only}}",
)
NAMES = ("redirect-missing", "redirect-deaf", "ipv6-leak", "forward-open", "quic-slow")
GOOD = """
table inet school {
  chain arriving {
    type nat hook prerouting priority dstnat;
    iifname "p0" tcp dport { 80, 443 } redirect to :8081
  }
  chain passing {
    type filter hook forward priority filter; policy drop;
    udp dport 443 reject
  }
}
"""
FOUR = """
table ip four {
  chain arriving {
    type nat hook prerouting priority dstnat;
    tcp dport { 80, 443 } redirect to :8081
  }
}
"""


class Box:
    """A machine of its own: namespaces for network and mounts."""

    def __init__(self, root: Path) -> None:
        self.root, self.name = root, f"hgdoc{os.getpid()}"
        subprocess.run(["ip", "netns", "add", self.name], check=True)
        self.run("ip", "link", "set", "lo", "up")
        patient(root)

    def run(self, *command: str, given: str | None = None) -> str:
        whole = ["ip", "netns", "exec", self.name, *command]
        return subprocess.run(whole, input=given, capture_output=True, text=True, check=True).stdout

    def found(self, names: Sequence[str] = NAMES, listens: Sequence[str] = TRANSPARENT) -> Mapping[str, list[str]]:
        """What these checks find here."""
        words = [str(self.root), json.dumps(listens), json.dumps(names)]
        told: dict[str, list[str]] = json.loads(self.run(sys.executable, "-c", CODE, *words))
        return told


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    made = Box(tmp_path)
    yield made
    subprocess.run(["ip", "netns", "del", made.name], check=True)


def forwarding(box: Box, v4: int, v6: int) -> None:
    box.run("sysctl", "-qw", f"net.ipv4.ip_forward={v4}", f"net.ipv6.conf.all.forwarding={v6}")


def faults(told: Mapping[str, list[str]]) -> set[str]:
    return {name for name, findings in told.items() if findings}


def test_a_machine_that_forwards_and_has_no_rules(box: Box) -> None:
    forwarding(box, 1, 1)
    assert faults(box.found()) == {"redirect-missing", "ipv6-leak", "forward-open"}
    forwarding(box, 0, 0)
    assert faults(box.found()) == {"redirect-missing"}
    assert faults(box.found(listens=("127.0.0.1:8080/regular",))) == set()


def test_rules_for_ipv4_alone_leak_ipv6(box: Box) -> None:
    forwarding(box, 1, 1)
    box.run("nft", "-f", "-", given=GOOD.replace("table inet", "table ip"))
    told = box.found(NAMES[2:])
    assert faults(told) == {"ipv6-leak"} and "no forward chain" in told["ipv6-leak"][0]


def test_a_redirect_for_ipv4_alone_is_told(box: Box) -> None:
    forwarding(box, 1, 1)
    box.run("nft", "-f", "-", given=GOOD.replace("redirect to :8081", "accept"))
    assert "no IPv6 rule redirects" in box.found()["ipv6-leak"][0]


def test_good_rules_and_nobody_behind_them(box: Box) -> None:
    forwarding(box, 1, 1)
    box.run("nft", "-f", "-", given=GOOD)
    assert box.found()["redirect-deaf"] == ["rules redirect to port 8081, and nobody listens there"]
    command = ["ip", "netns", "exec", box.name, sys.executable, "-c", LISTENER]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as listener:
        assert listener.stdout is not None and listener.stdout.readline()
        assert faults(box.found()) == set()
        listener.kill()


def test_quic_that_is_dropped_without_a_word(box: Box) -> None:
    box.run("nft", "-f", "-", given=GOOD.replace("udp dport 443 reject", "udp dport 443 drop"))
    assert "quic-slow" in faults(box.found())


def test_a_names_only_network_without_a_resolver(box: Box) -> None:
    (box.root / "local" / "site.yaml").write_text(GUESTS)
    name, regular = ("names-only-without-resolver",), ("127.0.0.1:8080/regular",)
    assert "guests: not redirected" in box.found(name, regular)[name[0]][0]
    assert box.found(name)[name[0]] == []  # redirected to the gateway: judged there


@pytest.mark.skipif(shutil.which("dnsmasq") is None, reason="not installed: dnsmasq-base")
def test_a_names_only_network_with_one(box: Box) -> None:
    (box.root / "local" / "site.yaml").write_text(GUESTS)
    name, regular = ("names-only-without-resolver",), ("127.0.0.1:8080/regular",)
    command = ["ip", "netns", "exec", box.name, "dnsmasq", "-k", "-C", "/dev/null", "-i", "lo", "-z", "--no-resolv"]
    with subprocess.Popen(command) as resolver:
        try:
            while ":0035 " not in box.run("cat", "/proc/net/udp"):  # port 53
                assert resolver.poll() is None
                time.sleep(0.05)
            assert box.found(name, regular)[name[0]] == []
        finally:
            resolver.kill()


def test_no_name_can_be_resolved(box: Box) -> None:
    """A machine without a network; in the lab, which has an internet, they can (tests/doctor/test_healthy.py)."""
    name = ("dns-broken",)
    assert "has an address" in box.found(name)[name[0]][0]


def test_a_parent_proxy_that_does_not_answer_and_a_name_that_leads_elsewhere(tmp_path: Path) -> None:
    site = SITE + 'proxy: {parent: "http://127.0.0.1:1"}\ngateway: {names: [localhost.localdomain.invalid]}\n'
    one = patient(tmp_path, site)
    assert found(one, "parent-proxy") == ["http://127.0.0.1:1: Connection refused"]
    assert found(one, "gateway-name") == ["localhost.localdomain.invalid has no address"]
