"""The change record as it is written: what an entry holds, and what a crash, a crowd and a full disk do to it."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from hedgerow.stores.record import Record, RecordError
from hedgerow.stores.record_entry import FIRST


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(tmp_path / "record")


def test_an_entry_says_who_when_what_and_why(tmp_path: Path) -> None:
    record = Record(tmp_path / "record", clock=lambda: 1_764_000_000.25)
    record.append("grant", "Minh (root)", "pass for ages-8-10", "lesson on volcanoes", {"minutes": 40})
    [entry] = record.entries()
    assert (entry.number, entry.kind, entry.who, entry.what) == (1, "grant", "Minh (root)", "pass for ages-8-10")
    assert (entry.why, dict(entry.detail)) == ("lesson on volcanoes", {"minutes": 40})
    assert (entry.time, entry.before) == ("2025-11-24T16:00:00.250+00:00", FIRST)


def test_each_entry_names_the_one_before_and_the_head_names_the_last(record: Record) -> None:
    for number in range(3):
        record.append("policy", "editor", f"change {number}")
    lines = [line for line in record.lines() if line]
    assert [line.entry.before for line in lines] == [FIRST, lines[0].hash, lines[1].hash]
    assert (record.head().entries, record.head().hash) == (3, lines[2].hash)
    assert record.head().fingerprint == int(lines[2].hash[:12], 16) < 2**48


def test_a_kind_nobody_knows_is_refused_and_writes_nothing(record: Record) -> None:
    with pytest.raises(ValueError, match="unknown kind 'secret'; known: policy, list"):
        record.append("secret", "x", "y")
    assert not record.log.exists()


def test_no_text_forges_a_line_or_colours_a_terminal(record: Record) -> None:
    record.append("grant", "eve\r\n1 2 {}", "\x1b[2Jgone\u2028\u202e", "why\nnot", {"k\n": "v\x9b31m"})
    raw = record.log.read_bytes()
    assert raw.count(b"\n") == 1 and all(0x20 <= byte < 0x7F for byte in raw[:-1])
    [entry] = record.entries()
    assert entry.what == "\x1b[2Jgone\u2028\u202e"


def test_a_megabyte_is_cut(record: Record) -> None:
    record.append("grant", "w" * 2**20, "u" * 2**20, "r" * 2**20, {"url": "\x00" * 2**20, "why": "short"})
    [entry] = record.entries()
    assert (len(entry.who), len(entry.what), len(entry.why)) == (200, 500, 1000)
    assert str(entry.detail["url"]).endswith(" [cut]") and entry.detail["why"] == "short"
    assert record.log.stat().st_size < 110_000


def _append(folder: Path, count: int) -> None:
    for number in range(count):
        Record(folder).append("grant", str(os.getpid()), f"entry {number}")


def test_a_crowd_of_processes_makes_one_chain(record: Record) -> None:
    context = multiprocessing.get_context("fork")
    crowd = [context.Process(target=_append, args=(record.log.parent, 12)) for _ in range(4)]
    for process in crowd:
        process.start()
    for process in crowd:
        process.join()
    lines = [line for line in record.lines() if line]
    assert [line.entry.number for line in lines] == list(range(1, 49))
    assert all(late.entry.before == early.hash for early, late in zip(lines, lines[1:], strict=False))


def test_killed_at_any_moment_nothing_is_lost_that_was_said_to_be_recorded(record: Record) -> None:
    context = multiprocessing.get_context("fork")
    for pause in range(1, 9):
        process = context.Process(target=_append, args=(record.log.parent, 10_000))
        process.start()
        time.sleep(0.004 * pause + 0.02)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        before = record.head().entries
        record.append("report", "after the crash", str(pause))
        numbers = [line.entry.number for line in record.lines() if line]
        assert len(numbers) > before and numbers == list(range(1, len(numbers) + 1))


def test_a_line_torn_by_a_power_failure_stays_and_the_chain_goes_on(record: Record) -> None:
    record.append("grant", "a", "first")
    with record.log.open("ab") as file:
        file.write(b"abc 12")
    record.append("grant", "a", "second")
    first, torn, second = record.lines()
    assert torn is None and first and second
    assert (second.entry.number, second.entry.before) == (2, first.hash)


def test_whoever_holds_the_lock_holds_nobody_up_for_long(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hedgerow.stores.record._WAIT_SECONDS", 0.1)
    record.append("grant", "a", "first")
    with record.log.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(RecordError, match="another process holds it"):
            record.append("grant", "a", "second")
    assert record.head().entries == 1


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "record").write_text("a file where the folder should be")
    with pytest.raises(RecordError, match="not recorded"):
        Record(tmp_path / "record").append("grant", "a", "b")


def test_a_link_in_place_of_the_file_is_not_followed(record: Record, tmp_path: Path) -> None:
    record.log.parent.mkdir()
    record.log.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RecordError):
        record.append("grant", "a", "b")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("length", [10, 5_000, 60_000, 200_000])
def test_after_an_entry_of_any_length_the_chain_goes_on(record: Record, length: int) -> None:
    for number in range(3):
        record.append("policy", "a", f"change {number}", "", {"diff": "\u1ea1" * length})
        with record.log.open("ab") as file:
            file.write(b"torn\n" * 3)
    entries = list(record.entries())
    assert [entry.number for entry in entries] == [1, 2, 3] and [entry.step for entry in entries] == [0, 1, 2]


def test_an_entry_is_on_the_disk_before_it_is_said_to_be(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []

    def fsync(descriptor: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")).name.split(".")[0] or "key or head")

    monkeypatch.setattr(os, "fsync", fsync)
    record.append("policy", "a", "first")
    assert synced == ["key or head", "changes", "key or head", "key or head"], "starting key, entry, next key, head"
