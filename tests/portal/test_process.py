"""The portal beside the running gateway: reached by every way a pupil has, replaced when it dies, recorded nowhere."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from hedgerow.portal.process import read_config
from tests.lab.client import Device, get
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab
from tests.lab.net import EXPLICIT_PORT
from tests.lab.wire import Reply

PREFIX = "/.well-known/hedgerow"
HEALTH = f"{PREFIX}/health"


def portal_pid(gateway: Gateway) -> int:
    """The portal of this very gateway, 0 when there is none just now."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
            if b"hedgerow.portal.process" in command:
                config = json.loads(Path(command[command.index(b"--config") + 1].decode()).read_text())
                if Path(config["state"]) == gateway.state.resolve():
                    return int(folder.name)
        except OSError:
            continue
    return 0


def is_up(reply: Reply) -> bool:
    return reply.status == 200 and json.loads(reply.body)["portal"] == "up"


@pytest.mark.parametrize("host", ["allowed.test", "blocked.test", "hedgerow.test", "hedgerow.internal", "nx.test"])
@pytest.mark.parametrize("secure", [False, True])
def test_every_page_reaches_the_portal_on_its_own_origin(pupil: Device, lab: Lab, host: str, secure: bool) -> None:
    if not pupil.explicit and host in ("hedgerow.internal", "nx.test"):
        pytest.skip("the lab's DNS gives it no address to dial")
    watch = lab.watch()
    reply = pupil.https(host, get(host, HEALTH)) if secure else pupil.http(host, HEALTH)
    assert is_up(reply), str(reply)
    if host == "blocked.test":
        assert not watch.requests() and not watch.touching(host)


def test_over_h2_too(pupil: Device) -> None:
    with pupil.h2_session("hedgerow.test") as session:
        for _ in range(3):
            reply = session.request(fields("hedgerow.test", "/health"))
            assert is_up(reply) and not reply.header("connection")
    assert is_up(pupil.h2("blocked.test", fields("blocked.test", HEALTH)))


def until_up(explicit: Device) -> Reply:
    end = time.monotonic() + 15
    while not is_up(reply := explicit.http("hedgerow.test", "/health")):
        assert time.monotonic() < end, str(reply)
        time.sleep(0.05)
    return reply


def test_a_portal_that_dies_is_replaced_and_what_waited_is_answered(gateway: Gateway, explicit: Device) -> None:
    before = gateway.metric("hedgerow_portal_restarts_total", reason="exit")
    os.kill(portal_pid(gateway), signal.SIGKILL)
    assert is_up(explicit.http("hedgerow.test", "/health"))  # it waited in the supervisor's socket
    until_up(explicit)
    assert gateway.metric("hedgerow_portal_restarts_total", reason="exit") == before + 1
    assert gateway.metric("hedgerow_portal_up") == 1
    assert gateway.fetch("/ready")[0] == 200


def test_a_portal_that_hangs_gets_a_page_of_ours_in_its_place_and_is_replaced(
    gateway: Gateway, explicit: Device
) -> None:
    before, old = gateway.metric("hedgerow_portal_restarts_total", reason="hang"), portal_pid(gateway)
    os.kill(old, signal.SIGSTOP)
    started = time.monotonic()
    reply = explicit.http("blocked.test", HEALTH)
    assert time.monotonic() - started < 9
    assert reply.status == 503 and reply.action == "fault" or is_up(reply)
    until_up(explicit)
    assert portal_pid(gateway) != old
    assert gateway.metric("hedgerow_portal_restarts_total", reason="hang") == before + 1


def test_a_visit_leaves_no_event_and_counts_as_protected(gateway: Gateway, explicit: Device) -> None:
    before = gateway.metric("hedgerow_rule_decisions_total", rule="protected")
    for host in ("blocked.test", "hedgerow.test"):
        assert explicit.http(host, f"{PREFIX}/nothing-of-the-kind").status in (303, 404)
    assert gateway.metric("hedgerow_rule_decisions_total", rule="protected") == before + 2
    assert "nothing-of-the-kind" not in gateway.cli("events", "--json").stdout


def test_a_body_without_end_is_cut_off(explicit: Device) -> None:
    head = get("blocked.test", f"http://blocked.test{PREFIX}/report", "Transfer-Encoding: chunked", method="POST")
    piece = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    reply = explicit.plain(head + piece * 6 + b"0\r\n\r\n", method="POST")
    assert reply.status == 413, str(reply)


def test_the_supervisor_tells_which_addresses_are_proxies(gateway: Gateway) -> None:
    command = Path(f"/proc/{portal_pid(gateway)}/cmdline").read_bytes().split(b"\0")
    config = read_config(Path(command[command.index(b"--config") + 1].decode()))
    assert config.proxies == (("0.0.0.0", EXPLICIT_PORT), ("::", EXPLICIT_PORT))  # not the redirected ones
