"""Who a test client plays is read on its own socket only, and nothing half is understood."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from mitmproxy.connection import Client

from hedgerow.core.model import Capture, Name, NameSource, Request
from hedgerow.proxy.canary import KEY, Canary, greeted
from hedgerow.proxy.guest import Guest, canary_of
from hedgerow.proxy.services import Services
from hedgerow.proxy.staying import dialled, stays
from tests.proxy.small_school import services

__all__ = ["services"]

PEER, OWN = ("10.1.2.3", 1), ("10.1.2.1", 8080)


def hear(line: bytes) -> Canary | None:
    async def said() -> Canary | None:
        reader = asyncio.StreamReader()
        reader.feed_data(line)
        reader.feed_eof()
        return await greeted(reader)

    return asyncio.run(said())


@pytest.mark.parametrize(
    "line, found",
    [
        (b'{"band": "staff"}\n', Canary("staff")),
        (b'{"address": "10.20.0.9"}\n', Canary(address="10.20.0.9")),
        (b'{"band": "staff", "away": true}\n', Canary("staff", away=True)),
        (b'{"band": "staff", "away": 1}\n', Canary("staff")),
        (b'{"band": "staff", "address": "10.20.0.9"}\n', None),
        (b'{"address": "printer.school"}\n', None),
        (b'{"address": "::1%%"}\n', None),
        (b"{}\n", None),
        (b"[]\n", None),
        (b"GET http://example.org/ HTTP/1.1\r\n", None),
        (b'{"band": "' + b"a" * 300 + b'"}\n', None),
        (b"\xff\xfe\n", None),
        (b"", None),
    ],
)
def test_a_greeting_is_understood_whole_or_not_at_all(line: bytes, found: Canary | None) -> None:
    assert hear(line) == found


def test_it_is_judged_as_whom_it_plays_and_marked(services: Services) -> None:
    snapshot = services.runtime.current
    known = Canary("ages-14-17").identity(snapshot)
    assert (known.key, known.band, known.level, known.synthetic) == (KEY, "ages-14-17", Capture.DECRYPTED, True)
    assert Canary("no-such-band").identity(snapshot).band == snapshot.policy.default_band
    by_address = Canary(address="10.9.9.9").identity(snapshot)
    assert by_address.band == snapshot.identities.resolve("10.9.9.9").band and by_address.synthetic
    assert by_address.key == KEY


def test_an_ordinary_client_is_nobodys_canary(services: Services) -> None:
    for client in (Guest(peername=PEER, sockname=OWN), Client(peername=PEER, sockname=OWN)):
        assert canary_of(client) is None and dialled(client, "example.org")
        connection = services.connections.open(client)
        assert not services.identity(services.runtime.current, connection).synthetic


def to(host: str) -> Request:
    return Request((Name(NameSource.HOST, host, host),))


def test_what_stays_is_dialled_nowhere_else() -> None:
    guest = Guest(peername=PEER, sockname=OWN)
    assert not stays(guest, to("example.org"))
    assert stays(guest, to("games.test.hedgerow.internal"))
    assert not stays(guest, to("test.hedgerow.internal")) and not stays(guest, to("xtest.hedgerow.internal"))
    guest.canary = Canary("staff")
    assert stays(guest, to("example.org")) and not dialled(guest, "example.org") and dialled(guest, "//canary")
    guest.canary = Canary("staff", away=True)
    assert not stays(guest, to("example.org")) and dialled(guest, "example.org")


def test_nothing_of_it_is_told_to_anybody(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr("hedgerow.proxy.services.make_event", lambda *a: told.append(a))
    monkeypatch.setattr("hedgerow.proxy.services.make_alert", lambda *a: told.append(a))
    monkeypatch.setattr("hedgerow.metrics.count_decision", lambda *a: told.append(a))
    snapshot = services.runtime.current
    identity, anything = Canary("staff").identity(snapshot), SimpleNamespace(protected=False)
    state: Any = SimpleNamespace(identity=identity)
    services.record_passed(snapshot, identity, to("a.test"), anything, anything)  # type: ignore[arg-type]
    services.record_refused(snapshot, identity, to("a.test"), anything)  # type: ignore[arg-type]
    services.tell(state, [anything], anything)  # type: ignore[arg-type, list-item]
    assert told == []
