"""A client connection with what the engine must know of it: what it owes us, and whether a hook failed on it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from mitmproxy.connection import Client
from mitmproxy.proxy.commands import RequestWakeup

from hedgerow.proxy.canary import Canary


class Guest(Client):
    """mitmproxy's Client, extended. ``due`` is when it is closed unless it moves (monotonic seconds, 0 = never)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.due = 0.0
        self.over: Callable[[], bool] = lambda: False  # what it was opened for would not be opened now (``standing``)
        self.fault = ""  # the connection hook that failed; every request is answered with the fault page
        self.at = ""  # our own address, as the client reaches it; also where it was redirected
        self.hops: tuple[str, ...] = ()  # the gateways like ours that its CONNECT came by
        self.unread: Callable[[int], None] | None = None  # counts what is passed on as it is, both ways
        self.backlog: Callable[[], int] = lambda: 0  # bytes an h2 client's flow control holds back
        self.canary: Canary | None = None  # whom a test client of our own plays
        self.awaited: dict[RequestWakeup, float] = {}  # wake-ups asked for, and when they are due


def owe(client: Client, seconds: float) -> None:
    """From now the client has so many seconds to send what is due; 0 = it owes nothing."""
    if isinstance(client, Guest):
        client.due = time.monotonic() + seconds if seconds else 0.0


def canary_of(client: Client | None) -> Canary | None:
    """Whom a test client of our own plays; None for everybody else."""
    return client.canary if isinstance(client, Guest) else None


def owes(client: Client) -> bool:
    return isinstance(client, Guest) and client.due > 0
