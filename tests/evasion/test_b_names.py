"""Group B: the names disagree. CONNECT target, SNI, Host, :authority, URI and dialled address are all judged."""

from __future__ import annotations

import pytest

from tests.evasion.vehicles import tunnel_only
from tests.lab import names
from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.h2client import fields
from tests.lab.verdict import CLOSED, assert_refused, assert_served
from tests.lab.wire import Reply

BLOCKED_IP, ALLOWED_IP = names.v4("blocked.test"), names.v4("allowed.test")
H2_GET = [(":method", "GET"), (":scheme", "https"), (":path", "/")]


def ask(device: Device, version: str, to: str, sni: str | None, host: str) -> Reply:
    """One request inside TLS, h1 or h2."""
    if version == "h1":
        return device.https(to, get(host), sni=sni)
    return device.h2(to, fields(host), sni=sni)


@pytest.mark.parametrize(
    "target, host, statuses",
    [
        pytest.param("http://blocked.test/", "allowed.test", {403}, id="B01"),
        pytest.param("http://blocked.test:80/", "allowed.test:80", {403}, id="B01-ports"),
        pytest.param("http://allowed.test/", "blocked.test", {403, 421}, id="B02"),
        pytest.param("http://allowed.test/", "monitored.test", {421}, id="B02-both-open"),
        pytest.param("http://allowed.test/", "allowed.test:8080", {400, 403, 421}, id="B02-port"),
        pytest.param("http://allowed.test/", "allowed.test, blocked.test", {400}, id="B11"),
        pytest.param("http://blocked.test/", "allowed.test, blocked.test", {400, 403}, id="B11-uri"),
        pytest.param("http://allowed.test/", "", {400, 403}, id="B12-empty"),
    ],
)
def test_plain_proxy(explicit: Device, watch: Watch, target: str, host: str, statuses: set[int]) -> None:
    assert_refused(explicit.plain(get(host, target)), statuses, watch, "blocked.test", "allowed.test", "monitored.test")


@pytest.mark.parametrize("version", ["h1", "h2"])
@pytest.mark.parametrize(
    "to, sni, host, statuses",
    [
        pytest.param("blocked.test", "", "allowed.test", {403}, id="B03"),
        pytest.param("cdn-blocked.test", "", "cdn-allowed.test", {403}, id="B06"),
        pytest.param("cdn-allowed.test", "", "cdn-blocked.test", {403, 421}, id="B06-front"),
        pytest.param("allowed.test", "blocked.test", "allowed.test", {403, 421}, id="B07"),
        pytest.param("allowed.test", "blocked.test", "blocked.test", {403, 421}, id="B07-both"),
        pytest.param("allowed.test", "", "monitored.test", {421}, id="B07-open-names"),
        pytest.param(BLOCKED_IP, "blocked.test", "allowed.test", {403}, id="B08-blocked-ip"),
        pytest.param(ALLOWED_IP, "blocked.test", "allowed.test", {403}, id="B08"),
        pytest.param("allowed.test", None, "blocked.test", {403, 421}, id="B08-no-sni"),
    ],
)
def test_tls(
    pupil: Device, watch: Watch, version: str, to: str, sni: str | None, host: str, statuses: set[int]
) -> None:
    if not pupil.explicit and "allowed.test" == to and sni == "blocked.test" and host == "blocked.test":
        statuses = {403}  # transparent: the dialled address is no name, so only the blocked one was given
    assert_refused(ask(pupil, version, to, sni, host), statuses, watch, "blocked.test", "cdn-blocked.test")
    assert not watch.requests()


def test_B10_two_hosts(pupil: Device, watch: Watch) -> None:
    for first, second in (("allowed", "blocked"), ("blocked", "allowed"), ("allowed", "allowed")):
        target = f"http://{first}.test/" if pupil.explicit else "/"
        lines = f"GET {target} HTTP/1.1\r\nHost: {first}.test\r\nhost: {second}.test\r\n\r\n"
        assert_refused(pupil.plain(lines.encode()), {400, 403}, watch, "blocked.test", "allowed.test")


def test_B10_inside_tls(pupil: Device, watch: Watch) -> None:
    data = b"GET / HTTP/1.1\r\nHost: allowed.test\r\nHost: blocked.test\r\n\r\n"
    assert_refused(pupil.https("allowed.test", data), {400, 403}, watch, "blocked.test")
    assert not watch.requests()


