"""The gateway's own test clients: how one says who it plays.

A canary dials a unix socket in the service's running folder (0600 in a folder 0700) and first says, in one line of
JSON, as whom it is to be judged and whether it may leave the box::

    {"band": "ages-8-10"}  or  {"address": "10.20.0.1"}   and "away": true for real sites

Nothing that comes in over TCP is ever read so, whatever it writes: the listener decides, not the client. What a canary
does moves no counter of pupils, writes no event and raises no alert (``Identity.synthetic``).
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace

from hedgerow.core.hosts import HostError, canonical_host, is_address
from hedgerow.core.model import Capture, Identity
from hedgerow.runtime import Snapshot

KEY = "selftest"
"""In place of a person: no address is written so."""
_LONGEST = 256
_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Canary:
    """Whom a test client plays: a band's pupil on a decrypted network, or whoever has an address."""

    band: str = ""
    address: str = ""
    away: bool = False

    def identity(self, snapshot: Snapshot) -> Identity:
        """As ``decide`` sees it. An unknown band gets the strictest, as unknown people do."""
        if self.address:
            return replace(snapshot.identities.resolve(self.address), key=KEY, synthetic=True)
        band = self.band if self.band in snapshot.policy.bands else snapshot.policy.default_band
        return Identity(KEY, band, "", Capture.DECRYPTED, synthetic=True)


async def greeted(reader: asyncio.StreamReader) -> Canary | None:
    """The canary's first line; None when it says nothing that can be understood, or takes too long."""
    try:
        async with asyncio.timeout(_SECONDS):
            line = await reader.readline()
        told = json.loads(line) if len(line) <= _LONGEST else None
        return _read(told) if isinstance(told, dict) else None
    except (TimeoutError, OSError, ValueError):
        return None


def _read(told: dict[str, object]) -> Canary | None:
    band, address = str(told.get("band", "")), str(told.get("address", ""))
    if bool(band) == bool(address):
        return None
    try:
        fine = not address or is_address(canonical_host(address))
    except HostError:
        fine = False
    return Canary(band, address, told.get("away") is True) if fine else None
