"""The whole way over IPv6."""

from __future__ import annotations

import json
import time

import pytest

from tests.lab import names
from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab
from tests.lab.verdict import assert_refused, assert_served

BLOCKED, ALLOWED = names.v6("blocked.test"), names.v6("allowed.test")
HIDDEN = ("::ffff:10.99.0.1", "::ffff:127.0.0.1", "64:ff9b::10.99.0.1", "2002:a63:1::1", "fd20::1")


@pytest.fixture
def six(pupil: Device) -> Device:
    return pupil.on_v6()


def test_open_and_closed_names(six: Device, watch: Watch) -> None:
    assert_served(six.http("allowed.test"))
    assert_served(six.https("allowed.test"))
    assert_served(six.h2("allowed.test"))
    with six.websocket("allowed.test") as socket:
        assert socket.echo("pond") == "echo:pond"
    assert watch.addresses() <= {names.v4("allowed.test"), ALLOWED}
    assert not [c for c in watch.all() if c.peer.startswith("fd20")], "the client itself is never seen outside"
    assert_refused(six.https("blocked.test"), {403}, watch, "blocked.test")
    assert_refused(six.h2("blocked.test", fields("blocked.test", "/x")), {403}, watch, "blocked.test")
    assert_refused(six.http("blocked.test"), {403}, watch, "blocked.test")


def test_the_band_follows_the_v6_address(lab: Lab, gateway: Gateway, mode: str) -> None:
    asked = {name: lab.device(name, mode, gateway.ca).on_v6().https("warned.test") for name in ("pupil8", "staff")}
    assert asked["pupil8"].action == "warn"
    unlisted = {name: lab.device(name, mode, gateway.ca).on_v6() for name in ("pupil8", "pupil14", "stranger")}
    told = {
        name: device.https("bank.test", get("unlisted.test"), sni="unlisted.test") for name, device in unlisted.items()
    }
    if mode == "transparent":
        assert [told[name].action for name in ("pupil8", "pupil14", "stranger")] == ["block", "warn", "block"]


def test_undecrypted_over_v6(six: Device, watch: Watch) -> None:
    reply = six.https("bank.test")
    assert_served(reply)
    assert reply.issuer == "Lab Internet Root"


@pytest.mark.parametrize("address", ["2a0e:b107:10::10", "2a0e:b107:10::11"])
def test_a_v6_address_alone_opens_nothing(six: Device, watch: Watch, address: str) -> None:
    assert_refused(six.https(address, get(f"[{address}]"), sni=None), {400, 403, 421}, watch)
    target = f"http://[{address}]/" if six.explicit else "/"
    assert_refused(six.plain(get(f"[{address}]", target), address), {400, 403}, watch)
    assert not watch.addresses()


@pytest.mark.parametrize("address", ["fd00:ec2::254", "::1", "fe80::1", "::ffff:127.0.0.1", "::"])
def test_private_v6(six: Device, watch: Watch, address: str) -> None:
    target = f"http://[{address}]/" if six.explicit else "/"
    assert_refused(six.plain(get(f"[{address}]", target)), {400, 403}, watch)
    assert not watch.addresses()


@pytest.mark.parametrize("form", ["[{}]", "[{}]:80", "[{}]:443"])
def test_an_address_in_place_of_a_name(six: Device, watch: Watch, form: str) -> None:
    """Written as v6 literals are (RFC 3986 3.2.2): unknown addresses are closed to children, whatever stands there."""
    for address in (ALLOWED, BLOCKED, f"{names.V6_NET}c8", "2A0E:B107:0010:0:0::0B"):
        host = form.format(address)
        target = f"http://{host}/" if six.explicit else "/"
        reply = six.plain(get(host, target), ALLOWED)
        assert reply.status in (403, 421, 400) and reply.action and not reply.from_origin, f"{host}: {reply}"
    assert not watch.touching("blocked.test") and not watch.touching("allowed.test")


@pytest.mark.parametrize("address", HIDDEN)
def test_private_addresses(explicit: Device, watch: Watch, address: str) -> None:
    """Also those that hide a v4 address: mapped, 6to4, NAT64."""
    for reply in (explicit.on_v6().http(f"[{address}]"), explicit.on_v6().https(address, get(f"[{address}]"))):
        assert reply.status in (400, 403) and not reply.from_origin, str(reply)
    assert not watch.requests() and "10.99.0.1" not in watch.addresses()


def test_a_dialled_address_without_a_name(transparent: Device, watch: Watch) -> None:
    """TLS to a v6 address without SNI, then a Host that is allowed: what is named is where it goes."""
    six = transparent.on_v6()
    reply = six.https(BLOCKED, get("allowed.test"), sni=None)
    assert not watch.touching("blocked.test") and (reply.from_origin or reply.action), str(reply)
    refused = six.https(BLOCKED, get(f"[{BLOCKED}]"), sni=None)
    assert_refused(refused, {0, 403, 421}, watch, "blocked.test")


def test_the_log_knows_the_network(explicit: Device, gateway: Gateway) -> None:
    explicit.on_v6().http("blocked.test", "/by-v6")
    time.sleep(1.5)
    events = [json.loads(line) for line in gateway.cli("events", "--json", check=True).stdout.splitlines()]
    told = [event for event in events if event.get("url", "").endswith("/by-v6")][-1]
    assert told["network"] == "young" and told["band"] == "ages-8-10" and "fd20" not in json.dumps(told)
