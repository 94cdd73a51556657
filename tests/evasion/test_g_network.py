"""Group G beside the web: what the firewall and the name server that ``hedgerow network`` makes do to real clients.

G12 (DoH) is in test_g_tunnels.py: it goes through the filter.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time

import pytest

from hedgerow.doctor.table import ALL
from tests.e2e.clicking import browser
from tests.evasion.hello import client_hello, with_extension
from tests.evasion.school_network import unguarded, whole
from tests.lab import names, signed, sink
from tests.lab.beyond import ANSWERED, AT_ONCE, REFUSED, SILENCE, attempt, connected
from tests.lab.contacts import Watch
from tests.lab.gateway import BIN
from tests.lab.net import EXPLICIT_PORT, METRICS_PORT, OUTER_V4, OUTER_V6, PORTAL_PORT, TRANSPARENT_PORT
from tests.lab.routed import RULES, Routed

__all__ = ["unguarded", "whole"]

V4, V6 = names.v4(sink.HOST), names.v6(sink.HOST)
CASES = {
    "G13-dot": [("tcp", 853)],
    "G13-doq": [("udp", 853), ("udp", 784), ("udp", 8853)],
    "G15-quic": [("udp", 443), ("udp", 80), ("udp", 8443)],
    "G19-wireguard": [("udp", 51820)],
    "G19-openvpn": [("udp", 1194), ("tcp", 1194)],
    "G19-ipsec": [("udp", 500), ("udp", 4500), ("ip", 50), ("ip", 51)],
    "G19-pptp": [("tcp", 1723), ("ip", 47)],
    "G19-l2tp": [("udp", 1701), ("tcp", 1701), ("ip", 115)],
    "G22-6in4": [("ip", 41), ("ip", 4)],
    "other": [("tcp", 5228), ("udp", 5353), ("tcp", 9100)],
}
QUIC = "QUIC: browsers fall back to TCP at once"
ALLOWED_UDP = [("udp", 3478), ("udp", 19302)]


def watch(whole: Routed) -> Watch:
    return Watch(whole.folder / "contacts.jsonl")


def test_without_our_rules_all_of_it_gets_out(unguarded: Routed) -> None:
    """The lab's proof: every attempt below succeeds from a school with an open router."""
    pupil = unguarded.hosts["pupil"]
    for kind, port in [case for cases in (*CASES.values(), ALLOWED_UDP) for case in cases]:
        for address in (V4, V6) if kind != "ip" else (V4,):
            before = len(unguarded.arrived())
            ended, _ = attempt(pupil, kind, address, port, wait=0.5)
            assert ended == ANSWERED or kind == "ip", f"{kind} {port} to {address}: {ended}"
            assert len(unguarded.arrived()) == before + 1, f"{kind} {port} to {address} did not arrive"
    foreign = names.DNS_SERVER
    assert unguarded.dig(pupil, "mask.icloud.com", "A", foreign) == [f"{names.V4_NET}{names.CATCH_ALL}"]
    assert unguarded.curl("pupil", "https://blocked.test/", "--resolve", f"blocked.test:443:{V4}", "-k")[0] == 0


@pytest.mark.parametrize("family", ["v4", "v6"])
@pytest.mark.parametrize("case", CASES)
def test_closed_beside_the_web(whole: Routed, case: str, family: str) -> None:
    """Refused at once, in every network, and nothing arrives outside."""
    before = len(whole.arrived())
    for name, host in whole.hosts.items():
        for kind, port in CASES[case]:
            if (kind, family) == ("ip", "v6") or (name, kind, port) == ("teacher", "tcp", 9100):
                continue
            for _ in range(4):  # the kernel limits its refusals (icmp(7)); one of them is enough
                ended, seconds = attempt(host, kind, V4 if family == "v4" else V6, port)
                if ended != SILENCE:
                    break
                time.sleep(1)
            assert ended == REFUSED, f"{name}: {kind} {port} {ended}"
            assert seconds < AT_ONCE, f"{name}: {kind} {port} took {seconds:.2f} s"
    assert len(whole.arrived()) == before


