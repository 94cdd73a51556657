"""After a thousand visits to a helpline no byte of its name is anywhere on the box.

The compiled policy and the built index know the name before anybody visits: it stands in the school's own files. They
must not change by a visit; everything else must not have it at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.lab import school
from tests.lab.client import Device, get
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab

NAME, WORD = "helpline.test", b"helpline.test"
VISITS = 1000
BUILT = ("snapshots", "index")
"""Folders of the state that are made from files before any request."""


@pytest.fixture(scope="module")
def private(lab: Lab) -> Iterator[Gateway]:
    gateway = school.start(lab, "private")
    yield gateway
    gateway.stop()


def knowing(state: Path) -> dict[str, int]:
    """Files below the state folder that contain the name, with how often."""
    found = {}
    for path in state.rglob("*"):
        if path.is_file() and (count := path.read_bytes().count(WORD)):
            found[str(path.relative_to(state))] = count
    return found


def visit(device: Device, number: int) -> int:
    """TLS, h2 to a path that a listed phrase stands in, and plain HTTP, by turns."""
    match number % 4:
        case 0:
            return device.http(NAME, f"/visit/{number}").status
        case 1:
            return device.h2(NAME).status
        case 2:
            return device.https(NAME, get(NAME, f"/?q={school.PHRASE}")).status
    return device.https(NAME).status


def test_a_thousand_visits(lab: Lab, private: Gateway) -> None:
    before = knowing(private.state)
    assert all(name.startswith(BUILT) for name in before), before
    devices = [lab.device(who, mode, private.ca, second=True) for who in ("pupil8", "pupil14", "guest", "stranger")
               for mode in ("explicit", "transparent")]  # fmt: skip
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: visit(devices[n % 8], n // 8 + n % 8), range(VISITS)))
    assert set(answers) == {200}, {status: answers.count(status) for status in set(answers)}
    devices[0].https("blocked.test")  # an event that must be there: the log works
    assert "blocked.test" in private.cli("events", "--json").stdout
    assert knowing(private.state) == before
    assert WORD.decode() not in private.cli("events", "--json").stdout
    assert WORD not in private.fetch("/metrics")[1].encode()
    assert WORD not in private.process.log.read_bytes()


def test_also_when_the_visit_fails(lab: Lab, private: Gateway) -> None:
    """Nothing is written about a refused certificate, a name that disagrees, or a broken request either."""
    device = lab.device("pupil8", "explicit", private.ca, second=True)
    before = knowing(private.state)
    device.plain(b"GET http://helpline.test/ HTTP/1.1\r\nHost: helpline.test\r\nX-Note: a\x00b\r\n\r\n")
    device.plain(b"CONNECT helpline.test:443 HTTP/1.1\r\nHost: helpline.test:443\r\n\r\nnonsense")
    device.https(NAME, port=8443)
    assert knowing(private.state) == before
    assert WORD not in private.process.log.read_bytes() + private.fetch("/metrics")[1].encode()


def test_log_has_no_address_of_a_person(lab: Lab, private: Gateway) -> None:
    device = lab.device("pupil14", "explicit", private.ca, second=True)
    device.https("blocked.test")
    told = private.cli("events", "--json").stdout
    assert "10.20.14" not in told and "fd20" not in told
    assert "10.20.14" not in private.process.log.read_text() + private.fetch("/metrics")[1]
