"""Watches whether another device answers for an address of a staff-only network: somebody may have taken it.

Nothing about devices is written anywhere: of a link address a hash is kept in memory, under a key that dies with this
process, and what is counted and logged names the network alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hedgerow.stores.identities import Identities
from hedgerow.stores.neighbours import neighbours
from hedgerow.stores.site import Site
from hedgerow.supervisor_box import Box

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
AGAIN_SECONDS = 300.0
"""After a look that failed: where the kernel does not tell, it will not tell soon."""
REMEMBERED_SECONDS = 12 * 3600.0
"""How long an address that was silent is still its last device's: who waits until a teacher has left is seen."""
_MOST = 20_000

Read = Callable[[], Iterable[tuple[str, bytes]]]


@dataclass(frozen=True, slots=True)
class _Seen:
    device: bytes
    at: float


@dataclass(slots=True)
class Neighbours:
    """Looks at the neighbour tables again and again. ``clock`` gives monotonic seconds."""

    box: Box
    read: Read = neighbours
    clock: Callable[[], float] = time.monotonic
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _known: dict[str, _Seen] = field(default_factory=dict)
    _site: Site | None = None
    _identities: Identities = field(default_factory=lambda: Identities((), ""))

    def look(self, site: Site) -> None:
        """Count what changed since the last look. Raises OSError when the tables cannot be read."""
        if site is not self._site:
            self._site, self._identities = site, Identities(site.networks, "")
        now, here = self.clock(), Counter({rule.name: 0 for rule in site.networks if rule.staff_only})
        for address, link in self.read():
            identity = self._identities.resolve(address)
            if identity.staff_only:
                here[identity.network] += 1
                self._met(address, hmac.digest(self._secret, link, hashlib.sha256)[:8], identity.network, now)
        kept = (one for one in self._known.items() if now - one[1].at < REMEMBERED_SECONDS)
        self._known = dict(sorted(kept, key=lambda one: -one[1].at)[:_MOST])
        self.box.staff_on_link = here

    def _met(self, address: str, device: bytes, network: str, now: float) -> None:
        before = self._known.get(address)
        if before is not None and not hmac.compare_digest(before.device, device):
            self.box.mac_changes[network] += 1
            logger.warning("another device than before answers for an address of the staff network %r", network)
        self._known[address] = _Seen(device, now)


async def watch_neighbours(box: Box, site: Callable[[], Site]) -> None:
    """Look until cancelled; where the kernel does not tell (no netlink), nothing is watched and the metric says so."""
    watched = Neighbours(box)
    while True:
        try:
            await asyncio.to_thread(watched.look, site())
        except OSError as error:
            box.staff_on_link = {}
            logger.error("the addresses of staff are not watched: %s", error)
            await asyncio.sleep(AGAIN_SECONDS)
        await asyncio.sleep(LOOK_SECONDS)
