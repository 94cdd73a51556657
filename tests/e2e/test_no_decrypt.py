"""A connection that is passed on shows the origin's own certificate; everything else shows the school's."""

from __future__ import annotations

import json

import pytest

from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.verdict import assert_refused, assert_served

ORIGIN = "Lab Internet Root"


@pytest.mark.parametrize("host", ["bank.test", "www.bank.test", "helpline.test", "login.microsoftonline.com"])
def test_passed_on(pupil: Device, watch: Watch, host: str) -> None:
    reply = pupil.https(host)
    assert_served(reply)
    assert reply.issuer == ORIGIN and watch.requests(host)


@pytest.mark.parametrize("host", ["allowed.test", "blocked.test", "notbank.test", "bank.test.evil.test"])
def test_opened(pupil: Device, host: str) -> None:
    assert pupil.https(host).issuer not in ("", ORIGIN)


def test_large_and_slow_data_arrive_whole(pupil: Device) -> None:
    """Both ways, more than one buffer."""
    reply = pupil.https("bank.test", get("bank.test", "/_huge?mb=8"))
    assert len(reply.body) == 8 << 20
    body = b"pond " * 400_000
    sent = get("bank.test", "/_echo", f"Content-Length: {len(body)}", "Content-Type: text/plain", method="POST") + body
    assert len(json.loads(pupil.https("bank.test", sent).body)["body"]) == len(body)


@pytest.mark.parametrize("host, open_", [("allowed.test", True), ("blocked.test", False), ("warned.test", False)])
def test_names_only_network(lab: Lab, gateway: Gateway, mode: str, watch: Watch, host: str, open_: bool) -> None:
    """Guests have no school certificate: open names pass untouched, the rest is closed or told by our own page."""
    guest = lab.device("guest", mode, gateway.ca)
    reply = guest.https(host)
    if open_:
        assert_served(reply)
        assert reply.issuer == ORIGIN
    else:
        assert_refused(reply, {0, 403}, watch, host)


def test_the_bank_leaves_no_name_of_a_person(gateway: Gateway, pupil: Device) -> None:
    """What was sent inside is nowhere: not in the log, not in the gateway's words."""
    canary = "canary-7d1f0c"
    assert_served(pupil.https("bank.test", get("bank.test", f"/{canary}", f"Cookie: {canary}")))
    assert canary not in gateway.cli("events", "--json").stdout + gateway.process.log.read_text()