def test_G15_quic_by_netcat(whole: Routed) -> None:
    """A client that is no test of ours: ``nc -u`` is told, not left waiting."""
    before = whole.counted(QUIC)
    command = whole.hosts["pupil"].command("nc", "-u", "-w", "3", V4, "443")
    said = subprocess.run(command, input="hello\nagain\n", capture_output=True, text=True, timeout=10)
    assert not said.stdout
    assert whole.counted(QUIC) > before


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs chromium")
def test_G15_chromium_falls_back_at_once(whole: Routed) -> None:
    """An undecrypted site offers HTTP/3; the browser tries it, is refused, and the next page comes by TCP."""
    before, seen = whole.counted(QUIC), watch(whole)
    with browser(whole.device("guest")) as page:
        page.open("https://allowed.test/_set?alt-svc=h3%3D%22%3A443%22%3B+ma%3D3600")
        took = []
        for number in range(4):
            begun = time.monotonic()
            assert "origin-ok" in page.open(f"https://allowed.test/page{number}")
            took.append(time.monotonic() - begun)
    assert whole.counted(QUIC) > before, "the browser never tried"
    assert max(took) < 2, took
    assert len([c for c in seen.requests("allowed.test") if c.target.startswith("/page")]) == 4


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("server", [names.DNS_SERVER, V6, "45.90.10.99"])
def test_G13_foreign_name_servers(whole: Routed, server: str, transport: str) -> None:
    """Whoever is asked, the school's own answers; nobody outside hears the question."""
    seen = watch(whole)
    more = ("+tcp",) if transport == "tcp" else ()
    for host in whole.hosts.values():
        assert whole.dig(host, "allowed.test", "A", server, *more) == [V4]
        assert whole.dig(host, "mask.icloud.com", "A", server, *more) == ["status NXDOMAIN"]
    assert not [contact for contact in seen.all() if contact.kind == "dns"]


def test_G13_dot_by_kdig(whole: Routed) -> None:
    assert whole.dig(whole.hosts["pupil"], "allowed.test", "A", V4, "+tls") == ["nothing heard"]


@pytest.mark.parametrize(
    "name", ["use-application-dns.net", "mask.icloud.com", "mask-h2.icloud.com", "x.mask.icloud.com"]
)
def test_G13_names_that_turn_other_name_servers_off(whole: Routed, name: str) -> None:
    """They exist on the internet, and not in the school."""
    if not name.startswith("x."):
        assert whole.dig(whole.internet, name, "A", signed.SERVER)[0].startswith(names.V4_NET)
    for host in whole.hosts.values():
        assert whole.dig(host, name, "A", "10.20.8.1") == ["status NXDOMAIN"]
    assert whole.dig(whole.hosts["pupil"], "_dns.resolver.arpa", "SVCB", "10.20.8.1") == []


@pytest.mark.parametrize("kind", ["HTTPS", "SVCB", "ANY"])
def test_G17_no_keys_for_hidden_names(whole: Routed, kind: str) -> None:
    """Outside, the record tells of ``ech=`` and HTTP/3; inside there is none, whoever is asked and however."""
    told = whole.dig(whole.internet, "allowed.test", "HTTPS", signed.SERVER)
    assert len(told) == 1 and "ech=" in told[0] and "h3" in told[0]
    for server in ("10.20.8.1", names.DNS_SERVER, signed.SERVER):
        for more in ((), ("+tcp",), ("+dnssec",)):
            told = whole.dig(whole.hosts["pupil"], "allowed.test", kind, server, *more)
            assert not [line for line in told if "ech" in line or "h3" in line], told
            assert kind == "ANY" or told == [], told


def test_dnssec(whole: Routed) -> None:
    """A forged answer is none, for devices and for the filter; a signed one is marked as such."""
    pupil = whole.hosts["pupil"]
    assert whole.dig(whole.internet, "bogus.test", "A", signed.SERVER) == ["45.90.10.212"]
    assert whole.dig(pupil, "bogus.test", "A", "10.20.8.1") == ["status SERVFAIL"]
    flags = pupil.run("kdig", "+dnssec", "@10.20.8.1", "allowed.test", "A")
    assert " ad" in flags.partition("Flags:")[2].partition(";")[0]


