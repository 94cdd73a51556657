"""Group H: the gateway turned against its own network. What is dialled is checked, whatever name led there."""

from __future__ import annotations

import contextlib
import os
import time

import pytest

from tests.lab import net
from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.tree import tree
from tests.lab.verdict import CLOSED, assert_refused, assert_served
from tests.lab.wire import Link

PRIVATE = [
    "169.254.169.254",
    "100.64.5.9",
    "10.99.0.1",
    "172.16.5.1",
    "192.168.77.1",
    "127.0.0.1",
    "0.0.0.0",
    "10.20.0.1",
]
SPELLED = ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:a63:1]",
           "[fd00:ec2::254]",
           "[64:ff9b::a63:1]", "[2002:a63:1::]", "[::]", "[fe80::1]", "localhost",
           "metadata.google.internal"]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE + SPELLED)
def test_H02_private_addresses(pupil: Device, watch: Watch, host: str) -> None:
    """By address, in every spelling, for a pupil who may not use addresses; and for staff below."""
    target = f"http://{host}/" if pupil.explicit else "/"
    reply = pupil.plain(get(host, target), "allowed.test")
    assert_refused(reply, {400, 403}, watch, "allowed.test")
    assert not watch.addresses()


@pytest.mark.parametrize("mode", ["explicit", "transparent"])
@pytest.mark.parametrize("host", PRIVATE)
def test_H02_for_staff_too(lab: Lab, gateway: Gateway, watch: Watch, host: str, mode: str) -> None:
    staff = lab.device("staff", mode, gateway.ca)
    reply = staff.plain(get(host, f"http://{host}/" if staff.explicit else "/"), "allowed.test")
    assert_refused(reply, {400, 403}, watch)
    assert not watch.addresses()


@pytest.mark.parametrize("address", ["169.254.169.254", "10.99.0.1", "192.168.77.1"])
@pytest.mark.parametrize("host", ["allowed.test", ""])
def test_H02_dialled_by_a_transparent_client(transparent: Device, watch: Watch, address: str, host: str) -> None:
    """The address the client dialled is never dialled for it."""
    head = get(host) if host else b"GET / HTTP/1.0\r\n\r\n"
    reply = transparent.plain(head, address)
    assert reply.status in (200, 400, 403) and (host or reply.status != 200)
    assert address not in watch.addresses()


@pytest.mark.parametrize("vehicle", ["plain", "h1", "h2"])
@pytest.mark.parametrize(
    "host", ["private.test", "loopback.test", "metadata.test", "mapped.test", "self.test", "selflan.test"]
)
def test_H03_names_with_private_addresses(pupil: Device, watch: Watch, host: str, vehicle: str) -> None:
    """The band opens all of these names; the address they resolve to does not."""
    reply = pupil.http(host) if vehicle == "plain" else pupil.https(host) if vehicle == "h1" else pupil.h2(host)
    assert_refused(reply, {403, 502}, watch)
    assert not watch.addresses() & {"10.99.0.1", "169.254.169.254", "127.0.0.1"}


def test_H03_rebinding(pupil: Device, watch: Watch) -> None:
    """Public at the first question, private at every later one."""
    for _ in range(3):
        pupil.http("rebind.test")
        pupil.https("rebind.test")
    assert "10.99.0.1" not in watch.addresses()


def test_H03_mixed_answers(pupil: Device, watch: Watch) -> None:
    for _ in range(3):
        pupil.http("mixed.test")
    assert watch.addresses() <= {"45.90.10.50"}


@pytest.mark.parametrize("host", ["10.20.0.1", "127.0.0.1", "self.test", "selflan.test", "localhost", "[fd20::1]"])
@pytest.mark.parametrize("port", [net.METRICS_PORT, net.EXPLICIT_PORT, net.TRANSPARENT_PORT, 80, 443])
def test_H04_H07_own_ports(explicit: Device, watch: Watch, host: str, port: int) -> None:
    started = time.monotonic()
    reply = explicit.plain(get(f"{host}:{port}", f"http://{host}:{port}/metrics"))
    assert_refused(reply, {400, 403, 502}, watch)
    assert b"hedgerow_requests_total" not in reply.body
    assert time.monotonic() - started < 6


def test_H04_metrics_are_not_on_the_lan(explicit: Device) -> None:
    with pytest.raises(OSError):
        explicit.namespace.dial(net.GATEWAY_V4, net.METRICS_PORT, 1)


def descriptors(gateway: Gateway) -> int:
    """Open descriptors of the supervisor and everything it started. A short command may end meanwhile."""
    found = 0
    for pid in tree(gateway.process.pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found += len(os.listdir(f"/proc/{pid}/fd"))
    return found


@pytest.mark.parametrize(
    "host", ["127.0.0.2", "10.20.0.1", "self.test", "0.0.0.0", "[::ffff:127.0.0.1]", "selflan.test"]
)
@pytest.mark.parametrize("port", [8080, 80])
def test_H07_no_loop(gateway: Gateway, explicit: Device, host: str, port: int) -> None:
    before = descriptors(gateway)
    with explicit.proxy() as link:
        link.send(get(f"{host}:{port}", f"http://{host}:{port}/"))
        reply = link.reply()
        assert descriptors(gateway) - before < 12
    assert reply.status in (400, 403, 502), str(reply)


@pytest.mark.parametrize("host", ["10.20.0.1", "10.20.0.1:8081", "self.test"])
def test_H07_the_transparent_port_itself(gateway: Gateway, explicit: Device, watch: Watch, host: str) -> None:
    """Nothing was redirected here: the destination of such a connection is the gateway."""
    before = descriptors(gateway)
    with Link(explicit.namespace.dial(net.GATEWAY_V4, net.TRANSPARENT_PORT)) as link:
        link.send(get(host))
        reply = link.reply()
        assert descriptors(gateway) - before < 12
    assert_refused(reply, {400, 403, 502, CLOSED}, watch)


@pytest.mark.parametrize("port", [net.EXPLICIT_PORT, net.TRANSPARENT_PORT])
def test_H08_from_the_internet(lab: Lab, gateway: Gateway, watch: Watch, port: int) -> None:
    """No open proxy: a client that is in none of the school's networks and not local is closed at once."""
    with Link(lab.net.internet.dial(net.OUTER_V4, port, 5)) as link:
        link.send(get("allowed.test", "http://allowed.test/"))
        reply = link.reply()
    assert reply.status in (CLOSED, 403) and not reply.from_origin
    assert not watch.requests()


def test_H10_redirect_to_the_inside(pupil: Device, watch: Watch) -> None:
    first = pupil.http("allowed.test", "/_status?code=302&to=http://127.0.0.1/")
    assert first.status == 302 and first.header("location") == "http://127.0.0.1/"
    target = "http://127.0.0.1/" if pupil.explicit else "/"
    assert_refused(pupil.plain(get("127.0.0.1", target)), {400, 403}, watch, "blocked.test")


def test_it_still_serves(pupil: Device) -> None:
    assert_served(pupil.http("allowed.test"))
