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
    children = Path(f"/proc/{gateway.process.pid}/task").glob("*/children")
    return [int(pid) for child in children for pid in child.read_text().split()]


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


LISTED = {"local/adult.txt": "helpline.test\nhedgerow.test\nallowed.test\n"}


@pytest.fixture(scope="module")
def mislisted(lab: Lab) -> Iterator[Gateway]:
    gateway = school.start(lab, "mislisted", lists=LISTED)
    yield gateway
    gateway.stop()


def test_L06_protected_names_win_over_a_list(lab: Lab, mislisted: Gateway, mode: str) -> None:
    """A list that calls the helpline, the gateway and the school's own site adult: people's words about them stand."""
    device = lab.device("pupil8", mode, mislisted.ca, second=True)
    assert_served(device.https("helpline.test"))
    assert_served(device.http("helpline.test"))
    assert_served(device.https("allowed.test"))  # opened by name in the school's own band
    assert b"116 111" in device.http("hedgerow.test").body, "the gateway's own pages"


def test_L06_somebody_is_told(mislisted: Gateway) -> None:
    told = mislisted.cli("check").stdout
    assert "helpline.test stays open, though helpline.test is listed as adult (local/adult.txt:1)" in told
    assert "hedgerow.test stays open, though hedgerow.test is listed as adult (local/adult.txt:2)" in told


def test_L06_not_even_a_list_of_the_floor_takes_help_away(lab: Lab, mislisted: Gateway, mode: str) -> None:
    """A shipped helpline stands before the floor; a school's own behind it, for its name may have been taken over.

    ``check`` calls both a mistake.
    """
    device, wrong = lab.device("pupil8", mode, mislisted.ca, second=True), mislisted.blocklists / "local/phishing.txt"
    before = mislisted.metric("hedgerow_reloads_total", result="loaded")
    wrong.write_text("www.childline.org.uk\nhelpline.test\n")
    try:
        end = time.monotonic() + 20
        while mislisted.metric("hedgerow_reloads_total", result="loaded") == before and time.monotonic() < end:
            time.sleep(0.1)
        assert device.https("helpline.test").action == "block"
        assert_served(device.https("www.childline.org.uk"))
        checked = mislisted.cli("check")
        assert checked.returncode == 1 and "helpline.test is listed as phishing: no helpline" in checked.stdout
        assert "www.childline.org.uk is listed as phishing: no helpline" in checked.stdout
    finally:
        wrong.unlink()
