"""Memory of each process: its own, without what it shares; a process that has ended is left out."""

from __future__ import annotations

import asyncio
import mmap
import os
import sys
from pathlib import Path

import pytest

from hedgerow.supervisor_memory import memory_metrics, own_bytes, processes
from hedgerow.supervisor_worker import Slot

MB = 1 << 20


def test_what_a_process_takes_is_seen() -> None:
    before = own_bytes(os.getpid())
    with mmap.mmap(-1, 32 * MB, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as taken:  # not out of what was freed before
        taken.write(b"pond" * (8 * MB))
        assert 24 * MB < own_bytes(os.getpid()) - before < 80 * MB


def test_a_mapped_file_is_not_its_own(tmp_path: Path) -> None:
    """As the lists are mapped: by all workers, and in memory once."""
    file = tmp_path / "lists"
    file.write_bytes(b"pond" * (8 * MB))
    before = own_bytes(os.getpid())
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert sum(mapped[at] for at in range(0, len(mapped), 4096))
        assert own_bytes(os.getpid()) - before < 4 * MB


def test_processes_that_run_are_named_by_their_place() -> None:
    async def scene() -> None:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)
        worker, portal = Slot(3, (), process), Slot(1000, (), process)
        found = processes([worker, Slot(4, ())], portal)
        assert found == {"supervisor": os.getpid(), "worker-3": process.pid, "portal": process.pid}
        told = {s.labels["process"]: s.value for s in memory_metrics(lambda: found).samples}
        assert told.keys() == found.keys() and all(value > 0 for value in told.values())
        await process.communicate(b"\n")
        assert processes([worker], None) == {"supervisor": os.getpid()}
        assert [s.labels["process"] for s in memory_metrics(lambda: found).samples] == ["supervisor"]

    asyncio.run(scene())


def test_one_that_is_gone_cannot_be_asked() -> None:
    with pytest.raises(OSError):
        own_bytes(2**22 + 1)
