"""Imported by Python itself in each worker of the load tests: how late the event loop is, asked every 5 ms.

Each delay over 20 ms becomes a line in ``$HEDGEROW_LAB_LAG/<process>``: when (monotonic seconds), how long, and how
much of it threads of ours were ready and others had the cores (proc(5), ``schedstat``): that is no stall of ours.
"""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

_EVERY, _TOLD = 0.005, 0.02


def _waited() -> float:
    """Seconds this process's threads have been waiting for a core."""
    tasks = "/proc/self/task"
    return sum(int(Path(tasks, task, "schedstat").read_text().split()[1]) for task in os.listdir(tasks)) / 1e9


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
