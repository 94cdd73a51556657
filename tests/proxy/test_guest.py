"""What a client owes us, and until when."""

from __future__ import annotations

import time

from mitmproxy.connection import Client

from hedgerow.proxy.guest import Guest, owe, owes


def test_a_debt_has_a_day() -> None:
    guest = Guest(peername=("192.0.2.1", 1), sockname=("192.0.2.2", 2))
    assert not owes(guest) and guest.backlog() == 0 and guest.fault == ""
    owe(guest, 10)
    assert owes(guest) and 9 < guest.due - time.monotonic() <= 10
    owe(guest, 0)
    assert not owes(guest) and guest.due == 0


def test_mitmproxys_own_clients_owe_nothing() -> None:
    client = Client(peername=("192.0.2.1", 1), sockname=("192.0.2.2", 2))
    owe(client, 10)
    assert not owes(client)
