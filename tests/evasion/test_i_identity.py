"""Group I: who is asking is told by the socket, never by a header; and our own headers are ours alone."""

from __future__ import annotations

import json

import pytest

from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab
from tests.lab.verdict import assert_refused

STAFF = "10.20.40.10"
CLAIMS = [
    ("X-Forwarded-For", STAFF), ("Forwarded", f"for={STAFF}"), ("X-Real-IP", STAFF), ("X-Authenticated-User", "head"),
    ("X-Client-IP", STAFF), ("True-Client-IP", STAFF), ("CF-Connecting-IP", STAFF), ("X-Forwarded-Host",
                                                                                     "allowed.test"),
    ("X-Forwarded-User", "head"), ("Via", "1.1 other"), ("Client-IP", STAFF), ("X-Hedgerow-Band", "staff"),
    ("X-Hedgerow-Action", "allow"), ("X-Remote-User", "head"), ("Proxy-Authorization", "Basic aGVhZDpwdw=="),
    ("X-ProxyUser-Ip", STAFF), ("Proxy-Connection", "keep-alive"),
]  # fmt: skip


@pytest.mark.parametrize("name, value", CLAIMS, ids=[f"I01-{name}" for name, _ in CLAIMS])
def test_claims_open_nothing(pupil: Device, watch: Watch, name: str, value: str) -> None:
    assert_refused(
        pupil.https("blocked.test", get("blocked.test", "/", f"{name}: {value}")), {403}, watch, "blocked.test"
    )


@pytest.mark.parametrize("vehicle", ["plain", "h1", "h2"])
@pytest.mark.parametrize("name, value", CLAIMS, ids=[f"I01-{name}" for name, _ in CLAIMS])
def test_claims_do_not_leave_the_school(pupil: Device, watch: Watch, name: str, value: str, vehicle: str) -> None:
    line = f"{name}: {value}"
    if vehicle == "plain":
        reply = pupil.http("allowed.test", "/_echo", line, "X-Pond: kept")
    elif vehicle == "h1":
        reply = pupil.https("allowed.test", get("allowed.test", "/_echo", line, "X-Pond: kept"))
    else:
        extra = [(name.lower(), value), ("x-pond", "kept")]
        reply = pupil.h2("allowed.test", fields("allowed.test", "/_echo", "GET", *extra))
        if name == "Proxy-Connection" and reply.status in (0, 400):
            return  # connection-specific fields are an error in h2 (RFC 9113 8.2.2)
    assert reply.status == 200, str(reply)
    told = {key.lower(): sent for key, sent in json.loads(reply.body)["headers"]}
    assert told["x-pond"] == "kept"
    assert told.get(name.lower()) != value, f"{name} reached the origin"
    assert STAFF not in str(told) and "10.20.8.10" not in str(told), "the pupil's address reached the origin"


@pytest.mark.parametrize("vehicle", ["plain", "h1", "h2"])
@pytest.mark.parametrize("name", ["x-hedgerow-action", "X-Hedgerow-Code", "x-hedgerow-policy", "X-HEDGEROW-ANYTHING"])
def test_an_origin_cannot_speak_for_us(pupil: Device, name: str, vehicle: str) -> None:
    path = f"/_set?{name}=block&x-pond=1"
    if vehicle == "plain":
        reply = pupil.http("allowed.test", path)
    elif vehicle == "h1":
        reply = pupil.https("allowed.test", get("allowed.test", path))
    else:
        reply = pupil.h2("allowed.test", fields("allowed.test", path.lower()))
    assert reply.status == 200 and reply.header("x-pond") == "1"
    assert not [
        key for key, _ in reply.headers if key.lower().startswith("x-hedgerow") and reply.header(key) == "block"
    ]


@pytest.mark.parametrize("agent", ["curl/8", "", "Googlebot/2.1", "Mozilla/5.0 (staff)"])
def test_I08_user_agent_changes_nothing(pupil: Device, watch: Watch, agent: str) -> None:
    assert_refused(
        pupil.https("blocked.test", get("blocked.test", "/", f"User-Agent: {agent}")), {403}, watch, "blocked.test"
    )


AGENTS = ("curl/8.5", "", "Googlebot/2.1 (+http://www.google.com/bot.html)", "Mozilla/5.0 (staff)", "Hedgerow/1")


@pytest.mark.parametrize("version", ["h1", "h2"])
def test_I08_user_agent_moves_nobody_to_another_band(lab: Lab, gateway: Gateway, mode: str, version: str) -> None:
    """An unlisted name in each band, with every agent: the answer of the band, whatever the browser says it is."""
    host = "unlisted.example.test"
    for name, action in (("pupil8", "block"), ("pupil14", "warn"), ("stranger", "block"), ("staff", "")):
        device = lab.device(name, mode, gateway.ca)
        for agent in AGENTS:
            hints = [("user-agent", agent), ("sec-ch-ua", f'"{agent}"'), ("sec-ch-ua-mobile", "?1")]
            if version == "h2":
                reply = device.h2(host, fields(host, "/", "GET", *hints))
            else:
                reply = device.https(host, get(host, "/", *(f"{key}: {value}" for key, value in hints)))
            assert reply.action == action and reply.from_origin is (action == ""), f"{name} {agent}: {reply}"


def test_bands_differ_by_address(lab: Lab, gateway: Gateway, mode: str, watch: Watch) -> None:
    """An unlisted name: refused to the young and to strangers, a warning to the older, open to staff."""
    got = {name: lab.device(name, mode, gateway.ca).https("unlisted.example.test") for name in net_names()}
    assert (got["pupil8"].status, got["pupil8"].action) == (403, "block")
    assert (got["stranger"].status, got["stranger"].action) == (403, "block")
    assert (got["pupil14"].status, got["pupil14"].action) == (403, "warn")
    assert got["staff"].from_origin


def net_names() -> tuple[str, ...]:
    return ("pupil8", "pupil14", "staff", "stranger")
