"""Group L11: the wall clock jumps under a running gateway. Overrides never get longer; windows follow the new time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import school
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.warning import form, go_on, until_served
from tests.lab.wire import Reply

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)
DAY = 86_400


@pytest.fixture(scope="module")
def clocked(lab: Lab) -> Iterator[tuple[Gateway, Path]]:
    """A gateway whose wall clock a file moves, as NTP or a dead battery would; the monotonic clock goes on."""
    if LIBRARY is None:
        pytest.skip("needs libfaketime (apt install faketime)")
    offset = lab.folder / "offset"
    offset.write_text("+0\n")
    env = {"LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(offset), "FAKETIME_NO_CACHE": "1",
           "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_RESET": "1"}  # fmt: skip
    changes = {"bands/ages-14-17.yaml": school.files()["bands/ages-14-17.yaml"] + WINDOWS}
    gateway = school.start(lab, "clocked", env=env, changes=changes)
    yield gateway, offset
    gateway.stop()


WINDOWS = """windows:
  morning: {days: all, from: "09:00", to: "13:00"}
categories:
  games: {action: limit, times: {morning: allow}}
"""


@pytest.mark.parametrize("jump", [-DAY, DAY, -20_000 * DAY], ids=["back-a-day", "on-a-day", "1970"])
def test_L11_no_override_outlives_a_jump(lab: Lab, clocked: tuple[Gateway, Path], jump: int) -> None:
    """A warning continued before the clock jumped forward has ended; one set back does not make it longer."""
    gateway, offset = clocked
    host = f"jump{abs(jump)}{'b' if jump < 0 else 'f'}.test"
    device = lab.device("pupil14", "explicit", gateway.ca, second=True)
    fields = form(device.https(host))
    assert go_on(device, host, fields).status == 303
    until_served(device, host)
    stale = form(device.https(f"stale-{host}"))
    try:
        offset.write_text(f"{jump:+d}\n")
        time.sleep(0.3)
        closed = device.https("blocked.test")
        assert closed.action == "block" or _of_another_day(closed), str(closed)
        after = device.https(host)
        if jump > 0:
            assert after.action == "warn", f"continued for 30 minutes, a day later still open: {after}"
            assert go_on(device, f"stale-{host}", stale).status == 403, "a form of yesterday"
        safe = after.action in ("warn", "certificate") or after.from_origin  # certificate: the origin's, by that clock
        assert safe or _of_another_day(after), str(after)
        offset.write_text(f"{jump + 1800:+d}\n")
        time.sleep(0.3)
    finally:
        offset.write_text("+0\n")


def _of_another_day(reply: Reply) -> bool:
    """The worker that answered had to make the site's certificate by the wrong clock: the client refuses its dates."""
    return "certificate is not yet valid" in reply.error or "certificate has expired" in reply.error


def test_L11_windows_follow_the_corrected_clock(lab: Lab, clocked: tuple[Gateway, Path]) -> None:
    """Games are open from 9 to 13; it is between 10 and 11 in the lab's zone."""
    gateway, offset = clocked
    device = lab.device("pupil14", "transparent", gateway.ca, second=True)
    assert device.https("www.miniclip.com").from_origin
    try:
        offset.write_text("+18000\n")
        time.sleep(1)
        assert device.https("www.miniclip.com").action == "limit"
    finally:
        offset.write_text("+0\n")
    time.sleep(1)
    assert device.https("www.miniclip.com").from_origin
