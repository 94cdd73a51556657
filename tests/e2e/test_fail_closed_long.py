"""A thousand requests into each fault: what holds once must hold for a whole class, under load and without a leak."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.test_fail_closed import (
    AFTER,
    CONNECTION,
    HOOKS,
    SCENES,
    counted,
    failing,
    faulty_gateway,
    page,
    until,
)
from tests.lab.client import MODES
from tests.lab.gateway import Gateway
from tests.lab.lab import Lab
from tests.lab.verdict import assert_served

pytestmark = pytest.mark.long
REQUESTS = {"raise": 1000, "nonsense": 1000, "hang": 12}
"""A hang costs its worker two seconds each; twelve in a row show that it recovers every time."""
SMALL = [(owner, hook) for owner, hook in HOOKS if hook not in SCENES]


@pytest.fixture(scope="module")
def faulty(lab: Lab) -> Iterator[tuple[Gateway, Path]]:
    with faulty_gateway(lab, "faulty-long") as started:
        yield started


@pytest.mark.parametrize("version", ["h1", "h2"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", REQUESTS)
@pytest.mark.parametrize("owner, hook", SMALL, ids=[f"{owner}.{hook}" for owner, hook in SMALL])
def test_a_thousand(
    lab: Lab, faulty: tuple[Gateway, Path], owner: str, hook: str, kind: str, mode: str, version: str
) -> None:
    if hook == "http_connect" and mode == "transparent":
        pytest.skip("transparent clients send no CONNECT")
    gateway, told = faulty
    device = lab.device("pupil8", mode, gateway.ca, second=True)
    number, before = REQUESTS[kind], counted(gateway, hook)
    with failing(told, owner, hook, kind):
        with ThreadPoolExecutor(4 if kind != "hang" else 1) as pool:
            replies = list(pool.map(lambda _: page(device, version), range(number)))
        assert until(lambda: counted(gateway, hook) >= before + number), (
            f"{counted(gateway, hook) - before} of {number}"
        )
    assert not [reply for reply in replies if b"origin-ok" in reply.body]
    if hook not in AFTER:
        closed = hook in CONNECTION
        wrong = [r for r in replies if not (r.status == 503 and r.action) and not (closed and r.status == 0)]
        assert not wrong, f"{len(wrong)} of {number}: {wrong[0]}"
    assert_served(page(device, version))
