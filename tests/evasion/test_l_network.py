"""Group L at the network's edge: nobody listens, nobody answers, no cable. What is broken is closed, never open.

These stop and start the school's own filter and name server; each leaves both running.
"""

from __future__ import annotations

import time

import pytest

from tests.evasion.school_network import whole
from tests.lab import names, signed
from tests.lab.beyond import REFUSED, attempt
from tests.lab.contacts import Watch
from tests.lab.routed import Routed

__all__ = ["whole"]

CODE = ("-o", "/dev/null", "-w", "%{http_code}")
COULD_NOT_CONNECT = 7


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


def test_L13_no_network_at_boot(whole: Routed) -> None:
    """Filter and name server start without a cable: what is closed is closed with its page, and the rest works as soon
    as the cable is in, without anybody's help."""
    whole.filter.stop()
    whole.end_names()
    whole.gateway.run("ip", "link", "set", "wan", "down")
    try:
        whole.begin_names()
        whole.begin_filter()  # waits for /ready: it judges by the lists it has
        out = whole.curl("pupil", "https://blocked.test/", *resolved("blocked.test"), "-o", "/dev/null", "-w",
                         "%{http_code} %header{x-hedgerow-action}")  # fmt: skip
        assert out[1] == "403 block", out
        for url in ("http://allowed.test/", "https://allowed.test/"):
            code = whole.curl("pupil", url, *resolved("allowed.test"), *CODE)[1]
            assert code in ("502", "504"), f"{url}: {code}"
    finally:
        whole.gateway.run("ip", "link", "set", "wan", "up")
        whole.gateway.run("ip", "addr", "replace", "2a0e:b107:9::2/64", "dev", "wan", "nodad")
        whole.route_out()
    end, code = time.monotonic() + 30, ""
    while code != "200" and time.monotonic() < end:
        code = whole.curl("pupil", "https://allowed.test/", *CODE)[1]
        time.sleep(0.5)
    assert code == "200"


@pytest.mark.parametrize("worse", ["table inet hedgerow { chain passing { nonsense } }", "delete table inet nothing"])
def test_rules_come_into_force_all_or_none(whole: Routed, worse: str) -> None:
    """A file that is wrong at its end changes nothing: the rules before it stand."""
    before = whole.gateway.run("nft", "-s", "list", "table", "inet", "hedgerow")
    with pytest.raises(RuntimeError):
        whole.gateway.run("nft", "-f", "-", given=(whole.folder / "hedgerow.nft").read_text() + worse + "\n")
    assert whole.gateway.run("nft", "-s", "list", "table", "inet", "hedgerow") == before
