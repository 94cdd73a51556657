from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from hedgerow.core.model import Capture, Exam, Grants, Identity, Relax, Request
from hedgerow.proxy.connections import Connection, Connections
from hedgerow.proxy.guest import Guest
from hedgerow.proxy.services import Services
from hedgerow.proxy.standing import Standing
from tests.core.house import NOW, PUPIL, A, ask, band, lists, policy, site

SCHOOL = policy(
    band(sites=(site("bank.test", A.ALLOW), site("talk.test", A.ALLOW), site("exam.test", A.ALLOW))),
    no_decrypt=("bank.test",),
)
EXAM = Exam("E", (("exam.test", ""),), NOW.timestamp() + 60)


@dataclass
class Said(Grants):
    sat: Exam | None = None
    rest: Relax | None = None

    def lifts(self, person: str, site: str, digest: str, now: datetime) -> None:
        return None

    def exam(self, identity: Identity, now: datetime) -> Exam | None:
        return self.sat

    def relaxed(self, now: datetime) -> Relax | None:
        return self.rest


@dataclass
class House:
    """The part of ``Services`` that is looked at."""

    grants: Said
    connections: Connections = field(default_factory=Connections)
    level: Capture = Capture.DECRYPTED

    def identity(self, snapshot: Any, connection: Connection) -> Identity:
        return Services.identity(self, snapshot, connection)  # type: ignore[arg-type]

    @property
    def runtime(self) -> Any:
        identities = SimpleNamespace(resolve=lambda address: Identity(address, PUPIL.band, level=self.level))
        return SimpleNamespace(current=SimpleNamespace(identities=identities, policy=SCHOOL, index=lists()))

    def now(self, snapshot: object) -> datetime:
        return NOW

    def guest(self, lasting: Request | None) -> Guest:
        client = Guest(peername=("10.8.0.7", 40000), sockname=("10.8.0.1", 8080), timestamp_start=0.0)
        self.connections.open(client).lasting = lasting
        return client


BANK, TALK, OTHER = (
    ask("https://bank.test/"),
    ask("https://talk.test/ws", upgrade="websocket"),
    ask("https://talk.test/"),
)


@pytest.mark.parametrize(
    "request_, said, ends",
    [
        (BANK, Said(), False),
        (TALK, Said(), False),
        (OTHER, Said(), True),  # passed on while relaxed, and now it would be opened
        (OTHER, Said(rest=Relax("R", 0.0)), False),
        (BANK, Said(sat=EXAM), True),
        (TALK, Said(sat=EXAM), True),
        (None, Said(sat=EXAM), False),  # requests are judged one by one
    ],
)
def test_what_would_not_be_opened_now_is_closed(request_: Request | None, said: Said, ends: bool) -> None:
    house = House(said)
    client = house.guest(request_)
    standing: Callable[[], None] = Standing(house).look_again  # type: ignore[arg-type]
    standing()
    assert client.over() is ends


@pytest.mark.parametrize("said, ends", [(Said(), False), (Said(sat=EXAM), True)])
def test_an_answer_that_goes_on_is_judged_again(said: Said, ends: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(said)
    client, other = house.guest(None), house.guest(None)
    for one, address in ((client, "https://talk.test/events"), (other, "https://exam.test/events")):
        house.connections.open(one).going["flow"] = SimpleNamespace(request=ask(address))  # type: ignore[assignment]
    standing = Standing(house)  # type: ignore[arg-type]
    standing.look_again()
    assert not client.over(), "most answers end in a moment"
    clock = time.monotonic
    monkeypatch.setattr("hedgerow.proxy.standing.time.monotonic", lambda: clock() + 1.5)
    standing.look_again()  # changes one after the other put nothing off
    assert client.over() is ends and not other.over()
    house.connections.ended(other, "flow")
    assert other not in [one.client for one in house.connections.lasting()]


def test_an_answer_that_ends_before_the_tick_takes_no_connection_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next request on it is judged by itself: closing under it would fail a request that is fine."""
    monkeypatch.setattr("hedgerow.proxy.standing.ORDINARY_SECONDS", -1.0)
    house = House(Said(sat=EXAM))
    client = house.guest(None)
    house.connections.open(client).going["flow"] = SimpleNamespace(request=TALK)  # type: ignore[assignment]
    Standing(house).look_again()  # type: ignore[arg-type]
    assert client.over()
    house.connections.ended(client, "flow")
    assert not client.over()


def test_what_is_opened_again_before_the_tick_goes_on() -> None:
    house = House(Said(sat=EXAM))
    client = house.guest(TALK)
    Standing(house).look_again()  # type: ignore[arg-type]
    house.grants.sat = None
    Standing(house).look_again()  # type: ignore[arg-type]
    assert not client.over()


def test_a_network_of_names_only_keeps_what_it_has() -> None:
    house = House(Said(), level=Capture.NAMES_ONLY)
    client = house.guest(OTHER)
    Standing(house).look_again()  # type: ignore[arg-type]
    assert not client.over()


def test_a_client_that_is_gone_is_no_fault() -> None:
    house = House(Said(sat=EXAM))
    house.connections.close(house.guest(BANK))
    Standing(house).look_again()  # type: ignore[arg-type]
    assert house.connections.lasting() == []
