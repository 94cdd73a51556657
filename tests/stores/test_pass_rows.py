"""Rows of ``grants.sqlite``: an odd one is skipped and counted, and an exam is ended by no clock that was set."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow.stores.pass_facts import facts
from hedgerow.stores.passes import PassStore, Refused, Scope
from hedgerow.stores.record import Record
from hedgerow.stores.spans import Clocks
from hedgerow.supervisor_box import Box, render
from tests.stores.test_grants import Clock
from tests.stores.test_passes import BAND, LAN, NOW, PUPIL, SECRET, SITE, typed, worker

FORWARD = 40_000.0
ODD = (
    "update granted set kind = 'holiday' where id = ?",
    "update granted set sites = '{' where id = ?",
    "update granted set digests = '5' where id = ?",
    "update granted set person = 'x' where id = ?",
    "update granted set wall_end = 'soon' where id = ?",
)


@pytest.fixture
def wall() -> Clock:
    return Clock(1_000_000.0)


@pytest.fixture
def up() -> Clock:
    return Clock(500.0)


@pytest.fixture
def clocks(wall: Clock, up: Clock) -> Clocks:
    return Clocks(wall, up, "boot-1")


@pytest.fixture
def store(tmp_path: Path, clocks: Clocks) -> Iterator[PassStore]:
    made = PassStore(tmp_path / "grants.sqlite", SECRET, Record(tmp_path / "record"), clocks)
    yield made
    made.close()


def spoil(path: Path, statement: str, ident: str) -> None:
    with sqlite3.connect(path, isolation_level=None) as other:
        assert other.execute(statement, (ident,)).rowcount == 1
    other.close()


@pytest.mark.parametrize("statement", ODD)
def test_an_odd_row_takes_nothing_else_away(
    tmp_path: Path, store: PassStore, clocks: Clocks, wall: Clock, up: Clock, statement: str
) -> None:
    path = tmp_path / "grants.sqlite"
    kept, odd = (store.add_pass(BAND, SITE, 600, LAN, "x") for _ in range(2))
    spoil(path, statement, odd.id)
    assert [row.id for row in store.held()] == [kept.id]
    reader = worker(tmp_path, wall, up)
    assert [one.id for one in reader.passes(PUPIL, NOW)] == [kept.id]
    reader.close()
    told = facts(path, clocks)
    assert (told.passes, told.odd) == (1, 1)
    assert "hedgerow_grants_unreadable 1.0" in render(Box(grants=lambda: told), str(tmp_path)).decode()


def test_an_odd_code_is_unknown(tmp_path: Path, store: PassStore, clocks: Clocks) -> None:
    code, row = store.issue(BAND, SITE, 600, 600, 1, LAN, "x")
    spoil(tmp_path / "grants.sqlite", "update codes set digests = '[' where id = ?", row.id)
    assert store.codes() == () and typed(store, code) is Refused.UNKNOWN
    assert facts(tmp_path / "grants.sqlite", clocks).odd == 1


def test_a_clock_that_is_set_ends_no_exam(
    tmp_path: Path, store: PassStore, clocks: Clocks, wall: Clock, up: Clock
) -> None:
    exam = store.start_exam(BAND, [("exam.test", "")], 600, LAN, "maths")
    store.add_pass(BAND, SITE, 600, LAN, "x")
    reader = worker(tmp_path, wall, up)
    for step in (FORWARD, -FORWARD):
        wall.at = 1_000_000.0 + step
        store.relax(1, LAN, "something is written, and what is over goes")
        assert exam.id in [row.id for row in store.held()]
        held = reader.exam(PUPIL, NOW)
        assert held is not None and held.id == exam.id and not reader.passes(PUPIL, NOW)
        assert facts(tmp_path / "grants.sqlite", clocks).exams == 1
    up.at += 601
    assert reader.exam(PUPIL, NOW) is None and not store.held()
    reader.close()


def test_after_a_restart_the_wall_clock_ends_it(tmp_path: Path, store: PassStore, wall: Clock) -> None:
    store.start_exam(Scope(network="room-12"), [("exam.test", "")], 600, LAN, "maths")
    again = PassStore(
        tmp_path / "grants.sqlite", SECRET, Record(tmp_path / "record"), Clocks(wall, Clock(3.0), "boot-2")
    )
    assert len(again.held()) == 1
    wall.at += 601
    assert again.held() == ()
    again.close()
