"""What a running process has started, as the kernel tells it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path


def started_by(pid: int) -> list[int]:
    """The children of each of its threads: none when it has ended. A thread may end while it is asked."""
    found: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, children.read_text().split())
    return found


def tree(pid: int) -> Iterator[int]:
    """A process and whatever it has started, and what that has."""
    todo = [pid]
    while todo:
        yield (one := todo.pop())
        todo += started_by(one)
