"""Certificates refused: a device counts once an hour, a name once it is refused by many who take others."""

from __future__ import annotations

import pytest

from hedgerow.proxy.refusals import MANY, SECONDS, Refusals


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def refusals(clock: Clock) -> Refusals:
    return Refusals(clock)


def test_a_device_counts_once_an_hour(refusals: Refusals, clock: Clock) -> None:
    assert refusals.refused("10.0.0.1", "a.test") == ("none", False)
    assert refusals.refused("10.0.0.1", "b.test") == ("", False)
    clock.now += SECONDS - 1
    assert refusals.refused("10.0.0.1", "a.test") == ("", False)  # it went on refusing
    clock.now += SECONDS
    assert refusals.refused("10.0.0.1", "a.test") == ("none", False)


def test_a_device_that_takes_others_trusts_some(refusals: Refusals, clock: Clock) -> None:
    refusals.accepted("10.0.0.1")
    assert refusals.refused("10.0.0.1", "a.test") == ("some", False)
    clock.now += SECONDS
    assert refusals.refused("10.0.0.1", "a.test") == ("none", False)  # that was more than an hour ago


def test_a_name_that_many_refuse_is_told_once_an_hour(refusals: Refusals, clock: Clock) -> None:
    def everybody(name: str) -> int:
        for number in range(MANY):
            refusals.accepted(f"10.0.0.{number}")
        return sum(refusals.refused(f"10.0.0.{number}", name)[1] for number in range(MANY))

    assert everybody("pinned.test") == 1
    assert everybody("pinned.test") == 0
    assert everybody("other.test") == 1
    clock.now += SECONDS
    assert everybody("pinned.test") == 1


def test_one_device_that_tries_again_and_again_is_not_many(refusals: Refusals) -> None:
    refusals.accepted("10.0.0.1")
    assert not any(refusals.refused("10.0.0.1", "a.test")[1] for _ in range(50))


def test_devices_without_the_ca_make_no_name_widely_refused(refusals: Refusals) -> None:
    """A class of new tablets refuses every name: that is told by the devices, not by each name."""
    assert not any(refusals.refused(f"10.0.0.{number}", "a.test")[1] for number in range(50))


def test_it_is_bounded_and_keeps_no_name(refusals: Refusals) -> None:
    for number in range(20_000):
        refusals.accepted(f"device-{number % 6000}")
        refusals.refused(f"device-{number % 6000}", f"name-{number}.test")
    kept = vars(refusals)
    assert len(kept["_names"]) <= 1000 and len(kept["_refused"]._seen) <= 5000
    told = repr([kept["_names"].keys(), kept["_refused"]._seen, kept["_accepted"]._seen])
    assert "name-" not in told and "device-" not in told
