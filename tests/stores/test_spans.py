from __future__ import annotations

import pytest

from hedgerow.stores.spans import Clocks, Span, boot_id
from tests.stores.test_grants import Clock


def clocks(wall: float, up: float, boot: str = "boot-1") -> Clocks:
    return Clocks(Clock(wall), Clock(up), boot)


SPAN = clocks(1000.0, 50.0).span(60)


@pytest.mark.parametrize(
    "wall, up, boot, holds",
    [
        (1000.0, 50.0, "boot-1", True),
        (1059.9, 109.9, "boot-1", True),
        (1060.0, 109.0, "boot-1", False),  # the wall clock is first
        (1059.0, 110.0, "boot-1", False),  # the boot clock is first
        (999.5, 50.5, "boot-1", True),  # NTP steps back a little
        (900.0, 55.0, "boot-1", False),  # it seems to lie in the future
        (1030.0, 3.0, "boot-2", True),  # a restart: the wall clock alone
        (1061.0, 3.0, "boot-2", False),
        (900.0, 3.0, "boot-2", False),
    ],
)
def test_whichever_clock_is_first(wall: float, up: float, boot: str, holds: bool) -> None:
    assert clocks(wall, up, boot).hold(SPAN) is holds


@pytest.mark.parametrize(
    "wall, up, boot, lasts",
    [
        (9000.0, 60.0, "boot-1", True),  # set forward: nothing is opened by it
        (100.0, 60.0, "boot-1", True),  # set back
        (1030.0, 110.0, "boot-1", False),
        (1030.0, 3.0, "boot-2", True),  # a restart: the wall clock alone
        (1061.0, 3.0, "boot-2", False),
    ],
)
def test_what_closes_ends_by_the_boot_clock(wall: float, up: float, boot: str, lasts: bool) -> None:
    assert clocks(wall, up, boot).last(SPAN) is lasts


def test_the_clocks_of_this_machine() -> None:
    here = Clocks.here()
    assert here.boot == boot_id() != "" and here.hold(here.span(5)) and not here.hold(here.span(0))
    assert isinstance(here.span(1), Span)