def test_names_of_the_internet_lead_to_no_machine_of_the_school(whole: Routed) -> None:
    """DNS rebinding, for devices too: H03 is the filter's own answer."""
    assert whole.dig(whole.internet, "private.test", "A", signed.SERVER) == ["10.99.0.1"]
    assert not [line for line in whole.dig(whole.hosts["guest"], "private.test", "A", "10.20.60.1") if "10.99" in line]


@pytest.mark.parametrize(
    "host, name, expected",
    [
        ("guest", "blocked.test", "status NXDOMAIN"),  # the band's own rule
        ("guest", "www.bet365.com", "status NXDOMAIN"),  # a list
        ("guest", "allowed.test", V4),
        ("pupil", "blocked.test", names.v4("blocked.test")),  # decrypted: the filter shows a page
        ("guest", "www.youtube.com", "restrictmoderate.youtube.com."),
        ("guest", "www.google.com", "forcesafesearch.google.com."),
        ("teacher", "www.google.com", names.V4_NET + "201"),
    ],
)
def test_verdicts_and_safe_search_by_name(whole: Routed, host: str, name: str, expected: str) -> None:
    assert whole.dig(whole.hosts[host], name, "A", "10.20.8.1")[0] == expected


def test_safe_search_holds_through_the_filter(whole: Routed) -> None:
    """The filter passes a guest's search on unread, at its own answer for the name: it must be the safe one."""
    seen = watch(whole)
    status, out, error = whole.curl(
        "guest", "https://www.google.com/search?q=pond", "-o", "/dev/null", "-w", "%{http_code}"
    )
    assert (status, out) == (0, "200"), error
    assert {c.address for c in seen.all() if c.kind == "tcp"} == {names.V4_NET + "202"}
    assert [c.name for c in seen.requests()] == ["www.google.com"]


@pytest.mark.parametrize("flag", ["-4", "-6"])
@pytest.mark.parametrize("url", ["https://blocked.test/", "http://blocked.test/"])
def test_G22_both_families_are_filtered(whole: Routed, url: str, flag: str) -> None:
    seen = watch(whole)
    status, out, error = whole.curl(
        "pupil", url, flag, "-o", "/dev/null", "-w", "%{http_code} %header{x-hedgerow-action}"
    )
    assert (status, out) == (0, "403 block"), error
    assert not seen.touching("blocked.test")
    assert whole.curl("pupil", "https://allowed.test/", flag, "-o", "/dev/null", "-w", "%{http_code}")[1] == "200"


@pytest.mark.parametrize("address, gateway", [("10.77.0.5", "10.77.0.1"), ("fd77::5", "fd77::1")])
def test_an_address_nobody_wrote_down(whole: Routed, address: str, gateway: str) -> None:
    """A device that chose an address of its own gets the strictest band, and no way beside the web."""
    pupil, six = whole.hosts["pupil"], ":" in address
    length, more = ("64", ["nodad"]) if six else ("24", [])
    for host, device, own in ((whole.gateway, "pupils", gateway), (pupil, "eth", address)):
        host.run("ip", "addr", "add", f"{own}/{length}", "dev", device, *more)
    try:
        told = "%{http_code} %header{x-hedgerow-action}"
        out = whole.curl("pupil", "https://unlisted.test/", "--interface", address, "--resolve",
                         f"unlisted.test:443:{f'[{V6}]' if six else V4}", "-o", "/dev/null", "-w", told)  # fmt: skip
        assert out[1] == "403 block", out
        for port in (443, 3478, 51820):
            assert attempt(pupil, "udp", V6 if six else V4, port, source=address)[0] == REFUSED
    finally:
        for host, device, own in ((whole.gateway, "pupils", gateway), (pupil, "eth", address)):
            host.run("ip", "addr", "del", f"{own}/{length}", "dev", device)


