"""Connections over ``--portal``: each has a deadline, and one address cannot hold all of them.

uvicorn waits for ever for the end of a request's head. Behind the filter that cannot happen (a worker relays whole
requests only); a port of our own must not be shut to a class by one device that opens connections and says nothing.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS = 30.0
"""From the first byte to the last: every answer closes its connection (``look.HEADERS``)."""
ADDRESS_MOST = 40
"""Connections of one address at once: a class behind one router that reads the poster together fits."""


class Hasty(H11Protocol):
    """uvicorn's HTTP/1.1 with an end."""

    open_by_address: Counter[str] = Counter()
    address = ""
    due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if isinstance(peer, tuple) else ""
        self.open_by_address[self.address] += 1
        super().connection_made(transport)
        if self.address and self.open_by_address[self.address] > ADDRESS_MOST:
            transport.abort()
            return
        self.due = asyncio.get_running_loop().call_later(SECONDS, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.due is not None:
            self.due.cancel()
        self.open_by_address[self.address] -= 1
        if not self.open_by_address[self.address]:
            del self.open_by_address[self.address]
        super().connection_lost(exc)
