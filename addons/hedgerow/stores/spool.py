"""The decision log's spool: a folder per worker, written by one thread, which the filter never waits for.

A segment's name is never used twice. A line is ``sequence checksum json``: the checksum (CRC-32, ISO 3309) tells a
line that was cut by a power failure. Lines go out in one write a batch; fsync comes at most once a second.
"""

from __future__ import annotations

import json
import os
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

_BATCH_SECONDS = 0.2
_SYNC_SECONDS = 1.0
SUFFIX = ".events"


def encode_line(sequence: int, content: Mapping[str, object]) -> bytes:
    """One line of a segment. JSON escapes control characters, so a URL cannot forge a line or colour a terminal."""
    body = f"{sequence} {json.dumps(content, separators=(',', ':'))}".encode()
    return b"%08x " % zlib.crc32(body) + body + b"\n"


def decode_line(line: bytes) -> tuple[int, dict[str, str]] | None:
    """(sequence, event), or None for a line that is torn or was tampered with."""
    checksum, _, body = line.rstrip(b"\n").partition(b" ")
    if not line.endswith(b"\n") or checksum != b"%08x" % zlib.crc32(body):
        return None
    sequence, _, text = body.partition(b" ")
    try:
        content: dict[str, str] = json.loads(text)
        return int(sequence), content
    except ValueError:  # the right checksum over something we never wrote
        return None


class EventSpool:
    """Takes events at once and writes them soon. ``dropped`` and ``written`` are told how many were lost or kept."""

    def __init__(
        self,
        folder: Path,
        dropped: Callable[[int], None],
        written: Callable[[int], None] = lambda count: None,
        *,
        queue: int = 20_000,
        segment_bytes: int = 8 << 20,
        segment_seconds: float = 3600.0,
    ) -> None:
        """``folder`` is this worker's alone; it is made when missing. Raises OSError."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder, self._dropped, self._written = folder, dropped, written
        self._queue: deque[Mapping[str, object]] = deque()
        self._limit, self._bytes, self._seconds = queue, segment_bytes, segment_seconds
        self._sequence = 0
        self._descriptor: int | None = None
        self._size, self._opened, self._synced = 0, 0.0, 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="event-spool", daemon=True)
        self._thread.start()

    def append(self, event: Mapping[str, object]) -> None:
        """Queue one event. Never waits, never raises: a full queue drops and counts."""
        if len(self._queue) >= self._limit:
            self._dropped(1)
        else:
            self._queue.append(event)

    def close(self, timeout: float = 5.0) -> None:
        """Write what is queued and stop. What could not be written within ``timeout`` seconds is lost."""
        self._stop.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        while not self._stop.wait(_BATCH_SECONDS):
            self._write_batch()
        self._write_batch()
        self._close_segment()

    def _write_batch(self) -> None:
        count = len(self._queue)
        if count:
            events = [self._queue.popleft() for _ in range(count)]
            try:
                self._write(events)
                self._written(count)
            except OSError:  # the disk is full or failing: filtering goes on, the loss is counted
                self._dropped(count)
                self._close_segment()
        self._sync()

    def _write(self, events: list[Mapping[str, object]]) -> None:
        descriptor = self._segment()
        lines = [encode_line(self._sequence + number, event) for number, event in enumerate(events)]
        self._sequence += len(events)
        content = b"".join(lines)
        if os.write(descriptor, content) != len(content):
            raise OSError("short write")
        self._size += len(content)

    def _segment(self) -> int:
        full = self._size >= self._bytes or time.monotonic() - self._opened > self._seconds
        if self._descriptor is not None and not full:
            return self._descriptor
        self._close_segment()
        path = self._folder / f"{next_segment(self._folder):020d}{SUFFIX}"
        self._descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_WRONLY, 0o600)
        self._size, self._opened, self._sequence = 0, time.monotonic(), 0
        return self._descriptor

    def _sync(self) -> None:
        now = time.monotonic()
        if self._descriptor is None or self._size == 0 or now - self._synced < _SYNC_SECONDS:
            return
        self._synced = now
        try:
            os.fsync(self._descriptor)
        except OSError:  # a failed fsync says nothing of which lines were lost; the checksums will
            self._close_segment()

    def _close_segment(self) -> None:
        if self._descriptor is not None:
            try:
                os.close(self._descriptor)
            except OSError:  # the disk refused what it had accepted: the checksums will show it
                pass
            self._descriptor = None


def next_segment(folder: Path) -> int:
    """A name never used before: the time in microseconds, or one past the last name when the clock went back."""
    last = max((int(p.stem) for p in folder.glob(f"*{SUFFIX}") if p.stem.isdigit()), default=0)
    kept = folder / "last"
    if kept.exists():
        last = max(last, int(kept.read_text() or "0"))
    name = max(int(time.time() * 1_000_000), last + 1)
    kept.write_text(str(name))  # retention may delete the newest segment; its name stays used
    return name
