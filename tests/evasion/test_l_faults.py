"""Group L: files and clocks that go wrong under a running gateway. L04 is in tests/e2e/test_reload.py."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import hedgerow
from tests.lab import school
from tests.lab.client import Device
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.tree import started_by
from tests.lab.verdict import assert_refused, assert_served

PACKAGE = Path(hedgerow.__file__).parent


@pytest.fixture(scope="module")
def copied(lab: Lab) -> Iterator[tuple[Gateway, Path]]:
    """A gateway that runs from a copy of the package, so that its code can be broken."""
    code = lab.folder / "code"
    shutil.copytree(PACKAGE, code / "hedgerow", ignore=shutil.ignore_patterns("__pycache__"))
    env = {"PYTHONPATH": str(code), "HEDGEROW_HOME": str(PACKAGE.parents[1]), "PYTHONDONTWRITEBYTECODE": "1"}
    gateway = school.start(lab, "copied", env=env)
    yield gateway, code / "hedgerow"
    gateway.stop()


def workers(gateway: Gateway) -> list[int]:
    return started_by(gateway.process.pid)


@pytest.mark.parametrize("damage", ["syntax error", "pass-all", "deleted"])
def test_L02_code_changed_under_it(lab: Lab, copied: tuple[Gateway, Path], damage: str) -> None:
    """Code is never read again by a running worker: the filter stays as it was started."""
    gateway, package = copied
    enforce, device = package / "proxy" / "enforce.py", lab.device("pupil8", "explicit", gateway.ca, second=True)
    whole = enforce.read_text()
    match damage:
        case "syntax error":
            enforce.write_text("def broken(:\n")
        case "pass-all":
            enforce.write_text("class Enforce:\n    def __init__(self, services):\n        pass\n")
        case "deleted":
            enforce.unlink()
    try:
        os.kill(gateway.process.pid, signal.SIGHUP)
        (gateway.policies / "site.yaml").touch()
        end = time.monotonic() + 2
        while time.monotonic() < end:
            assert device.https("blocked.test").action == "block"
            assert device.http("blocked.test").action == "block"
    finally:
        enforce.write_text(whole)
    assert_served(device.https("allowed.test"))


def test_L02_a_new_worker_with_broken_code_serves_nothing(lab: Lab, copied: tuple[Gateway, Path]) -> None:
    """Both workers are killed while the code is broken: no answer is better than an unfiltered one."""
    gateway, package = copied
    enforce, watch = package / "proxy" / "enforce.py", lab.watch()
    device = lab.device("pupil8", "transparent", gateway.ca, second=True)
    whole = enforce.read_text()
    enforce.write_text("def broken(:\n")
    try:
        for pid in workers(gateway):
            os.kill(pid, signal.SIGKILL)
        quick = Device(device.namespace, "transparent", device.trust, timeout=2, second=True)
        for host in ("blocked.test", "allowed.test", "blocked.test"):
            assert quick.http(host).status == 0
        assert not watch.requests()
    finally:
        enforce.write_text(whole)
    end = time.monotonic() + 30
    while not quick.http("allowed.test").from_origin and time.monotonic() < end:
        time.sleep(0.2)
    assert_served(device.http("allowed.test"))
    assert_refused(device.http("blocked.test"), {403}, watch, "blocked.test")
