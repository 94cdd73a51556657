"""I30: what a pupil sends forges no line of the decision log, of the service's log or of a command's output.

CR LF, escape sequences, C1 controls, turned reading direction and a megabyte of URL, in every place a pupil may write.
"""

from __future__ import annotations

import json
import re
import time

import pytest

from tests.lab.client import Device, Refused, get
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab

MARK = "i30mark"
FORGED = "2026-11-23 10:00:00,000 WARNING hedgerow: all is well"
EVIL = {
    "crlf": f"\r\n{FORGED}\r\n",
    "crlf-encoded": f"%0d%0a{FORGED.replace(' ', '%20')}%0D%0A",
    "double": "%250d%250aforged",
    "ansi": "\x1b[2J\x1b]0;owned\x07",
    "ansi-encoded": "%1b%5b2J%1b]0;owned%07",
    "c1": "\x9b31m",
    "c1-encoded": "%c2%9b31m",
    "turned": "%e2%80%aegpj.exe%e2%81%a6",
    "separators": "%e2%80%a8forged%e2%80%a9%c2%85",
    "nul": "%00",
    "json": '","action":"allow","x":"',
    "megabyte": "a" * 2**20,
}


def attack(device: Device, text: str) -> None:
    """In the path, the query, a search, a header, the Host, the CONNECT target and the SNI."""
    raw = text.encode("latin-1", "replace").decode("latin-1")
    device.http("blocked.test", f"/{MARK}/{raw}")
    device.https("blocked.test", get("blocked.test", f"/{MARK}?q={raw}"))
    device.http("blocked.test", f"/{MARK}", f"Referer: {raw}", f"User-Agent: {raw}")
    device.http("blocked.test", f"/{MARK}", method=f"GE{raw[:3000]}T")
    device.plain(get(f"blocked.test{raw[:3000]}", f"http://blocked.test{raw[:3000]}/{MARK}"), "blocked.test")
    if len(text) < 200:
        try:
            with device.tunnel(f"blocked.test{raw}"):
                pass
        except (Refused, OSError, ValueError):
            pass


@pytest.fixture(scope="module", params=["explicit", "transparent"], ids=["I30-explicit", "I30-transparent"])
def attacked(lab: Lab, gateway: Gateway, request: pytest.FixtureRequest) -> Gateway:
    device = lab.device("pupil8", request.param, gateway.ca)
    for text in EVIL.values():
        attack(device, text)
    device.http("blocked.test", f"/{MARK}/the-last-{request.param}")
    end = time.monotonic() + 10
    while f"the-last-{request.param}" not in gateway.cli("events", "--json").stdout:
        assert time.monotonic() < end
        time.sleep(0.1)
    return gateway


def hidden(text: str) -> set[str]:
    return set(re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text))


def test_the_decision_log_is_ascii_a_line_an_event(attacked: Gateway) -> None:
    files = list((attacked.state / "events").rglob("*.events"))
    lines = [line for path in files for line in path.read_bytes().split(b"\n") if line]
    whole = b"".join(lines)
    assert MARK.encode() in whole and b"\\u202e" in whole and b"\\u009b" in whole, "they did come this far"
    for line in lines:
        assert all(0x20 <= byte < 0x7F for byte in line) and len(line) < 8192
        json.loads(line.split(b" ", 2)[2])


def test_events_on_the_command_line(attacked: Gateway) -> None:
    found = attacked.cli("events", "--json").stdout
    events = [json.loads(line) for line in found.splitlines()]
    assert not hidden(found) and all(len(event.get("url", "")) <= 2048 for event in events)
    assert {event["action"] for event in events if MARK in event.get("url", "")} == {"block"}
    plain = attacked.cli("events").stdout
    assert not hidden(plain) and len(plain.splitlines()) == len(events)


def test_what_was_logged_can_be_explained(attacked: Gateway) -> None:
    """And what ``explain`` prints of it is as tame."""
    urls = {
        e["url"]
        for line in attacked.cli("events", "--json").stdout.splitlines()
        if MARK in (e := json.loads(line)).get("url", "")
    }
    for url in sorted(urls)[:2]:
        done = attacked.cli("explain", url, "--band", "ages-8-10")
        assert done.returncode == 0 and not hidden(done.stdout)


def test_the_services_log_has_no_line_of_theirs(attacked: Gateway) -> None:
    text = attacked.process.log.read_bytes().decode()
    assert not hidden(text) and len(text) < 2**20
    assert FORGED not in {line.strip() for line in text.splitlines() if line.startswith("20")}


def test_the_gateway_goes_on(attacked: Gateway) -> None:
    assert attacked.fetch("/ready")[0] == 200 and attacked.metric("hedgerow_worker_restarts_total") == 0
