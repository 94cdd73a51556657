"""Alerts on their way from a worker to the portal: each batch a small file of its own. The filter never waits for it.

A file is whole when it has its name (written aside, fsync, rename), and is taken away once its alerts are in the
reports' store (``stores.alert_taking``): a child's words do not lie in two places. A disk that is full or failing, or a
portal that takes none, holds alerts up in memory, a thousand at most; they are tried again until they fit.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from hedgerow.stores.spool import decode_line, encode_line

logger = logging.getLogger(__name__)

SUFFIX = ".alerts"
MOST_BYTES = 16 << 20
"""What may wait on the disk: a flood while the portal is down does not fill it."""
_BATCH_SECONDS = 0.2
_AGAIN_SECONDS = 1.0


class AlertSpool:
    """Takes alerts at once and writes them soon. ``dropped`` is told how many were lost because the queue was full."""

    def __init__(
        self, folder: Path, slot: int | str, dropped: Callable[[int], object] = lambda count: None, queue: int = 1_000
    ) -> None:
        """``folder`` is all workers'; it is made when missing. ``slot`` keeps their names apart. Raises OSError."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder, self._slot, self._dropped, self._limit = folder, slot, dropped, queue
        self._queue: deque[Mapping[str, str]] = deque()
        self._last, self._failing = 0, False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alert-spool", daemon=True)
        self._thread.start()

    def append(self, alert: Mapping[str, str]) -> None:
        """Queue one alert. Never waits, never raises: a full queue drops and counts."""
        if len(self._queue) >= self._limit:
            self._dropped(1)
        else:
            self._queue.append(alert)

    def close(self, timeout: float = 5.0) -> None:
        """Write what is queued and stop; what the disk does not take even now is lost, and counted."""
        self._stop.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        while not self._stop.wait(_AGAIN_SECONDS if self._failing else _BATCH_SECONDS):
            self._write_batch()
        self._write_batch()
        if self._queue:
            self._dropped(len(self._queue))

    def _write_batch(self) -> None:
        batch = [self._queue.popleft() for _ in range(len(self._queue))]
        if not batch:
            return
        try:
            self._write(batch)
            self._failing = False
        except OSError as error:
            self._queue.extendleft(reversed(batch))
            if not self._failing:
                logger.error("%d alerts wait for the disk: %s", len(batch), error)
            self._failing = True

    def _write(self, batch: list[Mapping[str, str]]) -> None:
        if sum(path.stat().st_size for path in waiting(self._folder)) > MOST_BYTES:
            raise OSError("nobody takes the alerts that wait")
        content = b"".join(encode_line(number, alert) for number, alert in enumerate(batch))
        self._last = max(time.time_ns() // 1000, self._last + 1)
        path = self._folder / f"{self._last:020d}-{self._slot}{SUFFIX}"
        aside = path.with_suffix(".new")
        try:
            with open(aside, "wb", opener=_private) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.rename(aside, path)
        except OSError:
            aside.unlink(missing_ok=True)
            raise


def waiting(folder: Path) -> list[Path]:
    """The files that wait to be taken, oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []


def read_alerts(path: Path) -> tuple[list[dict[str, str]], int]:
    """The alerts of one file, and how many of its lines nobody can read. Raises OSError."""
    lines = [decode_line(line) for line in path.read_bytes().splitlines(keepends=True)]
    whole = [line[1] for line in lines if line is not None]
    return whole, len(lines) - len(whole)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