@pytest.mark.parametrize("address", [V4, V6])
def test_the_schools_exceptions(whole: Routed, address: str) -> None:
    """Calls for everybody, one printer for teachers; nothing else, nor the same for pupils."""
    for host in whole.hosts.values():
        assert [attempt(host, kind, address, port)[0] for kind, port in ALLOWED_UDP] == [ANSWERED, ANSWERED]
    if address == V4:
        got = {name: attempt(host, "tcp", address, 9100)[0] for name, host in whole.hosts.items()}
        assert got == {"pupil": REFUSED, "teacher": ANSWERED, "guest": REFUSED}


@pytest.mark.parametrize("address", [V4, V6])
def test_the_time_and_no_tunnel_in_its_place(whole: Routed, address: str) -> None:
    pupil = whole.hosts["pupil"]
    assert attempt(pupil, "udp", address, 123)[0] == ANSWERED
    for size in (47, 49, 148, 1200):  # 148: a WireGuard handshake
        assert attempt(pupil, "udp", address, 123, bytes(size))[0] == REFUSED, size


def test_networks_do_not_reach_each_other(whole: Routed) -> None:
    """A teacher's machine is no concern of a guest's; calls go to the internet, not to the next room."""
    teacher = whole.hosts["teacher"]
    for address in (teacher.v4, teacher.v6):
        for kind, port in (("tcp", 22), ("udp", 3478), ("udp", 123)):
            ended = attempt(whole.hosts["guest"], kind, address, port)[0]
            assert ended == REFUSED
    assert whole.counted("everything else") > 0


OURS = (53, EXPLICIT_PORT, TRANSPARENT_PORT, PORTAL_PORT)
"""What the gateway listens on for its devices; 53 the name server."""


def test_H08_without_our_rules_all_of_ours_is_open(unguarded: Routed) -> None:
    """The lab's proof: somebody listens on each of these ports, on both families, towards the internet as well."""
    for address in (OUTER_V4, OUTER_V6):
        for port in (*OURS, METRICS_PORT):
            assert connected(unguarded.internet, address, port) == ANSWERED, f"{address} {port}"
    assert connected(unguarded.hosts["pupil"], "10.20.8.1", METRICS_PORT) == ANSWERED


@pytest.mark.parametrize("address", [OUTER_V4, OUTER_V6])
def test_H08_nothing_of_ours_is_open_to_the_internet(whole: Routed, address: str) -> None:
    stranger = V6 if ":" in address else V4
    for port in OURS:
        assert connected(whole.internet, address, port) == SILENCE, port
    assert connected(whole.internet, address, METRICS_PORT, source=stranger) == SILENCE
    assert attempt(whole.internet, "udp", address, 53, wait=0.4)[0] == SILENCE


@pytest.mark.parametrize("six", [False, True])
def test_H08_metrics_are_for_who_watches_them(whole: Routed, six: bool) -> None:
    """The addresses of ``metrics-from`` and the gateway itself; no device of the school, teachers' neither."""
    assert connected(whole.internet, OUTER_V6 if six else OUTER_V4, METRICS_PORT) == ANSWERED
    assert connected(whole.gateway, "::1" if six else "127.0.0.1", METRICS_PORT) == ANSWERED
    before = whole.counted("metrics")
    for host, part in (("pupil", 8), ("teacher", 40), ("guest", 60)):
        gateway = f"fd20:{part}::1" if six else f"10.20.{part}.1"
        assert connected(whole.hosts[host], gateway, METRICS_PORT) == REFUSED, host
        assert connected(whole.hosts[host], OUTER_V6 if six else OUTER_V4, METRICS_PORT) == REFUSED, host
    assert whole.counted("metrics") == before + 6


@pytest.mark.parametrize("kind, port", [("tcp", 22), ("tcp", 9100), ("udp", 123), ("udp", 443), ("udp", 3478)])
def test_no_word_from_inside(whole: Routed, kind: str, port: int) -> None:
    """Who knocks from outside learns nothing, not even that nobody is there; the clock's port is none of its own."""
    for host in whole.hosts.values():
        for address in (host.v4, host.v6):
            assert attempt(whole.internet, kind, address, port, wait=0.4)[0] == SILENCE, address


