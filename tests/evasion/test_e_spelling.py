"""Group E: listed words in disguise, as pages of an open site and as searches on it; what only looks so stays open."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.lab.client import Device, get
from tests.lab.contacts import Watch
from tests.lab.h2client import fields
from tests.lab.spelled import BOTH, INNOCENT, TYPED
from tests.lab.verdict import assert_refused, assert_served
from tests.lab.wire import Reply


def ask(device: Device, path: str, version: str) -> Reply:
    if version == "h2":
        return device.h2("allowed.test", fields("allowed.test", path))
    return device.https("allowed.test", get("allowed.test", path))


@pytest.mark.parametrize("version", ["h1", "h2", "cut"])
@pytest.mark.parametrize("row", list(BOTH))
def test_page(pupil: Device, row: str, version: str) -> None:
    reply = ask(pupil, f"/_said?n={row}" + ("&cut=1" if version == "cut" else ""), version)
    assert (reply.status, reply.action) == (403, "block"), str(reply)
    assert b"origin-ok" not in reply.body


@pytest.mark.parametrize("version", ["h1", "h2"])
@pytest.mark.parametrize("row", [*BOTH, *TYPED])
def test_search(pupil: Device, watch: Watch, row: str, version: str) -> None:
    assert_refused(ask(pupil, f"/find?q={quote({**BOTH, **TYPED}[row])}", version), {403}, watch)
    assert not watch.requests()


@pytest.mark.parametrize("row", list(INNOCENT))
def test_innocent_page(pupil: Device, row: str) -> None:
    reply = ask(pupil, f"/_said?n={row}", "h1")
    assert reply.status == 200 and b"origin-ok" in reply.body, str(reply)


@pytest.mark.parametrize("row", list(INNOCENT))
def test_innocent_search(pupil: Device, row: str) -> None:
    assert_served(ask(pupil, f"/find?q={quote(INNOCENT[row])}", "h1"))
