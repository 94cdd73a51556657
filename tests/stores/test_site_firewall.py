"""What a school may write under ``firewall:``, and what is told of what it may not."""

from __future__ import annotations

import pytest

from hedgerow.stores.network.model import Firewall, Opening
from hedgerow.stores.site_firewall import firewall
from tests.stores.small_world import node, told

NETWORKS = ("pupils", "staff-room")


def read(text: str) -> tuple[Firewall, list[str]]:
    found, mistakes = node(text)
    return firewall(found, NETWORKS), told(mistakes)


def test_all_of_it() -> None:
    found, mistakes = read(
        "{outside: [eth0, ppp0], masquerade: false, name-servers: 10.1.0.5, time: [10.1.0.6, '2001:db8::6'],"
        " metrics-from: [10.1.0.7, '2001:db8:7::/48'],"
        " exceptions: {calls: {networks: staff-room, udp: [3478, 19302-19309], to: [198.51.100.0/24, '2620::/48']}},"
        " filter: {mail: {tcp: 587, to: 10.1.0.25}}}"
    )
    assert mistakes == []
    assert (found.outside, found.masquerade, found.time) == (("eth0", "ppp0"), False, "some")
    assert [*map(str, (*found.name_servers, *found.time_servers))] == ["10.1.0.5/32", "10.1.0.6/32", "2001:db8::6/128"]
    assert [*map(str, found.metrics_from)] == ["10.1.0.7/32", "2001:db8:7::/48"]
    (calls,), (mail,) = found.exceptions, found.filter
    assert (calls.name, calls.udp, calls.tcp, calls.networks) == (
        "calls", ((3478, 3478), (19302, 19309)), (), ("staff-room",)
    )  # fmt: skip
    assert [*map(str, calls.to)] == ["198.51.100.0/24", "2620::/48"]
    assert (mail.tcp, mail.networks) == (((587, 587),), ())
    assert found.places == {"calls": "f.yaml:1"}


def test_nothing_is_the_strictest() -> None:
    assert firewall(None) == Firewall() == read("{}")[0]
    assert Firewall().exceptions == () and Firewall().time == "any" and Firewall().outside == ()


@pytest.mark.parametrize(
    "text, said",
    [
        ("{outsid: eth0}", "unknown key 'outsid'; did you mean 'outside'?"),
        ("{outside: 'eth 0'}", "the name of a network interface such as 'eth0' expected (`ip link` lists them)"),
        ("{outside: lo}", "not 'lo'"),
        ("{outside: averylonginterface}", "not 'averylonginterface'"),
        ("{outside: 'eth0\"; accept'}", "the name of a network interface"),
        ("{masquerade: maybe}", "true or false expected"),
        ("{name-servers: dns.school.example}", "is no address or range"),
        ("{time: sometimes}", "unknown value of 'time' 'sometimes'"),
        ("{time: pool.ntp.org}", "is no address or range"),
        ("{metrics-from: prometheus.district.example}", "is no address or range"),
        ("{exceptions: {Calls: {udp: 3478}}}", "a name of small letters"),
        ("{exceptions: {a: {}}}", "an exception needs 'udp:' or 'tcp:'"),
        ("{exceptions: {a: {udp: 0}}}", "a port or a range of ports such as 3478 or 8801-8810"),
        ("{exceptions: {a: {udp: 70000}}}", "a port or a range"),
        ("{exceptions: {a: {udp: 20-10}}}", "a port or a range"),
        ("{exceptions: {a: {udp: any}}}", "a port or a range"),
        ("{exceptions: {a: {udp: 443}}}", "no exception opens port 443: it is the web's"),
        ("{exceptions: {a: {tcp: 1-1000}}}", "no exception opens port 53: it is name servers"),
        ("{exceptions: {a: {tcp: [853]}}}", "no exception opens port 853"),
        ("{exceptions: {a: {udp: 51000-52000}}}", "holds 51820 (WireGuard); write that port by itself if you mean it"),
        ("{exceptions: {a: {udp: 20000-30000}}}", "10001 ports to any address is an open door"),
        ("{exceptions: {a: {udp: 3478, networks: guests}}}", "unknown network 'guests'; known: pupils, staff-room"),
        ("{exceptions: {a: {udp: 3478, to: 0.0.0.0/0}}}", "everyone is what an exception without 'to:' reaches"),
        ("{exceptions: {a: {udp: 3478, to: 10.0.0.1/8}}}", "did you mean '10.0.0.0/8'?"),
        ("{exceptions: {a: {prot: 3478}}}", "unknown key 'prot'"),
        ("{filter: {a: {tcp: 25}}}", "'to:' expected: the addresses inside"),
        ("{filter: {a: {tcp: 25, to: 10.0.0.1, networks: pupils}}}", "unknown key 'networks'"),
        ("text", "'key: value' lines expected"),
    ],
)
def test_one_mistake_each_at_its_place(text: str, said: str) -> None:
    _, mistakes = read(text)
    assert len(mistakes) >= 1 and said in mistakes[0], mistakes


def test_a_vpn_for_those_who_mean_it() -> None:
    found, mistakes = read("{exceptions: {vpn: {networks: staff-room, udp: 51820, to: 198.51.100.7}}}")
    assert mistakes == [] and found.exceptions[0].udp == ((51820, 51820),)
    assert isinstance(found.exceptions[0], Opening)


def test_the_place_is_that_of_the_value() -> None:
    found, mistakes = node("\n  exceptions:\n    calls:\n      udp: [3478, 443]\n")
    firewall(found, NETWORKS)
    (mistake,) = mistakes.found
    assert (mistake.line, mistake.column) == (4, 19)
