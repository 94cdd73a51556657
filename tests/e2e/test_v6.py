"""The whole way over IPv6."""

from __future__ import annotations

import pytest

from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab
from tests.lab.verdict import assert_refused, assert_served


@pytest.fixture
def six(pupil: Device) -> Device:
    return pupil.on_v6()


def test_open_and_closed_names(six: Device, watch: Watch) -> None:
    assert_served(six.http("allowed.test"))
    assert_served(six.https("allowed.test"))
    assert_served(six.h2("allowed.test"))
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
