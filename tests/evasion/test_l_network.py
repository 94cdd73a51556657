"""Group L at the network's edge: nobody listens, nobody answers, no cable. What is broken is closed, never open.

These stop and start the school's own filter and name server; each leaves both running.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.evasion.school_network import whole
from tests.lab import names, signed
from tests.lab.beyond import REFUSED, attempt
from tests.lab.contacts import Watch
from tests.lab.routed import Routed

__all__ = ["whole"]

CODE = ("-o", "/dev/null", "-w", "%{http_code}")
COULD_NOT_CONNECT, CERTIFICATE_REFUSED = 7, 60
"""curl's exit statuses."""
LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)


def resolved(name: str) -> tuple[str, ...]:
    return tuple(part for port in (80, 443) for part in ("--resolve", f"{name}:{port}:{names.v4(name)}"))


def test_L17_no_worker_listens(whole: Routed) -> None:
    """The redirect stands and nobody is there: refused, on both families and ports; nothing goes out directly."""
    seen = Watch(whole.folder / "contacts.jsonl")
    whole.filter.stop()
    try:
        for host in whole.hosts:
            for url in ("https://allowed.test/", "http://allowed.test/"):
                for flag in ("-4", "-6"):
                    status, out, _ = whole.curl(host, url, flag, *CODE)
                    assert (status, out) == (COULD_NOT_CONNECT, "000"), f"{host} {url} {flag}: {status} {out}"
            assert attempt(whole.hosts[host], "udp", names.v4("allowed.test"), 443)[0] == REFUSED
        assert not [contact for contact in seen.all() if contact.kind != "dns"]
    finally:
        whole.begin_filter()
    assert whole.curl("pupil", "https://allowed.test/", *CODE)[1] == "200"


def test_no_name_server_answers(whole: Routed) -> None:
    """Foreign ones are not asked in its place; the filter's own answers are kept for the names it knows."""
    seen = Watch(whole.folder / "contacts.jsonl")
    whole.end_names()
    try:
        for server in ("10.20.8.1", names.DNS_SERVER, signed.SERVER):
            assert whole.dig(whole.hosts["pupil"], "allowed.test", "A", server) == ["nothing heard"]
        assert not [contact for contact in seen.all() if contact.kind == "dns"]
    finally:
        whole.begin_names()
    assert whole.dig(whole.hosts["pupil"], "allowed.test", "A", "10.20.8.1") == [names.v4("allowed.test")]


BLOCKED = ("-o", "/dev/null", "-w", "%{http_code} %header{x-hedgerow-action}")


def pull_the_cable(whole: Routed) -> None:
    whole.filter.stop()
    whole.end_names()
    whole.gateway.run("ip", "link", "set", "wan", "down")


def put_the_cable_in(whole: Routed) -> None:
    whole.gateway.run("ip", "link", "set", "wan", "up")
    whole.gateway.run("ip", "addr", "replace", "2a0e:b107:9::2/64", "dev", "wan", "nodad")
    whole.route_out()


def closed_is_closed_and_the_rest_waits(whole: Routed) -> None:
    out = whole.curl("pupil", "https://blocked.test/", *resolved("blocked.test"), *BLOCKED)
    assert out[1] == "403 block", out
    for url in ("http://allowed.test/", "https://allowed.test/"):
        code = whole.curl("pupil", url, *resolved("allowed.test"), *CODE)[1]
        assert code in ("502", "504"), f"{url}: {code}"


def until(whole: Routed, url: str, expected: str, *asked: str) -> None:
    """As soon as it can be, and without anybody's help."""
    end, told = time.monotonic() + 30, ""
    while told != expected and time.monotonic() < end:
        told = whole.curl("pupil", url, *asked)[1]
        time.sleep(0.5)
    assert told == expected, url


def test_L13_no_network_at_boot(whole: Routed) -> None:
    """Name server and filter start without a cable: what is closed is closed with its page, and the rest works as soon
    as the cable is in."""
    pull_the_cable(whole)
    try:
        whole.begin_names()
        whole.begin_filter()  # waits for /ready: it judges by the lists it has
        closed_is_closed_and_the_rest_waits(whole)
    finally:
        put_the_cable_in(whole)
    until(whole, "https://allowed.test/", "200", *CODE)


def test_L13_the_name_server_comes_later(whole: Routed) -> None:
    """The filter starts first, and there is nobody to ask for a name, at first without a cable, then with one."""
    seen = Watch(whole.folder / "contacts.jsonl")
    pull_the_cable(whole)
    try:
        whole.begin_filter()
        closed_is_closed_and_the_rest_waits(whole)
        put_the_cable_in(whole)
        closed_is_closed_and_the_rest_waits(whole)
        assert not list(seen.all()), "no name server outside was asked in its place, nobody dialled"
    finally:
        put_the_cable_in(whole)
        whole.begin_names()
    until(whole, "https://allowed.test/", "200", *CODE)
    assert whole.curl("pupil", "https://blocked.test/", *BLOCKED)[1] == "403 block"


@pytest.mark.skipif(LIBRARY is None, reason="needs libfaketime (apt install faketime)")
@pytest.mark.parametrize("days", [-20_000, 400], ids=["1970", "next-year"])
def test_L13_a_wrong_clock_at_boot(whole: Routed, days: int) -> None:
    """A dead battery, or one that ran ahead. By that clock no site's certificate holds, and ours holds by no device's:
    nothing that nobody vouches for passes. When the clock is set right, everything works, without a restart."""
    offset, seen = whole.folder / f"offset{days}", Watch(whole.folder / "contacts.jsonl")
    offset.write_text(f"{days * 86_400:+d}\n")
    offset.chmod(0o644)
    whole.filter.stop()
    try:
        whole.begin_filter(shifted(offset))  # ready: it judges by the lists it has, whatever the day
        assert whole.curl("pupil", "http://blocked.test/", *BLOCKED)[1] == "403 block"
        assert whole.curl("pupil", "http://allowed.test/", *CODE)[1] == "200"
        assert len(seen.requests("allowed.test")) == 1
        for name in ("allowed.test", "blocked.test"):
            status, out, error = whole.curl("pupil", f"https://{name}/", *CODE)
            assert (status, out) == (CERTIFICATE_REFUSED, "000"), f"{name}: {status} {out} {error}"
            told = whole.curl("pupil", f"https://{name}/", "-k", *BLOCKED)[1]
            assert told == ("403 block" if name == "blocked.test" else "502 certificate"), f"{name}: {told}"
        assert len(seen.requests()) == 1, "a site was asked that could not prove who it is"
        offset.write_text("+0\n")
        until(whole, "https://allowed.test/", "200", *CODE)
        until(whole, "https://blocked.test/", "403 block", *BLOCKED)
    finally:
        whole.filter.stop()
        whole.begin_filter()


def shifted(offset: Path) -> dict[str, str]:
    """The environment of a process whose wall clock goes by a file; the monotonic one goes on."""
    return {"LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(offset), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_RESET": "1"}  # fmt: skip


@pytest.mark.parametrize("worse", ["table inet hedgerow { chain passing { nonsense } }", "delete table inet nothing"])
def test_rules_come_into_force_all_or_none(whole: Routed, worse: str) -> None:
    """A file that is wrong at its end changes nothing: the rules before it stand."""
    before = whole.gateway.run("nft", "-s", "list", "table", "inet", "hedgerow")
    with pytest.raises(RuntimeError):
        whole.gateway.run("nft", "-f", "-", given=(whole.folder / "hedgerow.nft").read_text() + worse + "\n")
    assert whole.gateway.run("nft", "-s", "list", "table", "inet", "hedgerow") == before
