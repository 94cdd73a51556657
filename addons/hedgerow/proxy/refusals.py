"""Which devices refuse the school's certificates: counted for the scrape, and never named.

A device that refuses them all lacks the CA. A certificate that many devices refuse who take others belongs to an
application that accepts its maker's only ("pinned"). Devices and names are kept for an hour, in this worker's memory,
as hashes under a key that dies with it: no list of who visits what comes about.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b

SECONDS = 3600.0
MANY = 5
"""Devices that refuse one name's certificate within an hour before it counts as widely refused."""
TRUST = ("none", "some")
_DEVICES, _NAMES = 5000, 1000


class Refusals:
    """What was refused in the last hour. Bounded: what is longest ago is forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._key = clock, secrets.token_bytes(16)
        self._refused = _Recent(_DEVICES)
        self._accepted = _Recent(_DEVICES)
        self._told = _Recent(_NAMES)  # names that were told as widely refused
        self._names: OrderedDict[bytes, _Recent] = OrderedDict()  # name -> the devices that refused it

    def refused(self, device: str, name: str) -> tuple[str, bool]:
        """A handshake failed: (what the device trusts, of ``TRUST``, when it had refused nothing for an hour, else "";
        True when by it this name's certificate becomes one that many refuse)."""
        now, who = self._clock(), self._hash(device)
        trusts = self._accepted.has(who, now)
        fresh = not self._refused.has(who, now)
        self._refused.touch(who, now)
        wide = trusts and self._wide(self._hash(name), who, now)
        return (TRUST[trusts] if fresh else ""), wide

    def accepted(self, device: str) -> None:
        """The device spoke inside a connection that was opened."""
        self._accepted.touch(self._hash(device), self._clock())

    def _wide(self, name: bytes, who: bytes, now: float) -> bool:
        by = self._names.setdefault(name, _Recent(MANY))
        self._names.move_to_end(name)
        if len(self._names) > _NAMES:
            self._names.popitem(last=False)
        by.touch(who, now)
        if by.count(now) < MANY or self._told.has(name, now):
            return False
        self._told.touch(name, now)
        return True

    def _hash(self, what: str) -> bytes:
        return blake2b(what.encode(), key=self._key, digest_size=8).digest()


class _Recent:
    """Keys with the time they were last seen, at most ``limit`` of them and none older than ``SECONDS``."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._seen: OrderedDict[bytes, float] = OrderedDict()

    def touch(self, key: bytes, now: float) -> None:
        self._seen[key] = now
        self._seen.move_to_end(key)
        if len(self._seen) > self._limit:
            self._seen.popitem(last=False)

    def has(self, key: bytes, now: float) -> bool:
        return self._seen.get(key, -SECONDS) > now - SECONDS

    def count(self, now: float) -> int:
        return sum(seen > now - SECONDS for seen in self._seen.values())
