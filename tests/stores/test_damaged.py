from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from hedgerow.stores.damaged import put_aside
from hedgerow.stores.grants import GrantStore
from hedgerow.stores.passes import PassStore
from tests.stores.test_passes import BAND, LAN, SITE, store, up, wall

__all__ = ["store", "up", "wall"]


def test_a_sound_file_and_none_are_left_alone(tmp_path: Path, store: PassStore) -> None:
    row = store.add_pass(BAND, SITE, 60, LAN, "x")
    assert put_aside(tmp_path / "grants.sqlite") is None and put_aside(tmp_path / "nothing") is None
    assert store.held() == (row,)


def test_a_locked_file_is_not_a_damaged_one(tmp_path: Path, store: PassStore) -> None:
    lock = sqlite3.connect(tmp_path / "grants.sqlite", isolation_level=None)
    lock.execute("begin immediate")
    assert put_aside(tmp_path / "grants.sqlite") is None
    lock.close()


@pytest.mark.parametrize("damage", ["garbage", "torn", "zeros"])
def test_a_damaged_file_makes_room_for_a_new_one(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "grants.sqlite"
    first = GrantStore(path, b"s" * 32)
    first.add("p", "s", "d", 60)
    first.close()
    whole = path.read_bytes()
    if damage == "garbage":
        path.write_bytes(os.urandom(8192))
    elif damage == "torn":
        path.write_bytes(whole[:5000])
    else:
        path.write_bytes(whole[:100] + bytes(len(whole) - 100))
    assert put_aside(path) == tmp_path / "grants.sqlite.damaged" and not path.exists()
    again = GrantStore(path, b"s" * 32)
    again.close()
    assert put_aside(path) is None
