"""Guessing: the limits as the docstring has them, held against real rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from hedgerow.stores import unlock_codes
from hedgerow.stores.pass_rows import ALPHABET
from hedgerow.stores.spans import Clocks
from hedgerow.stores.unlock_codes import (
    LENGTH,
    MOST_LIVE,
    TABLES,
    WRONG_BY_ADDRESS,
    WRONG_BY_PERSON,
    WRONG_IN_ALL,
    line_of,
    locked,
    new_code,
    plain,
    shown,
    wrong,
)
from tests.stores.test_grants import Clock

CODES = len(ALPHABET) ** LENGTH


@pytest.fixture
def up() -> Clock:
    return Clock(50_000.0)


@pytest.fixture
def clocks(up: Clock) -> Clocks:
    return Clocks(Clock(1_000_000.0), up, "boot-1")


@pytest.fixture
def guesses() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(TABLES)
    yield connection
    connection.close()


def looked_at(guesses: sqlite3.Connection, clocks: Clocks, clients: int, count: int, lines: int = 0) -> int:
    """So many guesses, spread evenly over the clients, each at an address of its own or at one of ``lines``."""
    seen = 0
    for number in range(count):
        client = number % clients
        person, address = f"person {client}".encode(), f"line {client % lines if lines else client}".encode()
        if not locked(guesses, clocks, person, address):
            wrong(guesses, clocks, person, address)
            seen += 1
    return seen


def test_a_code_has_forty_bits() -> None:
    assert CODES == 2**40 and len(set(ALPHABET)) == 32
    made = {new_code() for _ in range(200)}
    assert len(made) == 200 and all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in made)


def test_the_limits_leave_less_than_two_to_the_minus_20_an_hour() -> None:
    assert MOST_LIVE * WRONG_IN_ALL / CODES < 2**-20
    assert f"{MOST_LIVE} x {WRONG_IN_ALL} / 2^40" in (unlock_codes.__doc__ or "")


def test_ten_thousand_guesses_over_fifty_clients(guesses: sqlite3.Connection, clocks: Clocks) -> None:
    seen = looked_at(guesses, clocks, clients=50, count=10_000)
    assert seen == 50 * WRONG_BY_PERSON == 500
    assert MOST_LIVE * seen / CODES < 2**-23


def test_as_many_clients_as_they_like(guesses: sqlite3.Connection, clocks: Clocks) -> None:
    guesses.execute("begin")
    seen = looked_at(guesses, clocks, clients=WRONG_IN_ALL * 2, count=WRONG_IN_ALL + 200)
    assert seen == WRONG_IN_ALL
    assert locked(guesses, clocks, b"somebody new", b"somewhere new") == "all"


def test_one_device_with_many_names_uses_up_its_own_address_only(guesses: sqlite3.Connection, clocks: Clocks) -> None:
    assert looked_at(guesses, clocks, clients=500, count=500, lines=1) == WRONG_BY_ADDRESS
    assert locked(guesses, clocks, b"another", b"line 0") == "address"
    assert locked(guesses, clocks, b"another", b"line 1") == ""


@pytest.mark.parametrize("later, is_locked", [(3599.0, True), (3601.0, False)])
def test_the_window_slides_by_the_boot_clock(
    guesses: sqlite3.Connection, clocks: Clocks, up: Clock, later: float, is_locked: bool
) -> None:
    looked_at(guesses, clocks, 1, 10)
    for wall in (0.0, -86_400.0, 86_400.0):  # whatever the wall clock says
        again = Clocks(Clock(1_000_000.0 + wall), Clock(up.at + later), "boot-1")
        assert bool(locked(guesses, again, b"person 0", b"line 0")) is is_locked


@pytest.mark.parametrize("wall, is_locked", [(60.0, True), (-86_400.0, True), (3601.0, False)])
def test_a_restart_forgives_nothing(guesses: sqlite3.Connection, clocks: Clocks, wall: float, is_locked: bool) -> None:
    looked_at(guesses, clocks, 1, 10)
    restarted = Clocks(Clock(1_000_000.0 + wall), Clock(3.0), "boot-2")
    assert bool(locked(guesses, restarted, b"person 0", b"line 0")) is is_locked


def test_old_guesses_leave_the_file(guesses: sqlite3.Connection, clocks: Clocks, up: Clock) -> None:
    looked_at(guesses, clocks, 20, 200)
    up.at += 3601
    wrong(guesses, clocks, b"p", b"a")
    assert guesses.execute("select count(*) from wrong_guesses").fetchone() == (1,)


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("K7Q2M4XR", "K7Q2M4XR"),
        ("k7q2-m4xr", "K7Q2M4XR"),
        (" k7q2 m4xr ", "K7Q2M4XR"),
        ("K7Q2–M4XR", "K7Q2M4XR"),
        ("OIL0-1111", "01101111"),
        ("K7Q2M4X", ""),
        ("K7Q2M4XRR", ""),
        ("K7Q2M4XU", ""),
        ("К7Q2M4XR", ""),  # a Cyrillic К
        ("", ""),
        ("-" * 100_000 + "K7Q2M4XR", ""),
        ("' or 1=1", ""),
        ("\x00" * 8, ""),
    ],
)
def test_what_is_meant(typed: str, meant: str) -> None:
    assert plain(typed) == meant


def test_a_code_is_shown_in_two_halves() -> None:
    assert shown("K7Q2M4XR") == "K7Q2-M4XR" and plain(shown("K7Q2M4XR")) == "K7Q2M4XR"


@pytest.mark.parametrize(
    "address, line",
    [
        ("10.8.0.7", "10.8.0.7"),
        ("::ffff:10.8.0.7", "10.8.0.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("nobody", "nobody"),
    ],
)
def test_one_device_has_many_addresses_of_ipv6(address: str, line: str) -> None:
    assert line_of(address) == line
