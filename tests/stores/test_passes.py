"""Passes, exams, the relaxation and codes, on real files: who gets what, when it ends, and what a bad disk does."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hedgerow.core.model import Identity
from hedgerow.stores.grants import GrantStore
from hedgerow.stores.pass_rows import GrantKind
from hedgerow.stores.passes import PassError, PassStore, Redeemed, Refused, Scope, Target, open_passes
from hedgerow.stores.record import Record
from hedgerow.stores.spans import Clocks
from hedgerow.stores.state import key, prepare
from hedgerow.stores.unlock_codes import MOST_LIVE
from tests.stores.test_grants import Clock

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECRET = b"s" * 32
SITE = Target("wiki.test", digests=frozenset({"d1"}), rules=("category:games",))
BAND = Scope(band="ages-8-10")
LAN = "Ms Lan"
PUPIL = Identity("10.8.0.7", "ages-8-10", "room-12")
OTHERS = (Identity("10.8.0.8", "ages-5-7", "room-1"), Identity("10.8.0.9", "ages-14-17"))


@pytest.fixture
def wall() -> Clock:
    return Clock(1_000_000.0)


@pytest.fixture
def up() -> Clock:
    return Clock(500.0)


@pytest.fixture
def store(tmp_path: Path, wall: Clock, up: Clock) -> Iterator[PassStore]:
    made = PassStore(tmp_path / "grants.sqlite", SECRET, Record(tmp_path / "record"), Clocks(wall, up, "boot-1"))
    yield made
    made.close()


def worker(tmp_path: Path, wall: Clock, up: Clock) -> GrantStore:
    made = GrantStore(tmp_path / "grants.sqlite", SECRET, wall, up)
    made._granted._clocks = Clocks(wall, up, "boot-1")  # that of ``store``
    return made


def typed(
    store: PassStore, code: str, who: str = "10.8.0.1", host: str = "wiki.test", band: str = "ages-8-10"
) -> object:
    return store.redeem(code, who, who, host, NOW, band, "room-12")


@pytest.mark.parametrize(
    "scope, opens", [(BAND, True), (Scope(network="room-12"), True), (Scope(network="room-1"), False)]
)
def test_a_pass_is_for_its_band_or_network(tmp_path: Path, scope: Scope, opens: bool) -> None:
    store = PassStore(tmp_path / "grants.sqlite", SECRET, Record(tmp_path / "record"))
    row = store.add_pass(scope, SITE, 60, LAN, "a lesson")
    seen = GrantStore(tmp_path / "grants.sqlite", SECRET)
    assert [held.id for held in seen.passes(PUPIL, NOW)] == ([row.id] if opens else [])
    assert seen.passes(OTHERS[1], NOW) == ()
    seen.close()
    store.close()


def test_exam_and_relaxation_reach_the_workers_copy(tmp_path: Path, store: PassStore, wall: Clock, up: Clock) -> None:
    first = store.start_exam(Scope(network="room-12"), [("exam.test", "/a")], 60, LAN, "maths")
    wall.at, up.at = wall.at + 1, up.at + 1
    newer = store.start_exam(BAND, [("exam2.test", "")], 60, LAN, "maths again", [SITE])
    relaxed = store.relax(60, "IT", "it burns")
    seen = worker(tmp_path, wall, up)
    assert first.as_exam.sites == (("exam.test", "/a"),)
    assert seen.exam(PUPIL, NOW) == newer.as_exam and seen.exam(OTHERS[0], NOW) is None
    assert seen.relaxed(NOW) == relaxed.as_relax
    assert [held.host for held in seen.passes(PUPIL, NOW)] == ["wiki.test"]
    store.end(newer.id, LAN)  # with the pass it came with
    seen._granted.refresh()
    assert seen.passes(PUPIL, NOW) == () and seen.exam(PUPIL, NOW) == first.as_exam
    seen.close()


@pytest.mark.parametrize(
    "later, boot, holds",
    [
        (59.0, 59.0, True),
        (61.0, 61.0, False),
        (-3600.0, 61.0, False),  # the wall clock was set back: the boot clock ends it
        (-3600.0, 5.0, False),  # set back: it seems to lie in the future
        (86_400.0, 5.0, False),  # set forward: ended, never longer
        (30.0, 61.0, False),
    ],
)
def test_no_clock_lengthens_anything(
    tmp_path: Path, store: PassStore, wall: Clock, up: Clock, later: float, boot: float, holds: bool
) -> None:
    store.add_pass(BAND, SITE, 60, LAN, "x")
    store.start_exam(BAND, [("exam.test", "")], 60, LAN, "x")
    store.relax(60, LAN, "x")
    code, _ = store.issue(BAND, SITE, 600, 60, 5, LAN, "x")
    seen = worker(tmp_path, wall, up)
    wall.at, up.at = wall.at + later, up.at + boot
    assert bool(seen.passes(PUPIL, NOW)) is holds
    assert (seen.relaxed(NOW) is not None) is holds
    assert (seen.exam(PUPIL, NOW) is not None) is (boot < 60)  # no clock that is set opens anything
    assert len(store.held()) == (3 if holds else boot < 60)
    assert isinstance(typed(store, code), Redeemed) if holds else typed(store, code) is Refused.EXPIRED
    seen.close()


def test_after_a_restart_the_wall_clock_decides(tmp_path: Path, store: PassStore, wall: Clock) -> None:
    store.add_pass(BAND, SITE, 600, LAN, "x")
    record = Record(tmp_path / "record")
    again = PassStore(tmp_path / "grants.sqlite", SECRET, record, Clocks(wall, Clock(2.0), "boot-2"))
    assert len(again.held()) == 1
    wall.at += 601
    assert again.held() == ()
    again.close()


def test_a_code_opens_what_it_was_issued_for_for_each_person_once(store: PassStore) -> None:
    code, row = store.issue(BAND, SITE, 600, 3600, 2, LAN, "a lesson")
    first = typed(store, code, host="en.wiki.test")
    assert isinstance(first, Redeemed) and first.here and (first.host, first.until) == ("wiki.test", 1_000_600.0)
    again = typed(store, code.lower(), host="other.test")
    assert isinstance(again, Redeemed) and again.id == first.id and not again.here
    assert isinstance(typed(store, code, "10.8.0.2"), Redeemed)
    assert typed(store, code, "10.8.0.3") is Refused.USED_UP
    assert [held.parent for held in store.held(GrantKind.PASS)] == [row.id, row.id] and store.codes() == ()


def test_a_code_of_another_band_or_network_is_unknown(store: PassStore) -> None:
    code, _ = store.issue(BAND, SITE, 600, 3600, 9, LAN, "x")
    assert typed(store, code, band="ages-5-7") is Refused.UNKNOWN
    room, _ = store.issue(Scope(network="room-12"), SITE, 600, 3600, 9, LAN, "x")
    assert isinstance(typed(store, room, band="ages-5-7"), Redeemed)
    assert store.redeem(room, "p", "p", "h", NOW, "ages-8-10", "room-1") is Refused.UNKNOWN
    assert store.redeem(code, "p", "p", "h", NOW) is Refused.UNKNOWN  # nobody said whose band it is


def test_a_code_ends(store: PassStore, wall: Clock, up: Clock) -> None:
    code, _ = store.issue(BAND, SITE, 60, 600, 5, LAN, "x")
    first = typed(store, code)
    wall.at, up.at = wall.at + 61, up.at + 61
    assert typed(store, code) is Refused.USED_UP  # theirs is over, and a person may use it once
    assert isinstance(first, Redeemed) and isinstance(typed(store, code, "10.8.0.2"), Redeemed)
    wall.at, up.at = wall.at + 600, up.at + 600
    assert typed(store, code, "10.8.0.3") is Refused.EXPIRED
    wall.at, up.at = wall.at + 90_000, up.at + 90_000
    store.issue(BAND, SITE, 60, 600, 5, LAN, "x")  # which forgets those of yesterday
    assert typed(store, code, "10.8.0.3") is Refused.UNKNOWN


def test_a_teacher_ends_a_code_and_what_it_opened(store: PassStore) -> None:
    code, row = store.issue(BAND, SITE, 600, 600, 5, LAN, "x")
    opened = typed(store, code)
    assert isinstance(opened, Redeemed) and store.end(opened.id, LAN) is not None
    assert typed(store, code) is Refused.USED_UP  # a pass that was taken away does not come back
    typed(store, code, "10.8.0.2")
    assert store.end_code(row.id, LAN) and not store.end_code(row.id, LAN)
    assert store.held() == () and typed(store, code, "10.8.0.3") is Refused.UNKNOWN


def test_ten_wrong_guesses_and_then_not_even_the_right_one(store: PassStore, wall: Clock, up: Clock) -> None:
    code, _ = store.issue(BAND, SITE, 600, 7200, 5, LAN, "x")
    assert [typed(store, "0" * 8) for _ in range(12)] == [Refused.UNKNOWN] * 10 + [Refused.TOO_MANY] * 2
    assert typed(store, code) is Refused.TOO_MANY
    assert isinstance(typed(store, code, "10.8.0.2"), Redeemed)  # nobody else is locked out
    wall.at, up.at = wall.at + 3601, up.at + 3601
    assert isinstance(typed(store, code), Redeemed)


@pytest.mark.parametrize("text", ["", "x" * 70_000, "\x00", "K7Q2", "' or 1=1 --", "ü" * 8, "\ud800" * 8])
def test_nothing_that_is_typed_raises(store: PassStore, text: str) -> None:
    assert typed(store, text, who="\ud800'; drop table codes", host=text) is Refused.UNKNOWN


def test_no_more_codes_than_the_arithmetic_allows(store: PassStore) -> None:
    for _ in range(MOST_LIVE):
        store._ledger.record.append = lambda *_, **__: None  # type: ignore[assignment, method-assign]
        store.issue(BAND, SITE, 600, 600, 1, LAN, "x")
    with pytest.raises(PassError, match="250 unlock codes are live"):
        store.issue(BAND, SITE, 600, 600, 1, LAN, "x")


def test_neither_code_nor_person_is_on_the_disk(tmp_path: Path, store: PassStore) -> None:
    code, _ = store.issue(BAND, SITE, 600, 600, 5, LAN, "x")
    typed(store, code, "10.99.98.97")
    typed(store, "0" * 8, "10.99.98.97")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    written = b"".join(path.read_bytes() for path in files)
    assert code.encode() not in written and b"10.99.98.97" not in written and b"wiki.test" in written


def test_what_is_granted_is_in_the_record_first(tmp_path: Path, store: PassStore) -> None:
    row = store.add_pass(BAND, SITE, 600, LAN, "a lesson")
    code, issued = store.issue(BAND, SITE, 600, 600, 1, LAN, "for one")
    opened = typed(store, code)
    assert isinstance(opened, Redeemed) and store.end(row.id, LAN, "done") == row and store.end(row.id, LAN) is None
    said = [(entry.kind, entry.who, entry.what, entry.why) for entry in Record(tmp_path / "record").entries()]
    assert said == [
        ("grant", LAN, f"pass {row.id}: wiki.test for band ages-8-10", "a lesson"),
        ("grant", LAN, f"unlock code {issued.id}: wiki.test for band ages-8-10", "for one"),
        (
            "grant",
            "portal",
            f"pass {opened.id} by unlock code {issued.id}, 1 of 1: wiki.test for one person",
            "for one",
        ),
        ("grant", LAN, f"ended: pass {row.id}: wiki.test for band ages-8-10", "done"),
    ]


def test_what_cannot_be_recorded_is_not_granted(tmp_path: Path) -> None:
    (tmp_path / "record").write_text("in the way")
    store = PassStore(tmp_path / "grants.sqlite", SECRET, Record(tmp_path / "record"))
    with pytest.raises(OSError):
        store.add_pass(BAND, SITE, 600, LAN, "x")
    assert store.held() == ()
    store.close()


def test_a_locked_file_is_no_grant_and_no_wait_for_anybody(
    tmp_path: Path, store: PassStore, wall: Clock, up: Clock
) -> None:
    code, _ = store.issue(BAND, SITE, 600, 600, 5, LAN, "x")
    held = store.add_pass(BAND, SITE, 600, LAN, "x")
    seen = worker(tmp_path, wall, up)
    lock = sqlite3.connect(tmp_path / "grants.sqlite", isolation_level=None)
    lock.execute("begin immediate")
    started = time.perf_counter()
    for _ in range(1000):
        assert [row.id for row in seen.passes(PUPIL, NOW)] == [held.id] and seen.exam(PUPIL, NOW) is None
    assert time.perf_counter() - started < 5  # a millisecond each on a busy machine; a wait would be 0.2 s each
    started = time.perf_counter()
    with pytest.raises(PassError, match="nothing was granted: database is locked"):
        store.add_pass(BAND, SITE, 60, LAN, "x")
    with pytest.raises(PassError, match="nothing was granted: database is locked"):
        typed(store, code)
    assert time.perf_counter() - started < 8
    lock.close()
    assert len(store.held()) == 1 and isinstance(typed(store, code), Redeemed)
    seen.close()


def spoil(tmp_path: Path, table: str, when: str) -> None:
    """Let the file refuse what comes last, as a disk that fills up does: the entry is written by then."""
    with sqlite3.connect(tmp_path / "grants.sqlite") as other:
        other.execute(f"create trigger full before {when} on {table} begin select raise(abort, 'disk is full'); end")
    other.close()


@pytest.mark.parametrize(
    "table, when, act, told",
    [
        ("granted", "insert", lambda store, code: store.add_pass(BAND, SITE, 60, LAN, "x"), ["pass"]),
        (
            "granted",
            "insert",
            lambda store, code: store.start_exam(BAND, [("a.test", "")], 60, LAN, "x", [SITE]),
            ["exam", "pass"],
        ),
        ("granted", "insert", lambda store, code: store.relax(60, LAN, "x"), ["relax"]),
        ("granted", "insert", lambda store, code: typed(store, code), ["pass"]),
        ("granted", "delete", lambda store, code: store.end(store.held()[0].id, LAN), ["ended: pass"]),
        ("codes", "insert", lambda store, code: store.issue(BAND, SITE, 60, 60, 1, LAN, "x"), ["unlock code"]),
        ("codes", "delete", lambda store, code: store.end_code(store.codes()[0].id, LAN), ["ended: unlock code"]),
    ],
    ids=["pass", "exam", "relax", "redeem", "end", "issue", "end code"],
)
def test_what_did_not_take_place_after_all_the_record_says(
    tmp_path: Path, store: PassStore, table: str, when: str, act: Callable[[PassStore, str], object], told: list[str]
) -> None:
    code, _ = store.issue(BAND, SITE, 600, 600, 5, LAN, "x")
    store.add_pass(BAND, SITE, 600, LAN, "x")
    record, held, codes = Record(tmp_path / "record"), store.held(), store.codes()
    spoil(tmp_path, table, when)
    with pytest.raises(PassError, match="disk is full"):
        act(store, code)
    assert (store.held(), store.codes()) == (held, codes)
    entries = list(record.entries())[2:]
    said, undone = entries[: len(told)], entries[len(told) :]
    assert all(entry.what.startswith(start) for entry, start in zip(said, told, strict=True))
    assert [(entry.kind, entry.who, entry.what, entry.detail) for entry in undone] == [
        (entry.kind, entry.who, f"did not take place: {entry.what}", {"entry": entry.number}) for entry in said
    ]
    assert all("disk is full" in entry.why for entry in undone)


_FULL = """
import resource, sys
from pathlib import Path
from hedgerow.stores.passes import *
from hedgerow.stores.record import Record
from hedgerow.stores.record_entry import Entry
root = Path(sys.argv[1])
class Elsewhere(Record):
    def append(self, *facts, **more): return Entry(1, "", *facts[:3])