@pytest.mark.parametrize(
    "head",
    [b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost:\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost:  \r\n\r\n"],
    ids=["no-host", "empty", "1.0", "spaces"],
)  # fmt: skip
def test_B12(pupil: Device, watch: Watch, head: bytes) -> None:
    """Decided on the URI or the dialled address, or refused: that of the blocked site either way."""
    data = head.replace(b"GET /", b"GET http://blocked.test/") if pupil.explicit else head
    assert_refused(pupil.plain(data, "blocked.test"), {400, 403}, watch, "blocked.test")


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n"], ids=["1.1", "1.0"])
def test_B12_inside_tls(pupil: Device, watch: Watch, head: bytes) -> None:
    assert_refused(pupil.https("blocked.test", head), {400, 403}, watch, "blocked.test")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([*H2_GET, (":authority", "allowed.test"), ("host", "blocked.test")], id="B13"),
        pytest.param([*H2_GET, (":authority", "blocked.test"), ("host", "allowed.test")], id="B13-reverse"),
        pytest.param([*H2_GET, (":authority", "allowed.test"), (":authority", "blocked.test")], id="B13-twice"),
        pytest.param([*H2_GET, ("host", "blocked.test")], id="B16"),
        pytest.param([*H2_GET, ("host", "allowed.test"), ("host", "blocked.test")], id="B16-two-hosts"),
        pytest.param([*H2_GET], id="B16-no-name-at-all"),
        pytest.param([*H2_GET, (":authority", "")], id="B16-empty"),
        pytest.param([*H2_GET, (":authority", "allowed.test,blocked.test")], id="B11-h2"),
        pytest.param([*H2_GET, (":authority", "x@allowed.test")], id="A09-h2"),
    ],
)
def test_h2_names(pupil: Device, watch: Watch, headers: list[tuple[str, str]]) -> None:
    assert_refused(pupil.h2("allowed.test", headers), {400, 403, 421, CLOSED}, watch, "blocked.test")
    assert not watch.requests()


def test_B16_host_header_that_agrees(pupil: Device) -> None:
    reply = pupil.h2("allowed.test", [*H2_GET, ("host", "allowed.test")])
    assert reply.from_origin or reply.status in (400, CLOSED)


def test_B16_decided_per_stream(pupil: Device, watch: Watch) -> None:
    """A coalesced connection: each stream is judged by its own name, the others go on."""
    with pupil.h2_session("allowed.test") as session:
        first, other, last = (session.start(fields(h)) for h in ("allowed.test", "blocked.test", "allowed.test"))
        assert_served(session.finish(first))
        assert_refused(session.finish(other), {403, 421}, watch, "blocked.test")
        assert_served(session.finish(last))


def test_B20_transparent_dials_its_own_answer(transparent: Device, watch: Watch) -> None:
    reply = transparent.plain(get("allowed.test"), "blocked.test")
    assert not watch.touching("blocked.test")
    assert reply.status in (200, 403, 421)
    if reply.status == 200:
        assert watch.touching("allowed.test")


@pytest.mark.parametrize("head", [b"GET / HTTP/1.0\r\n\r\n", b"GET /x HTTP/1.0\r\nAccept: */*\r\n\r\n"])
def test_B21(transparent: Device, watch: Watch, head: bytes) -> None:
    assert_refused(transparent.plain(head, "blocked.test"), {400, 403}, watch, "blocked.test")


@pytest.mark.parametrize("version", ["h1", "h2"])
def test_B22(transparent: Device, watch: Watch, version: str) -> None:
    reply = ask(transparent, version, "blocked.test", "blocked.test", "allowed.test")
    assert_refused(reply, {403}, watch, "blocked.test")


@pytest.mark.parametrize("version", ["h1", "h2"])
def test_B23(transparent: Device, watch: Watch, version: str) -> None:
    """Either refused, or answered by the real allowed site: never by the address that was dialled."""
    reply = ask(transparent, version, "blocked.test", "allowed.test", "allowed.test")
    assert not watch.touching("blocked.test")
    assert reply.status in (200, 403, 502)


@pytest.mark.parametrize(
    "to, sni, untouched",
    [
        pytest.param("blocked.test", "bank.test", "blocked.test", id="B24"),
        pytest.param(BLOCKED_IP, "bank.test", "blocked.test", id="B24-ip"),
        pytest.param("bank.test.evil.test", "bank.test.evil.test", "bank.test.evil.test", id="B25-suffix"),
        pytest.param("notbank.test", "notbank.test", "notbank.test", id="B25-prefix"),
        pytest.param("bank.test", "notbank.test", "notbank.test", id="B25-sni"),
    ],
)
def test_no_decrypt_is_anchored(pupil: Device, watch: Watch, to: str, sni: str, untouched: str) -> None:
    reply = tunnel_only(pupil, to, sni)
    assert not watch.touching(untouched), f"passed through to {untouched}: {reply}"
    if reply.from_origin:
        assert not pupil.explicit and watch.touching("bank.test"), "only the real bank may answer"


@pytest.mark.parametrize("host", ["bank.test", "blocked.test"])
def test_B26(explicit: Device, watch: Watch, host: str) -> None:
    """Plain HTTP inside CONNECT to port 80 of a blocked name."""
    with explicit.proxy() as link:
        link.send(b"CONNECT blocked.test:80 HTTP/1.1\r\nHost: blocked.test:80\r\n\r\n")
        reply = link.reply("CONNECT")
        if reply.status == 200:
            link.send(get(host))
            reply = link.reply()
    assert_refused(reply, {400, 403, 421}, watch, "blocked.test")


def test_B27(pupil: Device, watch: Watch) -> None:
    """An undecrypted name whose address is private is not dialled either."""
    reply = tunnel_only(pupil, "private-bank.test", "private-bank.test")
    assert reply.status in (CLOSED, 403, 502)
    assert "10.99.0.1" not in watch.addresses()


def test_pass_through_reaches_the_real_bank(pupil: Device, watch: Watch) -> None:
    reply = pupil.https("bank.test")
    assert_served(reply)
    assert reply.issuer == "Lab Internet Root", "not decrypted: the bank's own certificate"
    assert watch.touching("bank.test")
