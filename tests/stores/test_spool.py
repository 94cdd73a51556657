"""The spool never waits, loses nothing it need not, and counts what it lost."""

from __future__ import annotations

import errno
import os
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.stores.spool import SUFFIX, EventSpool, decode_line, encode_line, next_segment
from hedgerow.stores.spool_reader import (
    Reading,
    read_events,
    segments,
)
from tests.stores.spooled import Counts, event, filled


def test_what_is_appended_is_read_back_in_order(tmp_path: Path) -> None:
    counts = filled(tmp_path / "0", 1000)
    assert (counts.dropped, counts.written) == (0, 1000)
    assert list(read_events(tmp_path)) == [event(n) for n in range(1000)]
    assert (tmp_path / "0").stat().st_mode & 0o777 == 0o700
    assert segments(tmp_path / "0")[0].stat().st_mode & 0o777 == 0o600


@pytest.mark.alone
def test_append_never_waits_and_a_full_queue_is_counted(tmp_path: Path) -> None:
    counts = Counts()
    spool = EventSpool(tmp_path / "0", counts.drop, queue=100)
    started = time.perf_counter()
    for number in range(50_000):
        spool.append(event(number))
    assert time.perf_counter() - started < 1.0
    spool.close()
    kept = len(list(read_events(tmp_path)))
    assert kept + counts.dropped == 50_000
    assert counts.dropped > 0


def test_a_full_disk_drops_counts_and_recovers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Counts()
    real = os.write

    def full(descriptor: int, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, "write", full)
    spool = EventSpool(tmp_path / "0", counts.drop, counts.write)
    spool.append(event(1))
    deadline = time.monotonic() + 5
    while not counts.dropped and time.monotonic() < deadline:
        time.sleep(0.02)
    monkeypatch.setattr(os, "write", real)
    spool.append(event(2))
    spool.close()
    assert (counts.dropped, counts.written) == (1, 1)
    assert list(read_events(tmp_path)) == [event(2)]


def test_a_short_write_starts_a_new_segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    calls: list[int] = []

    def short(descriptor: int, content: bytes) -> int:
        calls.append(len(content))
        return real(descriptor, content[:10] if len(calls) == 1 else content)

    monkeypatch.setattr(os, "write", short)
    counts = Counts()
    spool = EventSpool(tmp_path / "0", counts.drop, counts.write)
    spool.append(event(1))
    while not calls:
        time.sleep(0.02)
    spool.append(event(2))
    spool.close()
    reading = Reading(tmp_path)
    assert list(reading.events()) == [event(2)]
    assert (reading.torn, counts.dropped, len(segments(tmp_path / "0"))) == (1, 1, 2)


def test_segments_are_cut_by_size_and_never_named_twice(tmp_path: Path) -> None:
    counts = Counts()
    spool = EventSpool(tmp_path / "0", counts.drop, segment_bytes=1)
    for number in range(3):
        spool.append(event(number))
        time.sleep(0.25)
    spool.close()
    assert len(segments(tmp_path / "0")) == 3
    assert len(list(read_events(tmp_path))) == 3
    newest = segments(tmp_path / "0")[-1]
    newest.unlink()
    assert next_segment(tmp_path / "0") > int(newest.stem)


def test_a_clock_set_back_still_names_forward(tmp_path: Path) -> None:
    future = int(time.time() * 1e6) + 10**12
    (tmp_path / f"{future:020d}{SUFFIX}").touch()
    assert next_segment(tmp_path) == future + 1
    assert next_segment(tmp_path) == future + 2


@given(st.integers(0, 2**40), st.dictionaries(st.text(max_size=5), st.text(), max_size=4))
def test_a_line_is_one_line_and_comes_back(sequence: int, content: dict[str, str]) -> None:
    line = encode_line(sequence, content)
    assert line.count(b"\n") == 1 and line.isascii() and b"\x1b" not in line
    assert decode_line(line) == (sequence, content)


@pytest.mark.parametrize("body", [b"", b"1", b"1 {", b"x {}", b"1 \xff"])
def test_a_right_checksum_over_nonsense_is_torn(body: bytes) -> None:
    assert decode_line(b"%08x " % zlib.crc32(body) + body + b"\n") is None


@given(st.binary(max_size=80))
def test_any_bytes_are_an_event_or_torn(line: bytes) -> None:
    assert decode_line(line) is None


@given(st.data())
def test_one_changed_byte_is_noticed(data: st.DataObject) -> None:
    line = encode_line(7, {"rule": "category:games"})
    at = data.draw(st.integers(0, len(line) - 1))
    changed = line[:at] + bytes([line[at] ^ data.draw(st.integers(1, 255))]) + line[at + 1 :]
    assert decode_line(changed) is None