store = PassStore(root / "grants.sqlite", b"s" * 32, Elsewhere(root / "record"))
store.add_pass(Scope(band="b"), Target("a.test"), 600, "L", "x")
size = max(path.stat().st_size for path in root.glob("grants.sqlite*"))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    for _ in range(50):
        store.add_pass(Scope(band="b"), Target("b.test"), 600, "L", "x")
except PassError as error:
    print(error, [row.target.host for row in store.held()].count("a.test"))
"""


def test_a_full_disk_is_no_grant(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _FULL, tmp_path], capture_output=True, text=True, timeout=60)
    assert "nothing was granted" in done.stdout and done.stdout.strip().endswith(" 1"), done.stderr


def test_of_twenty_at_once_only_as_many_as_it_has_uses(tmp_path: Path) -> None:
    stores = [PassStore(tmp_path / "grants.sqlite", SECRET, Record(tmp_path / "record")) for _ in range(4)]
    code, _ = stores[0].issue(BAND, SITE, 600, 600, 7, LAN, "x")
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda n: typed(stores[n % 4], code, f"10.8.0.{n}"), range(20), chunksize=5))
    assert sum(isinstance(one, Redeemed) for one in done) == 7
    assert sum(one is Refused.USED_UP for one in done) == 13
    for one in stores:
        one.close()


_REDEEMS = """
import sys
from datetime import UTC, datetime
from hedgerow.stores.passes import open_passes
from hedgerow.stores.state import State
from pathlib import Path
store = open_passes(State(Path(sys.argv[1])))
for number in range(int(sys.argv[3]), 10**9):
    store.redeem(sys.argv[2], str(number), str(number), "wiki.test", datetime.now(UTC), "ages-8-10")
    print("one more", flush=True)
