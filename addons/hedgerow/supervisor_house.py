"""What the supervisor does beside the workers: watch the files, delete what must not be kept. It never ends silently.

A folder that cannot be read just now is logged and counted (``hedgerow_house_failures_total``), and the rest goes on;
a task that a bug of ours ends is logged with its traceback, counted, and begun again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date
from pathlib import Path

from watchfiles import Change, awatch

from hedgerow.stores.index_tidy import tidy
from hedgerow.stores.list_pointer import POINTER
from hedgerow.stores.spool_reader import expire, size
from hedgerow.stores.state import State
from hedgerow.supervisor import Supervisor
from hedgerow.supervisor_box import Box

logger = logging.getLogger(__name__)

WATCH_MILLISECONDS = 150
"""How long a folder must be quiet before it is read: an editor writes a file in several steps."""
AGAIN_SECONDS = 5.0
HOUSEKEEPING_SECONDS = 60.0


async def lasting(task: str, box: Box, work: Callable[[], Awaitable[None]]) -> None:
    """Run ``work``, and again whenever it ends, until cancelled."""
    while True:
        try:
            await work()
            logger.error("%s ended; it begins again", task)
        except Exception:  # our own bug must end neither retention nor reloads for ever
            logger.exception("%s failed; it begins again", task)
        box.house_failures[task] += 1
        await asyncio.sleep(AGAIN_SECONDS)


async def watch(folders: Collection[Path], reload: Callable[[], None], box: Box) -> None:
    """Ask for a reload when a file was saved, made or removed. A folder that goes is watched again when it is back."""
    while True:
        existing = [folder for folder in folders if folder.is_dir()]
        try:
            async for _ in awatch(*existing, watch_filter=worth_reading, debounce=1000, step=WATCH_MILLISECONDS):
                reload()
        except (OSError, RuntimeError) as error:  # what inotify cannot do any more, SIGHUP still does
            box.house_failures["watch"] += 1
            logger.error("files are not watched for now: %s", error)
        await asyncio.sleep(AGAIN_SECONDS)


def worth_reading(_change: Change, path: str) -> bool:
    """False for what editors and version control leave beside a file, and for indexes while they are built."""
    name = Path(path).name
    if "/index/" in path:
        return name == POINTER
    return not name.startswith((".", "#")) and not name.endswith(("~", ".swp", ".tmp", ".new")) and "/.git/" not in path


async def keep_house(
    state: State, supervisor: Supervisor, keep_days: Callable[[], float], more: Sequence[Callable[[], None]] = ()
) -> None:
    """Delete what must not be kept any longer, know the log's size, and read all files anew on each new day.

    The date is compared, not the time slept: a list's correction ends with its day also when the clock jumps.
    """
    box, today = supervisor.box, date.today()
    chores: tuple[Callable[[], None], ...] = (
        lambda: _expire(state, box, keep_days()),
        lambda: _measure(state, box),
        lambda: tidy(state.index, box.index),
        *more,
    )
    while True:
        for chore in chores:
            await _tried(chore, box)
        await asyncio.sleep(HOUSEKEEPING_SECONDS)
        if today != date.today():
            today = date.today()
            supervisor.reload()


async def _tried(chore: Callable[[], None], box: Box) -> None:
    try:
        await asyncio.to_thread(chore)
    except OSError as error:  # tried again in a minute; the other chores do not wait for it
        box.house_failures["housekeeping"] += 1
        logger.error("housekeeping could not finish: %s", error)


def _expire(state: State, box: Box, keep_days: float) -> None:
    found = expire(state.events, keep_days, time.time())
    box.expired += found.segments
    box.expired_unread += found.unread
    if found.fault:
        raise found.fault


def _measure(state: State, box: Box) -> None:
    box.log_bytes = size(state.events)
