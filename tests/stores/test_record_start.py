"""The record's starting keys: with two keyholders, and in no reach of the machine."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hedgerow.stores.record import Record
from hedgerow.stores.record_key import Key, commitment, decode_key
from hedgerow.stores.record_start import entrust, opened, starts
from hedgerow.stores.record_verify import verify
from hedgerow.stores.sealed import public_text

LAN, MINH, MAI = (X25519PrivateKey.generate() for _ in range(3))
TEXT = {
    name: public_text(key.public_key().public_bytes_raw()) for name, key in (("Lan", LAN), ("Minh", MINH), ("Mai", MAI))
}
TWO = {name: TEXT[name] for name in ("Lan", "Minh")}


@pytest.fixture
def record(tmp_path: Path) -> Record:
    record = Record(tmp_path / "record")
    record.append("policy", "a", "before anybody held a key")
    return record


def files(record: Record) -> dict[str, bytes]:
    folders = (record.log.parent, record.key_file.parent)
    return {path.name: path.read_bytes() for folder in folders for path in folder.iterdir()}


def test_two_keyholders_verify_all_of_it(record: Record) -> None:
    assert entrust(record, TWO)
    record.append("policy", "a", "after")
    known = opened(record, LAN, MINH)
    found = verify(record, known)
    assert (set(known), found.faults, found.by_key) == ({1, 2}, [], 3)
    assert [entry.epoch for entry in record.entries()] == [1, 1, 2]


def test_right_after_the_announcement_it_is_whole(record: Record) -> None:
    entrust(record, TWO)
    for known in (opened(record, LAN, MINH), {1: opened(record, LAN, MINH)[1]}, {}):
        assert verify(record, known).faults == []
    record.head_file.write_bytes(record.head_file.read_bytes().replace(b'"mac": "', b'"mac": "0'))
    assert not verify(record, opened(record, LAN, MINH)).whole


def test_nothing_of_it_stays_on_the_machine(record: Record) -> None:
    plain = starts(record)[1]
    entrust(record, TWO)
    secrets = [plain, *opened(record, LAN, MINH).values()]
    record.append("policy", "a", "after")
    kept = b"".join(files(record).values())
    assert starts(record) == {} and not any(part in kept for key in secrets for part in (key, key.hex().encode()))


def test_it_is_done_once_for_the_same_people(record: Record) -> None:
    assert [entrust(record, TWO), entrust(record, TWO), entrust(record, dict(reversed(TWO.items())))] == [
        True,
        False,
        False,
    ]
    assert len(list(record.entries())) == 2


def test_other_keyholders_get_a_new_key_and_the_record_says_so(record: Record) -> None:
    entrust(record, TWO)
    record.append("policy", "a", "while Minh was here")
    assert entrust(record, {name: TEXT[name] for name in ("Lan", "Mai")})
    record.append("policy", "a", "after he left")
    assert set(opened(record, LAN, MINH)) == {1, 2} and set(opened(record, LAN, MAI)) == {3}
    assert "sealed to Lan, Mai" in [entry.what for entry in record.entries()][3]
    assert verify(record, {**opened(record, LAN, MINH), **opened(record, LAN, MAI)}).by_key == 5


def test_one_keyholder_opens_none(record: Record) -> None:
    entrust(record, TWO)
    assert opened(record, LAN, LAN) == opened(record, LAN, MAI) == {}


def test_without_keyholders_or_a_record_nothing_happens(record: Record, tmp_path: Path) -> None:
    assert not entrust(record, {})
    assert not entrust(Record(tmp_path / "none" / "record"), TWO)
    assert set(starts(record)) == {1}


def test_a_key_that_was_swapped_is_noticed(record: Record) -> None:
    """Root puts a starting key of their own in place of the announced one, to know it later."""
    entrust(record, TWO)
    key, mine = decode_key(record.key_file.read_bytes()), b"m" * 32
    assert key
    record.store(record.key_file, Key(2, 0, mine, key.entries, key.last).encode())
    record.append("policy", "root", "under a key root knows")
    assert not verify(record, opened(record, LAN, MINH)).whole
    assert not verify(record, {1: opened(record, LAN, MINH)[1], 2: mine}).whole, "it is not the one announced"


def test_a_crash_between_the_announcement_and_the_key(record: Record) -> None:
    key = record.key_file.read_bytes()
    entrust(record, TWO)
    record.key_file.write_bytes(key)
    record.append("policy", "a", "after the crash")
    assert entrust(record, TWO)
    record.append("policy", "a", "and so on")
    assert verify(record, opened(record, LAN, MINH)).faults == []


def test_a_damaged_sealed_key_is_passed_over(record: Record) -> None:
    entrust(record, TWO)
    (record.log.parent / "start-1.sealed").write_bytes(b"{}")
    assert set(opened(record, LAN, MINH)) == {2}


def test_the_announcement_gives_nothing_away() -> None:
    assert commitment(b"x" * 32) != commitment(b"y" * 32) and b"x" * 4 not in bytes.fromhex(commitment(b"x" * 32))


def test_a_record_begun_anew_is_found_by_a_head_or_by_an_earlier_copys_keys_only(record: Record) -> None:
    """Anybody can seal to a public key: what is sealed beside a record says nothing of who sealed it."""
    entrust(record, TWO)
    record.append("policy", "a", "after")
    earlier, head = opened(record, LAN, MINH), record.head()
    shutil.rmtree(record.log.parent)
    shutil.rmtree(record.key_file.parent)
    record.append("policy", "a", "nothing ever happened")
    entrust(record, TWO)
    record.append("policy", "a", "nothing at all")
    assert verify(record, opened(record, LAN, MINH)).whole, "RECORD.md says so"
    assert not verify(record, opened(record, LAN, MINH), {head.entries: head.fingerprint}).whole
    assert not verify(record, earlier).whole
