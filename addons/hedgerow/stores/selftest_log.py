"""What the self-test found, run by run: a line of JSON each, a file each month, for the monthly sheet and the doctor.

::

    selftest/2026-11.jsonl   {"at": 1795996800, "seconds": 2.1, "policy": "...", "counts": {"floor": [15, 15], ...},
                              "failed": [["floor", "staff", "malware.test.hedgerow.internal", "..."]],
                              "totals": {"requests": 120311, "unread": 9120, "dropped": 0}, "unasked": {"doh": 10}}

Nothing in it is about a person: canaries are the gateway's own, and the counters are sums over everybody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MOST_FAILED = 20
"""Canaries a line names; the counts say how many there were."""
KEPT_MONTHS = 13
"""A year and the month before it: what a report compares with."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One run as it is kept. ``totals`` are counters of all traffic at that moment: requests, unread, dropped."""

    at: float
    seconds: float
    policy: str
    counts: Mapping[str, tuple[int, int]]  # check -> (passed, asked)
    failed: Sequence[tuple[str, str, str, str]] = ()  # check, band, what, told
    totals: Mapping[str, float] = field(default_factory=dict)
    unasked: Mapping[str, int] = field(default_factory=dict)  # check -> what could not be asked

    @property
    def passed(self) -> bool:
        return all(passed == asked for passed, asked in self.counts.values())


def append(folder: Path, kept: Kept) -> None:
    """Add a run to its month's file (UTC). Raises OSError."""
    folder.mkdir(mode=0o700, exist_ok=True)
    line = {
        "at": round(kept.at),
        "seconds": round(kept.seconds, 1),
        "policy": kept.policy,
        "counts": {check: list(pair) for check, pair in kept.counts.items()},
        "failed": [list(one) for one in kept.failed[:MOST_FAILED]],
        "totals": {name: round(value) for name, value in kept.totals.items()},
        "unasked": dict(kept.unasked),
    }
    path = folder / f"{datetime.fromtimestamp(kept.at, UTC):%Y-%m}.jsonl"
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
    with open(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "ab") as file:
        file.write(text.encode())
    for old in sorted(folder.glob("????-??.jsonl"))[:-KEPT_MONTHS]:
        old.unlink()


def read(folder: Path, month: str) -> Iterator[Kept]:
    """The runs of a month (``2026-11``), oldest first. A line that was torn by a crash is passed over.

    Raises OSError when the file is there and cannot be read; none is no run.
    """
    path = folder / f"{month}.jsonl"
    if not path.exists():
        return
    for line in path.read_bytes().splitlines():
        try:
            yield _read(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue


def last(folder: Path) -> Kept | None:
    """The newest run; None when there never was one. Raises OSError."""
    for path in sorted(folder.glob("????-??.jsonl"), reverse=True):
        if runs := list(read(folder, path.stem)):
            return runs[-1]
    return None


def _read(raw: Mapping[str, Any]) -> Kept:
    return Kept(
        at=float(raw["at"]),
        seconds=float(raw["seconds"]),
        policy=str(raw["policy"]),
        counts={str(check): (int(passed), int(asked)) for check, (passed, asked) in raw["counts"].items()},
        failed=[(str(c), str(b), str(what), str(told)) for c, b, what, told in raw["failed"]],
        totals={str(name): float(value) for name, value in raw["totals"].items()},
        unasked={str(check): int(number) for check, number in raw.get("unasked", {}).items()},  # not in older lines
    )