"""


def test_a_kill_at_any_moment_leaves_uses_and_passes_alike(tmp_path: Path) -> None:
    state = prepare(tmp_path / "state")
    store = open_passes(state)
    code, row = store.issue(BAND, SITE, 600, 600, 1000, LAN, "x")
    for kill in range(5):
        command = [sys.executable, "-c", _REDEEMS, str(state.root), code, str(kill * 100_000)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None and process.stdout.readline() == b"one more\n"
            time.sleep(0.03 + 0.017 * kill)
            os.kill(process.pid, signal.SIGKILL)
        used = next(live.used for live in store.codes() if live.id == row.id)
        assert used == len(store.held(GrantKind.PASS)) > 0
    seen = GrantStore(state.grants, key(state.keys / "grants.key"))
    person = Identity("0", "ages-8-10")
    assert len(seen.passes(person, NOW)) == 1  # a worker that starts now knows what was opened before
    seen.close()
    store.close()


def test_two_workers_in_processes_of_their_own_follow(tmp_path: Path) -> None:
    state = prepare(tmp_path / "state")
    store = open_passes(state)
    follow = """
import sys, time
from pathlib import Path
from hedgerow.core.model import Identity
from hedgerow.stores.grants import GrantStore
from hedgerow.stores.state import State, key
state = State(Path(sys.argv[1]))
grants = GrantStore(state.grants, key(state.keys / "grants.key"))
print("ready", flush=True)
for want in (1, 0):
    while len(grants.passes(Identity("p", "ages-8-10"), None)) != want: time.sleep(0.005)
    print(time.time(), flush=True)
"""
    command = [sys.executable, "-c", follow, str(state.root)]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    streams = [process.stdout for process in workers if process.stdout is not None]
    assert [stream.readline() for stream in streams] == ["ready\n"] * 2
    granted = time.time()
    row = store.add_pass(BAND, SITE, 600, LAN, "x")
    assert all(float(stream.readline()) - granted < 2 for stream in streams)
    ended = time.time()
    store.end(row.id, LAN)
    assert all(float(stream.readline()) - ended < 2 for stream in streams)
    for process in workers:
        assert process.wait(timeout=10) == 0
        assert process.stdout is not None
        process.stdout.close()
    store.close()
