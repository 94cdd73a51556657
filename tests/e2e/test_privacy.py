"""After a thousand visits to a helpline no byte of its name is anywhere on the box, running or stopped.

The school keeps the most that it can: all events, whole URLs, to the second. One of the helplines does not resolve and
one is a path on a platform, so that what errors leave behind, and what is decrypted, is looked at as well.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lab import school
from tests.lab.client import MODES, Device, get
from tests.lab.gateway import Gateway
from tests.lab.h2client import fields
from tests.lab.lab import Lab

VISITS = 1000
WORD = "kummerkasten"  # stands in every name and in every path of the helplines, and nowhere else in the world
HELPLINES = (f"{WORD}.test", f"{WORD}-away.nx.test", f"platform.test/{WORD}")
FILE = f"""helplines:
  - name: "Lab Helpline"
    number: "116 111"
    hours: "24/7"
    languages: [en]
    place: {{country: VN}}
    source: "made for tests"
    verified: 2026-11-20
    status: documented
    host: [{", ".join(HELPLINES)}]
"""


@dataclass(frozen=True, slots=True)
class Left:
    """What the box kept: bytes by where they lay, while it ran and after it had ended."""

    running: dict[str, bytes]
    stopped: dict[str, bytes]
    events: str
    refused: int  # visits that were answered by us


@pytest.fixture(scope="module")
def private(lab: Lab) -> Gateway:
    return school.start(lab, "private", changes={"helplines/en.yaml": FILE})


def _files(gateway: Gateway, known: Mapping[str, bytes] | None = None) -> Iterator[tuple[str, bytes]]:
    """State, spool, lists, log, and the workers' metrics in memory.

    The policies name the helplines and the networks: what the change record and the upgrade notes kept of the school's
    own files before anybody visited (``known``) is not meant. Whatever a visit added there is.
    """
    digest = hashlib.blake2b(str(gateway.state.resolve()).encode(), digest_size=6).hexdigest()
    counted = Path("/dev/shm").glob(f"hedgerow-*-{digest}/metrics/*")
    for path in (*gateway.state.rglob("*"), gateway.process.log, *counted):
        if path.is_file():
            yield str(path), path.read_bytes().removeprefix((known or {}).get(str(path), b""))


def _of_policies(gateway: Gateway) -> dict[str, bytes]:
    """What the box keeps of the policy files themselves."""
    own = {gateway.state / name for name in ("record", "seen")}
    return {name: data for name, data in _files(gateway) if own & set(Path(name).parents)}


def visit(device: Device, number: int) -> bool:
    """One visit, in one of seven ways; True when the answer was ours."""
    path, query = f"/{WORD}/talk", f"?with={WORD}&n={number}"
    referer = f"Referer: https://{WORD}.test{path}"
    match number % 7:
        case 0:
            reply = device.http(HELPLINES[0], path + query, referer)
        case 1:
            reply = device.https(HELPLINES[0], get(HELPLINES[0], path + query, referer))
        case 2:
            reply = device.h2(HELPLINES[0], fields(HELPLINES[0], path + query))
        case 3:
            reply = device.https("platform.test", get("platform.test", path + query))
        case 4:
            reply = device.h2("platform.test", fields("platform.test", path, "POST"), f"I need {WORD}".encode())
        case 5:
            reply = device.http(HELPLINES[1], path)
        case _:
            reply = device.https(HELPLINES[1])
    return bool(reply.action) or reply.status == 0


def fail(device: Device) -> None:
    """Nothing is written of a broken request, a tunnel of nonsense, a closed port or a foreign name either."""
    name = HELPLINES[0]
    device.plain(f"GET http://{name}/ HTTP/1.1\r\nHost: {name}\r\nX-Note: a\x00b\r\n\r\n".encode())
    device.plain(f"CONNECT {name}:443 HTTP/1.1\r\nHost: {name}:443\r\n\r\nnonsense".encode())
    device.plain(f"CONNECT {name}:443 HTTP/1.1\r\nHost: {name}:443\r\n\r\nSSH-2.0-{WORD}\r\n".encode())


@pytest.fixture(scope="module")
def left(lab: Lab, private: Gateway) -> Left:
    rooms = ("pupil8", "pupil14", "stranger")
    devices = [lab.device(room, mode, private.ca, second=True) for room in rooms for mode in MODES]
    guests = [lab.device("guest", mode, private.ca, second=True) for mode in MODES]
    known = _of_policies(private)
    pairs = zip(itertools.cycle(devices), range(VISITS), strict=False)
    with ThreadPoolExecutor(5) as pool:
        failed = pool.submit(fail, devices[0])  # ten seconds, until a tunnel of nonsense is given up
        refused = sum(pool.map(lambda pair: visit(*pair), pairs))
    refused += sum(visit(guest, number) for guest in guests for number in (0, 1, 2))  # there no path is seen
    failed.result()
    devices[0].http("blocked.test")  # an event of its own, so that an empty log would be noticed
    lab.watch().wait(lambda _: any((private.state / "events").rglob("*")), 5)  # one write a batch
    time.sleep(1.2)
    running = {**dict(_files(private, known)), "metrics": private.fetch("/metrics")[1].encode()}
    private.stop()
    return Left(running, dict(_files(private, known)), private.cli("events", "--json", check=True).stdout, refused)


def test_the_visits_were_visits(left: Left) -> None:
    """Two of seven go to a name that does not resolve; all others reach the helpline."""
    assert left.refused == sum(number % 7 in (5, 6) for number in range(VISITS))


def test_something_was_kept_at_all(left: Left) -> None:
    assert "blocked.test" in left.events and b"hedgerow_decisions_total" in left.running["metrics"]
    for part in ("/state/events/", "/state/keys/", "/state/index/", "/state/record", "/metrics/", "gateway.log"):
        assert any(part in name for name in left.running), f"no file of {part} among {list(left.running)}"


@pytest.mark.parametrize("when", ["running", "stopped"])
def test_no_byte_of_its_name(left: Left, when: str) -> None:
    spellings = (WORD.encode(), WORD[::-1].encode(), WORD.encode("utf-16-le"), b"platform.test", b".nx.test")
    kept: dict[str, bytes] = getattr(left, when)
    found = [(name, spelling) for name, data in kept.items() for spelling in spellings if spelling in data.lower()]
    assert not found, f"{len(kept)} files were searched"


def test_no_event_tells_of_it(left: Left) -> None:
    """Nor by a count of events: whoever visited leaves no line, whatever became of the visit."""
    events = [json.loads(line) for line in left.events.splitlines()]
    assert {event["host"] for event in events} == {"blocked.test"} and len(events) == 1


def test_no_address_of_a_person(left: Left) -> None:
    """Whoever was blocked stands in the log under a pseudonym; nowhere is the address of a device."""
    kept = {**left.running, **left.stopped, "events": left.events.encode()}
    assert not [name for name, data in kept.items() if b"10.20." in data or b"fd20::" in data]


def test_the_metrics_count_them_without_a_name(left: Left) -> None:
    text = left.running["metrics"].decode()
    assert 'step="2-protected"' in text and 'rule="protected"' in text
    assert 'rule="protected:' not in text
