"""Group I: the self-test's clients choose whom they play; nobody else can, whatever is written over TCP."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from hedgerow.stores.state import running_path
from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.net import EXPLICIT_PORT
from tests.lab.verdict import assert_refused
from tests.lab.wire import Link

HOST = "unlisted.example.test"  # open to staff, shut to pupils of ages-8-10
GREETINGS = ('{"band": "staff"}', '{"address": "10.20.40.10"}', '{"band": "staff", "away": true}')
CLAIMS = ("X-Hedgerow-Canary: staff", "X-Hedgerow-Who: eyJiYW5kIjoic3RhZmYifQ==", "User-Agent: Hedgerow-Selftest/1")


@pytest.mark.parametrize("greeting", GREETINGS)
def test_the_greeting_over_tcp_makes_nobody_staff(lab: Lab, gateway: Gateway, watch: Watch, greeting: str) -> None:
    """Refused, or judged as the pupil who sent it; what staff may open stays shut either way."""
    address = lab.net.gateway.v4
    with Link(lab.net.pupils["pupil8"].dial(address, EXPLICIT_PORT)) as link:
        asked = f"{greeting}\nGET http://{HOST}/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n"
        link.send(asked.encode())
        reply = link.reply()
    assert reply.status in (0, 400, 403, 502), str(reply)
    assert not reply.from_origin and not watch.touching(HOST)


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_header_makes_nobody_a_canary(pupil: Device, watch: Watch, claim: str) -> None:
    assert_refused(pupil.https("blocked.test", get("blocked.test", "/", claim)), {403}, watch, "blocked.test")
    told = pupil.https("allowed.test", get("allowed.test", "/_echo", claim))
    assert told.status == 200 and b"hedgerow-selftest-origin" not in told.body
    assert not [name for name, _ in json.loads(told.body)["headers"] if name.lower().startswith("x-hedgerow")]


@pytest.mark.parametrize("target", ["//canary:0", "//canary:443", "//canary", "canary"])
def test_its_origin_cannot_be_named(explicit: Device, target: str) -> None:
    with explicit.proxy() as link:
        link.send(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        reply = link.reply()
    assert reply.status in (0, 400, 403, 502) and b"hedgerow-selftest-origin" not in reply.body


def test_a_test_host_is_judged_like_any_other_and_never_leaves(explicit: Device, watch: Watch) -> None:
    """Closed by its category; where it is open the gateway answers, and tells nothing of the request."""
    assert_refused(explicit.http("gambling.test.hedgerow.internal"), {403}, watch, "gambling.test.hedgerow.internal")
    assert_refused(explicit.https("malware.test.hedgerow.internal"), {403}, watch, "malware.test.hedgerow.internal")
    shown = explicit.http("education.test.hedgerow.internal", "/?q=secret", "Cookie: a=secret")
    assert shown.status == 200 and b"hedgerow-selftest-origin" in shown.body and b"secret" not in shown.body
    assert explicit.https("education.test.hedgerow.internal").status == 200
    assert not watch.touching("education.test.hedgerow.internal")


def test_a_test_host_opens_no_other_name(explicit: Device, watch: Watch) -> None:
    """Another Host beside it is two destinations; the dialled one is never the site."""
    reply = explicit.https("education.test.hedgerow.internal", get("blocked.test", "/"))
    assert reply.status in (403, 421) and not watch.touching("blocked.test")


def test_only_the_service_reaches_the_sockets(gateway: Gateway) -> None:
    folder = running_path(gateway.state, 0)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    found = sorted(path.name for path in folder.glob("*.sock"))
    assert found == ["canary-0.sock", "canary-1.sock", "origin.sock", "portal.sock"]
    assert {stat.S_IMODE(Path(folder, name).stat().st_mode) for name in found} == {0o600}
