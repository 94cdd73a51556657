"""Reading the log: all workers as one, torn lines skipped, positions kept, old segments deleted."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hedgerow.stores.spool import EventSpool
from hedgerow.stores.spool_reader import (
    Expired,
    Position,
    Reading,
    expire,
    load_marks,
    read_events,
    save_marks,
    segments,
    size,
)
from tests.stores.spooled import event, filled


def test_workers_are_read_as_one(tmp_path: Path) -> None:
    for slot in ("0", "1"):
        spool = EventSpool(tmp_path / slot, lambda count: None)
        for number in range(int(slot), 10, 2):
            spool.append(event(number))
        spool.close()
    assert [e["rule"] for e in read_events(tmp_path)] == [f"r{n}" for n in range(10)]


def test_a_torn_last_line_is_skipped_and_counted(tmp_path: Path) -> None:
    filled(tmp_path / "0", 3)
    segment = segments(tmp_path / "0")[0]
    segment.write_bytes(segment.read_bytes()[:-5])
    reading = Reading(tmp_path)
    assert [e["rule"] for e in reading.events()] == ["r0", "r1"]
    assert reading.torn == 1


def test_a_reader_goes_on_where_it_stopped(tmp_path: Path) -> None:
    filled(tmp_path / "0", 5)
    first = Reading(tmp_path)
    assert len(list(first.events())) == 5
    save_marks(tmp_path, first.positions)
    filled(tmp_path / "0", 2)
    filled(tmp_path / "1", 1)
    again = Reading(tmp_path, load_marks(tmp_path))
    assert [e["rule"] for e in again.events()] == ["r0", "r0", "r1"]
    save_marks(tmp_path, again.positions)
    assert list(Reading(tmp_path, load_marks(tmp_path)).events()) == []


@pytest.mark.parametrize("content", ["", "[]", "{", '{"0": 5}', '{"0": [1]}', '{"0": ["x", "y"]}'])
def test_damaged_marks_read_everything_again(tmp_path: Path, content: str) -> None:
    (tmp_path / "read.json").write_text(content)
    assert load_marks(tmp_path) == {}


def test_retention_deletes_by_age_and_counts_the_unread(tmp_path: Path) -> None:
    filled(tmp_path / "0", 4)
    reading = Reading(tmp_path)
    events = reading.events()
    next(events), next(events)
    save_marks(tmp_path, {"0": Position(int(segments(tmp_path / "0")[0].stem), 1)})
    now = time.time()
    assert expire(tmp_path, 30, now + 29 * 86_400) == Expired()
    assert size(tmp_path) > 0
    assert expire(tmp_path, 30, now + 31 * 86_400) == Expired(segments=1, unread=2)
    assert list(read_events(tmp_path)) == []
    assert size(tmp_path) == 0


def test_a_folder_that_is_not_there_has_no_events(tmp_path: Path) -> None:
    assert list(read_events(tmp_path / "none")) == []
