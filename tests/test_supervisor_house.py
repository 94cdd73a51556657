"""The supervisor's chores: none ends silently, and one that fails holds up no other."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from watchfiles import Change

from hedgerow import supervisor_house as house
from hedgerow.stores.spool import EventSpool
from hedgerow.stores.spool_reader import segments
from hedgerow.stores.state import prepare
from hedgerow.supervisor import Supervisor
from hedgerow.supervisor_box import Box
from hedgerow.supervisor_house import keep_house, lasting, watch, worth_reading


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(house, "HOUSEKEEPING_SECONDS", 0.01)


def until(work: Awaitable[None], true: Callable[[], object]) -> None:
    async def main() -> None:
        task = asyncio.ensure_future(work)
        async with asyncio.timeout(10):
            while not true():
                assert not task.done(), task
                await asyncio.sleep(0.005)
        task.cancel()

    asyncio.run(main())


def test_a_bug_of_ours_is_told_counted_and_begun_again(caplog: pytest.LogCaptureFixture) -> None:
    box, calls = Box(), [TypeError("our own"), None]

    async def work() -> None:
        if calls and (error := calls.pop(0)):
            raise error

    with caplog.at_level(logging.ERROR):
        until(lasting("watch", box, work), lambda: box.house_failures["watch"] >= 3)
    assert "TypeError: our own" in caplog.text and "watch ended; it begins again" in caplog.text


def test_what_cannot_be_deleted_holds_up_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state, box, reloads = prepare(tmp_path / "state"), Box(), []
    for slot in ("0", "1"):
        spool = EventSpool(state.events / slot, lambda count: None)
        spool.append({"rule": slot})
        spool.close()
    first, second = (segments(state.events / slot)[0] for slot in ("0", "1"))
    for path in (first, second):
        os.utime(path, (time.time() - 9e6, time.time() - 9e6))
    real = os.unlink

    def unlink(path: Path, *more: Any) -> None:
        if path == first:
            raise PermissionError(13, "Permission denied", str(path))
        real(path, *more)

    monkeypatch.setattr(os, "unlink", unlink)
    state.index.rmdir()
    days = iter([1, 1])
    monkeypatch.setattr(house, "date", SimpleNamespace(today=lambda: next(days, 2)))
    supervisor = cast(Supervisor, SimpleNamespace(box=box, reload=lambda: reloads.append(1)))
    until(keep_house(state, supervisor, lambda: 30.0), lambda: reloads and box.house_failures["housekeeping"] >= 4)
    assert first.exists() and not second.exists()
    assert box.log_bytes == first.stat().st_size and box.expired == 1
    monkeypatch.undo()


def test_a_watch_that_fails_is_counted_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box, reloads, watched = Box(), [], []

    async def awatch(*folders: Path, **_options: object) -> Any:
        watched.append(folders)
        if len(watched) < 3:
            raise OSError(28, "inotify watch limit reached")
        yield {(Change.modified, "x.yaml")}

    monkeypatch.setattr(house, "awatch", awatch)
    folders: Collection[Path] = (tmp_path, tmp_path / "none")
    until(watch(folders, lambda: reloads.append(1), box), lambda: reloads)
    assert box.house_failures["watch"] == 2 and set(watched) == {(tmp_path,)}


@pytest.mark.parametrize(
    "path, worth",
    [
        ("/p/bands/x.yaml", True),
        ("/b/local/games.txt", True),
        ("/p/.x.yaml.swp", False),
        ("/p/x.yaml~", False),
        ("/p/#x.yaml#", False),
        ("/p/x.new", False),
        ("/p/.git/index", False),
    ],
)
def test_what_editors_leave_is_not_read(path: str, worth: bool) -> None:
    assert worth_reading(Change.modified, path) is worth
