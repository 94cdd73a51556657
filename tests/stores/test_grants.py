from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hedgerow.stores.grants import GrantStore
from hedgerow.stores.pass_rows import hashed

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECRET = b"s" * 32
KEY = ("10.8.0.7", "forum.example", "abcd1234")


class Clock:
    def __init__(self, at: float) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clocks() -> tuple[Clock, Clock]:
    return Clock(1_000_000.0), Clock(500.0)


@pytest.fixture
def store(tmp_path: Path, clocks: tuple[Clock, Clock]) -> Iterator[GrantStore]:
    made = GrantStore(tmp_path / "grants.sqlite", SECRET, *clocks)
    yield made
    made.close()


def test_a_grant_lifts_exactly_what_it_was_given_for(store: GrantStore) -> None:
    store.add(*KEY, seconds=60)
    assert store.lifts(*KEY, NOW) is not None
    for other in (("10.8.0.8", *KEY[1:]), (KEY[0], "other.example", KEY[2]), (*KEY[:2], "ffff")):
        assert store.lifts(*other, NOW) is None


def test_a_row_that_is_no_grant_grants_nothing_and_takes_nothing_else_away(
    store: GrantStore, tmp_path: Path, clocks: tuple[Clock, Clock]
) -> None:
    now = clocks[0].at
    with sqlite3.connect(tmp_path / "grants.sqlite") as hand:
        for number, times in enumerate(((now, "never", 0, 9e9), ("", now + 60, 0, 9e9), (now, now + 60, b"", "x"))):
            hand.execute(
                "insert into grants values (?,?,?,?,?,'a boot')",
                (hashed(SECRET, "grant", *KEY[:2], f"{number}"), *times),
            )
    hand.close()
    for number in range(3):
        assert store.lifts(*KEY[:2], f"{number}", NOW) is None
    store.add(*KEY, seconds=60)
    assert store.lifts(*KEY, NOW) is not None
    store.close()
    with sqlite3.connect(tmp_path / "grants.sqlite") as looked:
        assert looked.execute("select count(*) from grants").fetchone() == (1,)
    looked.close()


@pytest.mark.parametrize(
    "wall, boot, lifted",
    [
        (59.0, 59.0, True),
        (61.0, 61.0, False),
        (-3600.0, 61.0, False),  # the clock was set back an hour: the boot clock ends it
        (-3600.0, 5.0, False),  # set back: the grant seems to lie in the future
        (86400.0, 5.0, False),  # set forward: ended, never lengthened
        (30.0, 61.0, False),  # slowed by NTP
    ],
)
def test_no_clock_lengthens_a_grant(
    store: GrantStore, clocks: tuple[Clock, Clock], wall: float, boot: float, lifted: bool
) -> None:
    store.add(*KEY, seconds=60)
    clocks[0].at += wall
    clocks[1].at += boot
    assert (store.lifts(*KEY, NOW) is not None) is lifted


@pytest.mark.alone
def test_another_worker_sees_it_within_200_ms(tmp_path: Path) -> None:
    first, second = GrantStore(tmp_path / "g", SECRET), GrantStore(tmp_path / "g", SECRET)
    assert second.lifts(*KEY, NOW) is None
    first.add(*KEY, seconds=60)
    deadline = time.monotonic() + 0.2
    while second.lifts(*KEY, NOW) is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert second.lifts(*KEY, NOW) is not None
    first.close()
    second.close()


@pytest.mark.alone
def test_a_locked_file_is_no_wait_and_no_grant(tmp_path: Path) -> None:
    dropped: list[int] = []
    store = GrantStore(tmp_path / "g", SECRET, dropped=lambda: dropped.append(1))
    lock = sqlite3.connect(tmp_path / "g", isolation_level=None)
    lock.execute("begin immediate")
    started = time.perf_counter()
    store.add(*KEY, seconds=60)
    store.lifts(*KEY, NOW)
    assert time.perf_counter() - started < 0.05
    deadline = time.monotonic() + 5
    while not dropped and time.monotonic() < deadline:
        time.sleep(0.02)
    assert dropped == [1]
    assert store.lifts(*KEY, NOW) is None
    lock.close()
    store.close()


def test_it_survives_a_restart(tmp_path: Path) -> None:
    store = GrantStore(tmp_path / "g", SECRET)
    store.add(*KEY, seconds=60)
    store.close()
    again = GrantStore(tmp_path / "g", SECRET)
    assert again.lifts(*KEY, NOW) is not None
    again.close()


def test_neither_person_nor_site_is_on_the_disk(tmp_path: Path) -> None:
    store = GrantStore(tmp_path / "g", SECRET)
    store.add(*KEY, seconds=60)
    store.close()
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"10.8.0.7" not in written and b"forum.example" not in written and b"abcd1234" not in written


def test_another_key_finds_nothing(tmp_path: Path) -> None:
    store = GrantStore(tmp_path / "g", SECRET)
    store.add(*KEY, seconds=60)
    store.close()
    other = GrantStore(tmp_path / "g", b"t" * 32)
    assert other.lifts(*KEY, NOW) is None
    other.close()
