"""The record's key goes forward only."""

from __future__ import annotations

import pytest

from hedgerow.stores.record_key import Key, commitment, decode_key

START = Key(1, 0, b"s" * 32)


def test_each_step_is_another_key_that_does_not_lead_back() -> None:
    keys = [START]
    for _ in range(5):
        keys.append(keys[-1].next())
    assert len({key.secret for key in keys}) == 6 and [key.step for key in keys] == [0, 1, 2, 3, 4, 5]
    assert keys[1].mac("entry", "x") != START.mac("entry", "x")


def test_a_mac_is_for_one_purpose() -> None:
    assert START.mac("entry", "x") != START.mac("head", "x")
    assert bytes.fromhex(START.mac("entry", "x")) != START.next().secret


def test_it_is_written_and_read_back() -> None:
    key = START.after(7, "ab" * 32)
    assert decode_key(key.encode()) == key and (key.entries, key.last, key.step) == (7, "ab" * 32, 1)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        START.encode().replace(b"73", b"zz"),
        START.encode().replace(b'"step": 0', b'"step": "0"'),
    ],
)
def test_a_damaged_file_is_no_key(raw: bytes) -> None:
    assert decode_key(raw) is None


def test_a_commitment_is_of_one_key() -> None:
    assert commitment(b"a" * 32) == commitment(b"a" * 32) != commitment(b"b" * 32)
