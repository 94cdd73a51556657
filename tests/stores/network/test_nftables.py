"""The rules as text: what each part of site.yaml becomes. What they do is shown in tests/evasion/test_g_network.py."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from hedgerow.stores.network.nftables import Box, NoOutside, ruleset
from tests.stores.network.site import FULL, site

RULES = ruleset(site(), Box("root"))


def chain(name: str, rules: str = RULES) -> list[str]:
    body = rules.partition(f"  chain {name} {{\n")[2].partition("\n  }")[0]
    return [line.strip() for line in body.splitlines()]


def test_the_same_site_gives_the_same_text() -> None:
    assert ruleset(site(), Box("root")) == RULES
    assert RULES.startswith("#!/usr/sbin/nft -f\n") and "delete table inet hedgerow\n" in RULES


def test_without_an_outside_there_are_no_rules() -> None:
    with pytest.raises(NoOutside):
        ruleset(site("networks: {a: {addresses: [10.0.0.0/8], band: garden}}"))


def test_a_name_of_a_network_stays_in_its_comment() -> None:
    """A line's end in it would begin a rule: it is written out."""
    assert r"# the network exam\x0aroom, garden" in RULES and "\nroom" not in RULES


def test_what_each_exception_becomes() -> None:
    lines = chain("beside_the_web")
    assert lines[2:] == [
        'ip saddr @net1_4 oifname { "eth0", "ppp0" } ip daddr != @private4 udp dport { 3478, 19302-19309 } counter accept comment "calls"',  # noqa: E501
        'ip6 saddr @net1_6 oifname { "eth0", "ppp0" } ip6 daddr != @private6 udp dport { 3478, 19302-19309 } counter accept comment "calls"',  # noqa: E501
        'ip saddr @school4 ip daddr { 10.3.0.0/24 } tcp dport { 9100 } counter accept comment "printer"',
        "jump closed",
    ]


def test_what_the_filter_may_reach() -> None:
    lines = chain("kept_in")
    assert 'ip daddr { 10.99.0.9/32 } tcp dport { 80, 443, 8443 } accept comment "private: of site.yaml"' in lines
    assert 'ip6 daddr { fd99::/64 } tcp dport { 80, 443, 8443 } accept comment "private: of site.yaml"' in lines
    assert 'ip daddr { 10.1.0.25/32 } tcp dport { 587 } accept comment "mail"' in lines
    assert 'ip daddr 10.9.9.9/32 tcp dport 3128 accept comment "parent proxy"' in lines
    assert lines[-3:] == ["fib daddr type local jump refused", "ip daddr @private4 jump refused",
                          "ip6 daddr @private6 jump refused"]  # fmt: skip


@pytest.mark.parametrize("time, accepts", [("any", 2), ("none", 0), ("[10.1.0.6]", 2)])
def test_the_time(time: str, accepts: int) -> None:
    lines = chain("clock", ruleset(site(FULL.replace("time: [10.1.0.6]", f"time: {time}"))))
    assert len([line for line in lines if line.endswith("accept")]) == accepts and "reject" in lines[-1]
    assert all("meta length" in line for line in lines[:-3])
    assert [line for line in lines[-3:-1] if line.startswith("iifname") and "counter drop" in line] == lines[-3:-1]


def test_other_ports_of_the_web() -> None:
    assert [line for line in chain("led") if "8443" in line]
    assert not [line for line in chain("led", ruleset(site(FULL.replace(", 8443", "")))) if "8443" in line]


def test_ports_of_ours_are_closed_whatever_their_number() -> None:
    """And the metrics to all but those who watch; none is named: to all but the machine itself."""
    box = Box("root", explicit=3128, transparent=3129, portal=8443, metrics=9999, also=(3130, 3128))
    rules = ruleset(site(), box)
    assert "tcp dport { 53, 3128, 3129, 3130, 8443 } counter drop" in chain("from_outside", rules)
    assert chain("own", rules)[1] == "tcp dport 9999 ct state new jump metrics"
    assert "tcp dport { 53, 80, 8080, 8081 } counter drop" in chain("from_outside")
    assert chain("metrics", rules)[:3] == ['iifname "lo" accept', "ip saddr @watchers4 accept",
                                           "ip6 saddr @watchers6 accept"]  # fmt: skip
    assert "set watchers4 { type ipv4_addr; flags interval; auto-merge; }" in rules
    watched = ruleset(site(FULL.replace("  outside:", "  metrics-from: 10.1.0.7\n  outside:")))
    assert "auto-merge; elements = { 10.1.0.7/32 }; }" in watched.partition("set watchers4")[2].partition("\n")[0]


def test_masquerade_is_a_choice() -> None:
    assert "masquerade" in RULES
    without = FULL.replace("  outside:", "  masquerade: false\n  outside:")
    assert "masquerade" not in ruleset(site(without))


@pytest.mark.skipif(not (shutil.which("nft") and shutil.which("unshare")), reason="needs nft and unshare")
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root for a network namespace")
@pytest.mark.parametrize("text", [FULL, "firewall: {outside: eth0}"])
def test_nft_takes_them_twice(text: str) -> None:
    """In an empty network: the second time the table is there already."""
    command = ["unshare", "--net", "sh", "-c", "nft -f - && nft list table inet hedgerow | grep -c chain"]
    done = subprocess.run(command, input=ruleset(site(text), Box("root")) * 2, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
