"""A worker that dies under load: nobody gets an unfiltered answer, and its place is filled."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.load import Load
from tests.lab import school
from tests.lab.client import Device
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.verdict import assert_served

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def mortal(lab: Lab) -> Iterator[Gateway]:
    gateway = school.start(lab, "mortal")
    yield gateway
    gateway.stop()


def workers(gateway: Gateway) -> list[int]:
    """The process ids of the workers."""
    children = Path(f"/proc/{gateway.process.pid}/task").glob("*/children")
    pids = [int(pid) for child in children for pid in child.read_text().split()]
    return [pid for pid in pids if b"hedgerow.proxy.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def until_two(gateway: Gateway, gone: set[int], seconds: float = 5) -> None:
    """Until two workers serve and none of them is one of ``gone``."""
    end = time.monotonic() + seconds
    while len(now := workers(gateway)) != 2 or gone.intersection(now) or gateway.fetch("/ready")[0] != 200:
        assert time.monotonic() < end, f"workers: {now}\n{gateway.process.tail()}"
        time.sleep(0.05)


def test_killed_under_load(lab: Lab, mortal: Gateway) -> None:
    watch = lab.watch()
    device = lab.device("pupil8", "explicit", mortal.ca, second=True)
    load = Load(device, ("blocked.test", "allowed.test", "unlisted.test"), 100)
    kills: list[float] = []
    with load:
        time.sleep(1)
        for _ in range(3):
            victim = workers(mortal)[0]
            os.kill(victim, signal.SIGKILL)
            kills.append(time.monotonic())
            until_two(mortal, {victim})
            time.sleep(1)
    for answer in load.answers:
        if answer.host != "allowed.test":
            assert not answer.reply.from_origin and answer.reply.status in (0, 403), f"unfiltered: {answer}"
    assert not watch.touching("blocked.test")
    failed = [a for a in load.answers if a.reply.error]
    assert len(failed) <= 3 * load.threads, f"only what was in flight may fail: {len(failed)}"
    assert len(load.answers) > 500


def test_all_killed_at_once(lab: Lab, mortal: Gateway) -> None:
    """Who comes meanwhile waits in the supervisor's sockets and is served; what was counted is not forgotten."""
    device = lab.device("pupil8", "transparent", mortal.ca, second=True)
    assert device.http("blocked.test").action == "block"
    before, old = mortal.metric("hedgerow_decisions_total", action="block"), workers(mortal)
    for worker in old:
        os.kill(worker, signal.SIGKILL)
    waited = device.https("blocked.test")
    assert waited.action == "block", f"nobody is turned away: {waited}"
    until_two(mortal, set(old))
    assert mortal.metric("hedgerow_decisions_total", action="block") == before + 1
    assert mortal.metric("hedgerow_worker_restarts_total", reason="exit") >= 2


def test_stopped_worker_is_replaced(lab: Lab, mortal: Gateway) -> None:
    """A worker that hangs (SIGSTOP) gives no sign of life and is replaced; the others serve meanwhile."""
    device = lab.device("pupil8", "transparent", mortal.ca, second=True)
    victim = workers(mortal)[0]
    os.kill(victim, signal.SIGSTOP)
    end = time.monotonic() + 20
    while victim in workers(mortal) and time.monotonic() < end:
        time.sleep(0.2)
    until_two(mortal, {victim})
    assert_served(device.https("allowed.test"))
    assert mortal.metric("hedgerow_worker_restarts_total", reason="hang") == 1


def test_the_supervisor_dies_and_so_do_its_workers(lab: Lab, mortal: Gateway) -> None:
    """Nobody would tell them of a new policy: better no answer than an old one."""
    device = lab.device("pupil8", "explicit", mortal.ca, second=True)
    pids = workers(mortal)
    os.kill(mortal.process.pid, signal.SIGKILL)
    end = time.monotonic() + 10
    while any(Path(f"/proc/{pid}/cmdline").exists() and _alive(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.1)
    assert not any(_alive(pid) for pid in pids)
    assert device.http("blocked.test").status == 0


def _alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False


def test_it_starts_again(lab: Lab) -> None:
    gateway = school.start(lab, "again")
    try:
        device: Device = lab.device("pupil8", "explicit", gateway.ca, second=True)
        assert_served(device.https("allowed.test"))
        assert device.https("blocked.test").action == "block"
    finally:
        assert gateway.stop() == 0
