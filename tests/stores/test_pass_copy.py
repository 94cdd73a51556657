"""A worker's copy on its own: it follows the file, tells of each beginning and end, and outlives what is called."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hedgerow.stores.pass_copy import PassCopy
from hedgerow.stores.passes import PassStore
from hedgerow.stores.record import Record
from hedgerow.stores.spans import Clocks
from tests.stores.test_passes import BAND, LAN, PUPIL, SECRET, SITE, store, up, wall

__all__ = ["store", "up", "wall"]


def within(seconds: float, true: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return true()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_it_tells_of_each_beginning_and_end_whatever_the_listener_does(tmp_path: Path) -> None:
    path = tmp_path / "grants.sqlite"
    store = PassStore(path, SECRET, Record(tmp_path / "record"))
    told: list[str] = []
    copy = PassCopy(path, SECRET, Clocks.here())

    def listener() -> None:
        told.append(threading.current_thread().name)
        raise RuntimeError("a bug of ours")

    copy.changed = listener
    row = store.add_pass(BAND, SITE, 0.6, LAN, "x")
    assert within(2, lambda: [held.id for held in copy.passes(PUPIL)] == [row.id])
    assert within(2, lambda: len(told) == 2) and copy.passes(PUPIL) == ()  # it began, and ended by itself
    store.relax(60, LAN, "x")
    assert within(2, lambda: copy.relaxed() is not None and len(told) == 3)
    assert set(told) == {"grants-changed"}
    copy.close()
    # What the last one raised belongs to this test, not to the next.
    assert within(2, lambda: all(thread.name != "grants-changed" for thread in threading.enumerate()))
    store.close()


def test_a_file_that_becomes_unreadable_leaves_what_is_known(tmp_path: Path, store: PassStore) -> None:
    row = store.add_pass(BAND, SITE, 60, LAN, "x")
    copy = PassCopy(tmp_path / "grants.sqlite", SECRET, store._ledger.clocks, follow=False)
    copy.refresh()  # its connection is closed: nothing more can be read
    assert [held.id for held in copy.passes(PUPIL)] == [row.id]
    copy.close()


def test_the_relaxation_that_ends_last_is_told(tmp_path: Path, store: PassStore) -> None:
    longer = store.relax(60, LAN, "x")
    store.relax(30, LAN, "y")
    copy = PassCopy(tmp_path / "grants.sqlite", SECRET, store._ledger.clocks, follow=False)
    assert copy.relaxed() == longer.as_relax
