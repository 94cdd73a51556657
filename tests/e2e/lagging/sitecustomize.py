"""Imported by Python itself in each worker of the load tests: how late the event loop is, asked every 5 ms.

Each delay over 20 ms becomes a line in ``$HEDGEROW_LAB_LAG/<process>``: when (monotonic seconds), how long, and how
much of it threads of ours were ready and others had the cores (proc(5), ``schedstat``): that is no stall of ours.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from pathlib import Path

_EVERY, _TOLD = 0.005, 0.02


_FILES: dict[int, int] = {}


def _waited() -> float:
    """Seconds the loop's thread and those that load snapshots have been waiting for a core. Asked often: kept cheap."""
    threads = [one for one in threading.enumerate() if one.name.startswith(("MainThread", "asyncio"))]
    ids = {one.native_id for one in threads if one.native_id is not None}
    for new in ids - _FILES.keys():
        _FILES[new] = os.open(f"/proc/self/task/{new}/schedstat", os.O_RDONLY)
    return sum(int(os.pread(_FILES[one], 100, 0).split()[1]) for one in ids) / 1e9


async def _probe(folder: Path) -> None:
    with (folder / str(os.getpid())).open("a", buffering=1) as out:
        out.write("0 0 0\n")
        while True:
            before, waited = time.monotonic(), _waited()
            await asyncio.sleep(_EVERY)
            now = time.monotonic()
            if (late := now - before - _EVERY) > _TOLD:
                out.write(f"{now:.4f} {late:.4f} {_waited() - waited:.4f}\n")


def _install(folder: Path) -> None:
    from hedgerow.proxy.master import Engine

    tick = Engine.tick

    async def probed(self: Engine, seconds: float = 1.0) -> None:
        await asyncio.gather(_probe(folder), tick(self, seconds))

    Engine.tick = probed  # type: ignore[method-assign]


if "HEDGEROW_WORKER" in os.environ and "HEDGEROW_LAB_LAG" in os.environ:
    _install(Path(os.environ["HEDGEROW_LAB_LAG"]))