def test_the_gateways_own_pages(whole: Routed) -> None:
    """By name, from every network, on both ways to the filter; the name leads to nobody's address."""
    for host, gateway in (("pupil", "10.20.8.1"), ("guest", "10.20.60.1")):
        assert whole.dig(whole.hosts[host], "hedgerow.internal", "A", gateway) == ["192.0.2.1"]
        for flag in ("-4", "-6"):
            assert whole.curl(host, "http://hedgerow.test/", flag, "-o", "/dev/null", "-w", "%{http_code}")[1] == "200"
        status, out, error = whole.curl(host, "http://allowed.test/", "-x", "http://hedgerow.internal:8080", "-o",
                                        "/dev/null", "-w", "%{http_code}")  # fmt: skip
        assert (status, out) == (0, "200"), error


def test_G26_proxy_settings_are_ours(whole: Routed) -> None:
    """A browser that looks for settings finds the school's, and the proxy they name is reached."""
    status, script, error = whole.curl("pupil", "http://wpad/wpad.dat")
    assert status == 0 and "FindProxyForURL" in script, error
    named = re.findall(r"PROXY ([\w.:\[\]-]+)", script)
    assert named, script
    out = whole.curl(
        "pupil", "http://allowed.test/", "-x", f"http://{named[0]}", "-o", "/dev/null", "-w", "%{http_code}"
    )
    assert out[1] == "200", f"{named[0]}: {out}"


def test_G17_hello_with_a_hidden_name(whole: Routed) -> None:
    """ECH all the same, from a device that kept an old key: the outer name is judged, and there is no way round it."""
    record = with_extension(client_hello("blocked.test"), 0xFE0D, bytes(120))
    seen = watch(whole)
    with whole.device("pupil").direct("allowed.test", 443) as link:
        link.send(record)
        link.until_closed(1.0)
    assert not seen.touching("blocked.test") and not seen.requests()


NETWORK_CHECKS = {one.id for one in ALL if one.look.__module__.endswith((".network", ".rules"))}


def doctor(whole: Routed) -> dict[str, tuple[str, str]]:
    """What the doctor finds of the network here, run as root on the gateway: id -> severity, finding."""
    command = [str(BIN / "hedgerow"), "doctor", "--json", *whole.filter.folders]
    told = json.loads(whole.gateway.run("sh", "-c", '"$@" || [ $? = 1 ]', "sh", *command))["findings"]
    return {one["id"]: (one["severity"], one["finding"]) for one in told if one["id"] in NETWORK_CHECKS}


def test_the_doctor_finds_our_own_rules_and_zones_in_order(whole: Routed) -> None:
    assert {"gateway-name", "redirect-missing", "quic-slow", "rules-differ"} < NETWORK_CHECKS
    assert doctor(whole) == {}


def test_the_doctor_tells_rules_that_somebody_changed(whole: Routed) -> None:
    """And names the options that this gateway's own ports need: with them the command says the same."""
    whole.gateway.run("nft", "flush", "chain", "inet", "hedgerow", "closed")
    try:
        told = doctor(whole)
        severity, finding = told["rules-differ"]
        assert severity == "broken" and set(told) == {"rules-differ", "quic-slow"}
        (named,) = re.findall(r"`hedgerow (network nftables --diff [^`]*)`", finding)
        assert sorted(named.split()) == sorted((*RULES, "--diff"))
        changes = json.loads(whole.hedgerow(*named.split(), "--json", code=1))["changes"]
        assert finding.startswith(f"{len([line for line in changes[2:] if line[0] in '+-'])} lines differ")
    finally:
        whole.gateway.run("nft", "-f", str(whole.folder / "hedgerow.nft"))


def test_what_is_in_force_is_compared(whole: Routed) -> None:
    """``--diff`` sees a rule that somebody took away, and says so by its exit status."""
    network = (*RULES, "--diff")
    assert "no difference" in whole.hedgerow(*network)
    whole.gateway.run("nft", "flush", "chain", "inet", "hedgerow", "closed")
    try:
        told = json.loads(whole.hedgerow(*network, "--json", code=1))
        assert [line for line in told["changes"] if "QUIC" in line and line.startswith("+")]
    finally:
        whole.gateway.run("nft", "-f", str(whole.folder / "hedgerow.nft"))
