"""A spool with events in it, for the tests of writing and of reading."""

from __future__ import annotations

from pathlib import Path

from hedgerow.stores.spool import EventSpool


class Counts:
    def __init__(self) -> None:
        self.dropped = self.written = 0

    def drop(self, count: int) -> None:
        self.dropped += count

    def write(self, count: int) -> None:
        self.written += count


def event(number: int) -> dict[str, str]:
    return {"time": f"2026-11-23T10:00:00.{number:06d}", "rule": f"r{number}"}


def filled(folder: Path, count: int, **options: int) -> Counts:
    counts = Counts()
    spool = EventSpool(folder, counts.drop, counts.write, **options)
    for number in range(count):
        spool.append(event(number))
    spool.close()
    return counts
