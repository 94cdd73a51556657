"""I30: what a pupil writes into a report moves no cursor, ends no line and forges nothing, wherever it is read."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import urlencode

import pytest

from tests.commands import raw
from tests.lab.client import Device, get
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.warning import FORM_TYPE

PORTAL = "hedgerow.test"
FORGED = "2026-11-23 10:00:00,000 WARNING hedgerow: all is well"
EVIL = {
    "lines": f"help\r\n{FORGED}\r\n\r\nclosed by Minh",
    "ansi": "\x1b[2J\x1b[1;1H\x1b]0;owned\x07 i30",
    "c1": "\x9b31m\x90evil\x9c i30",
    "turned": "\u202egpj.exe\u2066 i30",
    "backspace": "secret" + "\b" * 6 + "nothing i30",
    "separators": "a\u2028b\u2029c\x85d i30",
    "nul": "a\x00b i30",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)> i30",
    "tags": "i30 \U000e0041\U000e0042",
    "lone": "i30 \ud800",
    "long": "i30 " + "a" * 12_000,
}
MOVES = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\U000e0000-\U000e0fff\ud800-\udfff]"
)


def report(device: Device, text: str) -> str:
    """The code of a report of every field with this text."""
    page = device.https(PORTAL, get(PORTAL, "/report?kind=wrong"))
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.body.decode())
    given = {name: unescape(value) for name, value in hidden}
    given |= {"text": text, "contact": text, "address": text, "page": text}
    body = urlencode(given, errors="surrogatepass").encode()
    head = get(PORTAL, "/report", FORM_TYPE, f"Content-Length: {len(body)}", method="POST")
    reply = device.https(PORTAL, head + body)
    assert reply.status == 200, str(reply)
    code = re.search(r'class="code" dir="ltr">([0-9A-Z-]+)<', reply.body.decode())
    assert code, reply.body.decode()[-800:]
    return code[1]


@pytest.fixture(scope="module")
def told(lab: Lab, gateway: Gateway) -> dict[str, str]:
    device = lab.device("pupil14", "transparent", gateway.ca)
    return {name: report(device, text) for name, text in EVIL.items()}


def shown(gateway: Gateway, *command: str) -> str:
    """Bytes as a terminal would get them: line ends are not translated."""
    done = raw(*command, *gateway.folders)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("name", EVIL)
def test_I30_show(told: dict[str, str], gateway: Gateway, name: str) -> None:
    text = shown(gateway, "reports", "show", told[name], "--by", "Minh")
    assert not MOVES.search(text), repr(MOVES.search(text))
    assert not re.search(r"^2026-11-23 10:00:00", text, re.M), "no line of it stands where a line of ours would"
    assert not re.search(r"^(closed|read|answered) by", text, re.M)
    assert len(text) < 60_000


def test_I30_lists_and_tables(told: dict[str, str], gateway: Gateway) -> None:
    for command in (("reports", "list"), ("reports", "export", "--by", "Minh"), ("record", "list"), ("events",)):
        text = shown(gateway, *command)
        assert not MOVES.search(text.replace("\r\n", "\n")), f"{command}: {MOVES.search(text)}"
        assert not re.search(r"^2026-11-23 10:00:00", text, re.M), command
        assert max((len(line) for line in text.splitlines()), default=0) < 6_000, command


def test_I30_as_json(told: dict[str, str], gateway: Gateway) -> None:
    """For programs it is the text itself, escaped: a terminal that shows the JSON is not moved either."""
    for command in (("reports", "list", "--json"), ("reports", "show", told["ansi"], "--by", "Minh", "--json")):
        text = shown(gateway, *command)
        assert not MOVES.search(text), f"{command}: {MOVES.search(text)}"
        json.loads(text)


def test_I30_on_the_page_of_the_outcome(told: dict[str, str], lab: Lab, gateway: Gateway) -> None:
    device = lab.device("pupil14", "transparent", gateway.ca)
    body = urlencode({"code": told["markup"]}).encode()
    reply = device.https(
        PORTAL, get(PORTAL, "/outcome", FORM_TYPE, f"Content-Length: {len(body)}", method="POST") + body
    )
    assert reply.status == 200 and b"<script>" not in reply.body and b"<img" not in reply.body


def test_I30_the_services_log(told: dict[str, str], gateway: Gateway) -> None:
    """Nothing a child wrote is in it at all."""
    log = gateway.process.log.read_bytes()
    assert b"i30" not in log and FORGED.encode() not in log and b"\x1b" not in log
