"""Reading the decision log: all workers' spools as one, from a position on; and its retention."""

from __future__ import annotations

import heapq
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hedgerow.stores.spool import SUFFIX, decode_line
from hedgerow.stores.state import write_whole

_MARKS = "read.json"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """How far one worker's spool was read: everything up to this line of this segment."""

    segment: int
    sequence: int


@dataclass(slots=True)
class Reading:
    """One pass over the log; ``torn`` and ``positions`` are known once ``events`` was consumed."""

    root: Path
    since: Mapping[str, Position] = field(default_factory=dict)
    torn: int = 0
    positions: dict[str, Position] = field(default_factory=dict)

    def events(self) -> Iterator[dict[str, str]]:
        """All events after ``since``, oldest first. A torn line is skipped and counted."""
        self.positions = dict(self.since)
        slots = [self._slot(folder) for folder in slot_folders(self.root)]
        return heapq.merge(*slots, key=lambda event: event.get("time", ""))

    def _slot(self, folder: Path) -> Iterator[dict[str, str]]:
        start = self.since.get(folder.name, Position(-1, -1))
        for segment in segments(folder):
            if int(segment.stem) >= start.segment:
                yield from self._segment(folder.name, segment, start)

    def _segment(self, slot: str, path: Path, start: Position) -> Iterator[dict[str, str]]:
        try:
            lines = path.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:  # retention was quicker
            return
        for line in lines:
            decoded = decode_line(line)
            if decoded is None:
                self.torn += 1
                continue
            position = Position(int(path.stem), decoded[0])
            if position > start:
                self.positions[slot] = position
                yield decoded[1]


def read_events(root: Path) -> Iterator[dict[str, str]]:
    """All events in the log, oldest first."""
    return Reading(root).events()


def slot_folders(root: Path) -> list[Path]:
    return sorted(p for p in root.iterdir() if p.is_dir()) if root.is_dir() else []


def segments(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob(f"*{SUFFIX}") if p.stem.isdigit())


def load_marks(root: Path) -> dict[str, Position]:
    """How far ``hedgerow events --new`` had read; nothing when it never ran or the file is damaged."""
    try:
        raw = json.loads((root / _MARKS).read_text())
        return {slot: Position(int(mark[0]), int(mark[1])) for slot, mark in raw.items()}
    except (FileNotFoundError, ValueError, KeyError, IndexError, TypeError, AttributeError):
        return {}


def save_marks(root: Path, marks: Mapping[str, Position]) -> None:
    """Remember how far was read. Raises OSError."""
    content = {slot: [mark.segment, mark.sequence] for slot, mark in marks.items()}
    write_whole(root / _MARKS, json.dumps(content).encode())


@dataclass(slots=True)
class Expired:
    """What a retention run deleted, and the first fault it met."""

    segments: int = 0
    unread: int = 0
    fault: OSError | None = None


def expire(root: Path, keep_days: float, now: float) -> Expired:
    """Delete segments last written more than ``keep_days`` ago, read or not. A fault with one holds up no other."""
    marks, found = load_marks(root), Expired()
    for folder in slot_folders(root):
        mark = marks.get(folder.name, Position(-1, -1))
        for path in segments(folder):
            try:
                if now - path.stat().st_mtime > keep_days * 86_400:
                    unread = _unread(path, mark)
                    os.unlink(path)
                    found.segments, found.unread = found.segments + 1, found.unread + unread
            except FileNotFoundError:  # somebody else was quicker
                continue
            except OSError as error:
                found.fault = found.fault or error
    return found


def _unread(path: Path, mark: Position) -> int:
    decoded = (decode_line(line) for line in path.read_bytes().splitlines(keepends=True))
    return sum(1 for item in decoded if item is not None and Position(int(path.stem), item[0]) > mark)


def size(root: Path) -> int:
    """Bytes the log takes on disk."""
    return sum(path.stat().st_size for folder in slot_folders(root) for path in segments(folder))
