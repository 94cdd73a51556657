"""From a blocked request to the two people who may know whose it was, with the gateway as a school runs it.

A pupil is blocked, the log has a pseudonym, two keyholders open it, the record has it all, no
byte of the pupil's address is on the disk, and the head of the record is in the metrics.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hedgerow.stores.record import Record
from hedgerow.stores.record_start import opened
from hedgerow.stores.record_verify import verify
from hedgerow.stores.sealed import public_text
from hedgerow.stores.sealed_store import find
from tests.lab import school
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab

LAN, MINH = X25519PrivateKey.generate(), X25519PrivateKey.generate()
KEYS = [public_text(key.public_key().public_bytes_raw()) for key in (LAN, MINH)]
SITE = school.SITE.replace("keep-days: 30}", f"keep-days: 30, keyholders: {{Lan: {KEYS[0]}, Minh: {KEYS[1]}}}}}")
ADDRESS = "10.20.8.110"  # of the second lane


@dataclass(frozen=True, slots=True)
class Seen:
    gateway: Gateway
    person: str
    entries: float  # the metric, before the edit below
    record: Record


@pytest.fixture(scope="module")
def seen(lab: Lab) -> Iterator[Seen]:
    gateway = school.start(lab, "identity", changes={"site.yaml": SITE})
    device = lab.device("pupil8", "explicit", gateway.ca, second=True)
    assert device.http("blocked.test").status == 403
    end = time.monotonic() + 10
    while not (told := gateway.cli("events", "--json").stdout) or not list(gateway.state.glob("sealed/*/*")):
        assert time.monotonic() < end
        time.sleep(0.1)
    record = Record(gateway.state / "record")
    seen = Seen(gateway, json.loads(told.splitlines()[-1])["person"], gateway.metric("hedgerow_record_entries"), record)
    band = gateway.policies / "bands" / "ages-8-10.yaml"
    band.write_text(band.read_text() + "# opened for the lesson\n")
    while record.head().entries <= seen.entries:
        assert time.monotonic() < end + 10, gateway.process.tail()
        time.sleep(0.1)
    yield seen
    gateway.stop()


def test_two_keyholders_find_the_address(seen: Seen) -> None:
    [found, *_] = find(seen.gateway.state / "sealed", seen.person)
    assert found.open(LAN, MINH).person == ADDRESS and len(seen.person) == 16


def test_no_byte_of_the_address_is_on_the_disk(seen: Seen) -> None:
    folders = ("events", "sealed", "keys", "record", "seen")
    files = [path for name in folders for path in (seen.gateway.state / name).rglob("*") if path.is_file()]
    assert files and not [path for path in files if ADDRESS.encode() in path.read_bytes()]


def test_the_key_of_the_day_is_the_only_one(seen: Seen) -> None:
    keys = list((seen.gateway.state / "keys" / "pseudonyms").iterdir())
    assert len(keys) == 1 and not (seen.gateway.state / "keys" / "pseudonym.key").exists()


def test_the_record_tells_the_start_and_the_edit_and_is_checked_by_two(seen: Seen) -> None:
    entries = list(seen.record.entries())
    whats = [entry.what for entry in entries]
    assert any(what.startswith("the gateway started") for what in whats)
    assert any(what.startswith("a new key of the record, sealed to Lan, Minh") for what in whats)
    assert "+# opened for the lesson" in str(entries[-1].detail["diff"])
    found = verify(seen.record, opened(seen.record, LAN, MINH))
    assert found.whole and found.by_key == found.entries == len(entries)
    assert not list(Path(seen.gateway.state / "keys").glob("record-start-*"))


def test_the_head_is_in_the_metrics(seen: Seen) -> None:
    head = seen.record.head()
    assert seen.gateway.metric("hedgerow_record_entries") == head.entries > seen.entries > 0
    assert int(seen.gateway.metric("hedgerow_record_fingerprint")) == head.fingerprint
    assert abs(seen.gateway.metric("hedgerow_record_timestamp_seconds") - head.time) < 1
    assert seen.gateway.metric("hedgerow_record_whole") == 1 and seen.gateway.metric("hedgerow_keyholders") == 2


def test_verify_on_the_command_line(seen: Seen) -> None:
    head = f"{seen.record.head().entries}:{seen.gateway.metric('hedgerow_record_fingerprint'):.0f}"
    done = seen.gateway.cli("record", "verify", "--head", head)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
