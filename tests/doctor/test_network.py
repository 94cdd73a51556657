"""Faults of the network, each in a namespace of its own: rules that are not there, rules that lead nowhere, IPv6."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.doctor.box import NAMES, Box, box, faults, forwarding
from tests.doctor.faults import SITE, found, makes, patient
from tests.lab import net

__all__ = ["box"]
pytestmark = pytest.mark.skipif(bool(net.why_not()), reason=net.why_not() or "namespaces")

LISTENER = "import socket, time; s = socket.create_server(('', 8081)); print(1, flush=True); time.sleep(60)"
GUESTS = SITE.replace(
    "networks: {pupils: {addresses: [10.20.0.0/16], band: ages-8-10}}",
    "networks: {guests: {addresses: [10.9.0.0/16], band: ages-8-10, capture: names-only}}",
)
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


@makes("redirect-missing", "ipv6-leak", "forward-open")
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


@makes("redirect-deaf")
def test_good_rules_and_nobody_behind_them(box: Box) -> None:
    forwarding(box, 1, 1)
    box.run("nft", "-f", "-", given=GOOD)
    assert box.found()["redirect-deaf"] == ["rules redirect to port 8081, and nobody listens there"]
    command = ["ip", "netns", "exec", box.name, sys.executable, "-c", LISTENER]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as listener:
        assert listener.stdout is not None and listener.stdout.readline()
        assert faults(box.found()) == set()
        listener.kill()


@makes("quic-slow")
def test_quic_that_is_dropped_without_a_word(box: Box) -> None:
    box.run("nft", "-f", "-", given=GOOD.replace("udp dport 443 reject", "udp dport 443 drop"))
    assert "quic-slow" in faults(box.found())


@makes("names-only-without-resolver")
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


@makes("dns-broken")
def test_no_name_can_be_resolved(box: Box) -> None:
    """A machine without a network; in the lab, which has an internet, they can (tests/doctor/test_healthy.py)."""
    name = ("dns-broken",)
    assert "has an address" in box.found(name)[name[0]][0]


@makes("parent-proxy", "gateway-name")
def test_a_parent_proxy_that_does_not_answer_and_a_name_that_leads_elsewhere(tmp_path: Path) -> None:
    site = SITE + 'proxy: {parent: "http://127.0.0.1:1"}\ngateway: {names: [localhost.localdomain.invalid]}\n'
    one = patient(tmp_path, site)
    assert found(one, "parent-proxy") == ["http://127.0.0.1:1: Connection refused"]
    assert found(one, "gateway-name") == ["localhost.localdomain.invalid has no address"]
