"""Which facts of the box are a trouble, from when on and for how long."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hedgerow import supervisor_troubles as module
from hedgerow.stores.report_notices import TROUBLES
from hedgerow.supervisor import Supervisor
from hedgerow.supervisor_box import Box
from hedgerow.supervisor_troubles import LEAST_FREE, Troubles, tell_troubles


class Clock:
    at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def box() -> Box:
    return Box(version="v", workers={0: "v"}, ca_expiry=10_000_000.0)


@pytest.fixture
def troubles(box: Box, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Troubles:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=LEAST_FREE))
    return Troubles(box, tmp_path, clock, lambda: 1_000_000.0)


def test_a_box_that_works_has_none(troubles: Troubles) -> None:
    assert troubles.look() == ()
    assert set(troubles._holds()) == set(TROUBLES)


def test_a_refused_policy_and_a_missing_worker_are_troubles_when_they_last(
    troubles: Troubles, box: Box, clock: Clock
) -> None:
    box.refused, box.workers = True, {0: "old"}
    assert troubles.look() == ()
    clock.at += 120
    assert troubles.look() == ("workers",)
    clock.at += 180
    assert troubles.look() == ("policy", "workers")
    box.refused, box.workers = False, {0: "v"}
    assert troubles.look() == ()
    box.refused = True
    assert troubles.look() == ()  # its time begins anew


def test_what_failed_is_a_trouble_for_an_hour(troubles: Troubles, box: Box, clock: Clock) -> None:
    box.house_failures["record"] += 1
    assert troubles.look() == ("record",)
    clock.at += 3599
    box.house_failures["housekeeping"] += 2
    assert troubles.look() == ("record", "chores")
    clock.at += 2
    assert troubles.look() == ("chores",)
    clock.at += 3600
    assert troubles.look() == ()
    box.record_whole = False
    assert troubles.look() == ("record",)


def test_one_portal_that_died_is_none_three_in_an_hour_are(troubles: Troubles, box: Box, clock: Clock) -> None:
    for expected in ((), (), ("portal",)):
        box.portal_restarts["exit"] += 1
        clock.at += 60
        assert troubles.look() == expected
    clock.at += 3600
    assert troubles.look() == ()


def test_a_disk_nearly_full_and_a_certificate_nearly_over(
    troubles: Troubles, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=LEAST_FREE - 1))
    box.ca_expiry = 1_000_000.0 + 30 * 86_400 - 1
    assert troubles.look() == ("disk", "certificate")


def test_the_portal_is_told_again_and_again(tmp_path: Path, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    said: list[Any] = []
    box.record_whole = False
    supervisor = SimpleNamespace(box=box, portal=SimpleNamespace(send=lambda **message: said.append(message)))

    async def main() -> None:
        task = asyncio.create_task(tell_troubles(cast(Supervisor, supervisor), tmp_path))
        async with asyncio.timeout(10):
            while len(said) < 3:
                await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(main())
    assert all("record" in message["troubles"] for message in said)
