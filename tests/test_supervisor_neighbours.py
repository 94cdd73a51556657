"""Another device at an address of staff is counted, whoever it is; nothing else is, and no device is kept."""

from __future__ import annotations

import asyncio
import ipaddress
import logging

import pytest

from hedgerow import supervisor_neighbours as module
from hedgerow.stores.identities import NetworkRule
from hedgerow.stores.site import Site
from hedgerow.supervisor_box import Box
from hedgerow.supervisor_neighbours import REMEMBERED_SECONDS, Neighbours, watch_neighbours

STAFF = NetworkRule("staff-room", (ipaddress.ip_network("10.30.0.0/24"),), "staff", staff_only=True)
PUPILS = NetworkRule("pupils", (ipaddress.ip_network("10.20.0.0/16"),), "ages-8-10")
SITE = Site(networks=(STAFF, PUPILS))
TEACHER, PUPIL = b"\x02teach", b"\x02pupil"


class Lan:
    """What the kernel would say."""

    def __init__(self) -> None:
        self.table: dict[str, bytes] = {}
        self.at = 1000.0

    def read(self) -> list[tuple[str, bytes]]:
        return list(self.table.items())

    def clock(self) -> float:
        return self.at


@pytest.fixture
def lan() -> Lan:
    return Lan()


@pytest.fixture
def watched(lan: Lan) -> Neighbours:
    return Neighbours(Box(), lan.read, lan.clock)


def test_only_addresses_of_staff_are_watched(watched: Neighbours, lan: Lan) -> None:
    lan.table = {"10.30.0.5": TEACHER, "10.20.0.5": PUPIL, "192.0.2.1": PUPIL, "fe80::1": PUPIL}
    watched.look(SITE)
    assert watched.box.staff_on_link == {"staff-room": 1} and not watched.box.mac_changes
    lan.table = dict.fromkeys(lan.table, b"\x02other")
    watched.look(SITE)
    assert watched.box.mac_changes == {"staff-room": 1}
    watched.look(SITE)
    assert watched.box.mac_changes == {"staff-room": 1}


def test_who_waits_until_the_teacher_has_left_is_seen_too(watched: Neighbours, lan: Lan) -> None:
    lan.table = {"10.30.0.5": TEACHER}
    watched.look(SITE)
    lan.table, lan.at = {}, lan.at + 3 * 3600
    watched.look(SITE)
    assert watched.box.staff_on_link == {"staff-room": 0}
    lan.table = {"10.30.0.5": PUPIL}
    watched.look(SITE)
    assert watched.box.mac_changes == {"staff-room": 1}
    lan.table, lan.at = {}, lan.at + REMEMBERED_SECONDS
    watched.look(SITE)
    lan.table = {"10.30.0.5": TEACHER}  # the next day DHCP gives it to another: that is no news
    watched.look(SITE)
    assert watched.box.mac_changes == {"staff-room": 1} and len(watched._known) == 1


def test_no_device_and_no_address_is_told(watched: Neighbours, lan: Lan, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for lan.table in ({"10.30.0.5": TEACHER}, {"10.30.0.5": PUPIL}):
            watched.look(SITE)
    assert "staff-room" in caplog.text and "10.30.0.5" not in caplog.text
    assert TEACHER not in repr(watched._known).encode() and PUPIL.hex() not in repr(watched._known)


def test_a_network_that_is_new_is_watched_from_then_on(watched: Neighbours, lan: Lan) -> None:
    lan.table = {"10.30.0.5": TEACHER}
    watched.look(Site(networks=(PUPILS,)))
    assert watched.box.staff_on_link == {} and not watched._known
    watched.look(SITE)
    assert watched.box.staff_on_link == {"staff-room": 1}


def test_where_the_kernel_does_not_tell_it_is_said_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[int] = []

    def refused() -> list[tuple[str, bytes]]:
        calls.append(1)
        raise PermissionError("no netlink here")

    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(Neighbours, "look", lambda self, site: refused())

    async def main() -> None:
        task = asyncio.create_task(watch_neighbours(Box(), lambda: SITE))
        async with asyncio.timeout(10):
            while len(calls) < 3:
                await asyncio.sleep(0.01)
        task.cancel()

    with caplog.at_level(logging.ERROR):
        asyncio.run(main())
    assert "the addresses of staff are not watched: no netlink here" in caplog.text
