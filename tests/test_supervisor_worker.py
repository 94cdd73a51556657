"""One worker slot: what it says is heard, what it must know is told, and it does not outlive the supervisor."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from hedgerow.supervisor_sockets import Listen, close_all, open_sockets
from hedgerow.supervisor_worker import Slot, _hear, run_once

FAKE = (sys.executable, str(Path(__file__).parent / "fake_worker.py"))


def test_what_a_worker_says_is_heard() -> None:
    slot = Slot(0, [])
    assert not slot.ready
    _hear(slot, {"ready": "v1"})
    assert slot.ready and slot.version == "v1" and slot.silent_for() < 1
    _hear(slot, {"refused": "no such file"})
    assert (slot.version, slot.refused) == ("v1", "no such file")
    _hear(slot, {"loaded": "v2"})
    assert (slot.version, slot.refused) == ("v2", "")
    _hear(slot, {"beat": 5})
    assert slot.version == "v2"


def test_a_worker_that_is_gone_is_told_nothing() -> None:
    slot = Slot(0, [])
    slot.send(load="x")
    slot.kill()


def test_no_process_no_leak(tmp_path: Path) -> None:
    slot = Slot(0, [])
    with pytest.raises(OSError):
        asyncio.run(run_once(slot, {"metrics_dir": str(tmp_path)}, tmp_path, ("/nowhere/python",)))


def test_a_worker_ends_when_the_supervisor_is_gone(tmp_path: Path) -> None:
    snapshot = tmp_path / "v1.snapshot"
    snapshot.write_text("v1")

    async def main() -> None:
        slot = Slot(0, open_sockets([Listen("127.0.0.1", 0)], 1)[0])
        config = {"metrics_dir": str(tmp_path), "snapshot": str(snapshot)}
        task = asyncio.create_task(run_once(slot, config, tmp_path, FAKE))
        async with asyncio.timeout(10):
            while slot.control is None or not slot.ready:
                await asyncio.sleep(0.02)
        slot.control.close()
        assert await asyncio.wait_for(task, 10) == 0
        close_all([slot.sockets])

    asyncio.run(main())
