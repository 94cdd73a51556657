"""What the supervisor knows to be wrong with the gateway itself, for the recipients of ``technical`` (site.yaml).

The portal delivers it (``stores.report_notices``). What keeps the portal down, or its store from being written, no mail
can tell: that is for the alert rules, which a Prometheus elsewhere keeps.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hedgerow.supervisor import Supervisor
from hedgerow.supervisor_box import Box

LOOK_SECONDS = 10.0
LASTS = {"policy": 300.0, "workers": 120.0}
"""Seconds for which these must hold: an edit in two steps, or a start, is no trouble."""
REMEMBERED_SECONDS = 3600.0
"""How long something that failed counts as lasting."""
PORTALS = 3
"""So many ends of the portal within an hour are a trouble; one is replaced and forgotten."""
LEAST_FREE = 512 << 20
CERTIFICATE_SECONDS = 30 * 86_400.0


@dataclass(slots=True)
class Troubles:
    """Looks at the box again and again. ``clock`` gives monotonic seconds, ``now`` those since 1970."""

    box: Box
    root: Path
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    _since: dict[str, float] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _failed: dict[str, list[float]] = field(default_factory=dict)

    def look(self) -> tuple[str, ...]:
        """Names of ``report_notices.TROUBLES`` that last. Raises OSError when the disk cannot be asked."""
        holds = self._holds()
        moment = self.clock()
        self._since = {name: self._since.get(name, moment) for name, true in holds.items() if true}
        return tuple(name for name, since in self._since.items() if moment - since >= LASTS.get(name, 0.0))

    def _holds(self) -> Mapping[str, bool]:
        box = self.box
        failures = box.house_failures
        return {
            "policy": box.refused,
            "record": self._failures("record", failures["record"]) > 0 or not box.record_whole,
            "workers": not box.ready,
            "portal": self._failures("portal", sum(box.portal_restarts.values())) >= PORTALS,
            "disk": shutil.disk_usage(self.root).free < LEAST_FREE,
            "certificate": 0 < box.ca_expiry < self.now() + CERTIFICATE_SECONDS,
            "chores": self._failures("chores", sum(failures.values()) - failures["record"]) > 0,
        }

    def _failures(self, name: str, count: int) -> int:
        """How often it failed within the last hour, as far as ``count`` grew from look to look."""
        moment = self.clock()
        grown = count - self._counts.get(name, 0)
        self._counts[name] = count
        kept = [at for at in self._failed.get(name, ()) if moment - at < REMEMBERED_SECONDS]
        self._failed[name] = [*kept, *[moment] * min(grown, PORTALS)]
        return len(self._failed[name])


async def tell_troubles(supervisor: Supervisor, root: Path) -> None:
    """Tell the portal what lasts, until cancelled. One that was started anew hears it at the next look."""
    troubles = Troubles(supervisor.box, root)
    while True:
        lasting: Collection[str] = await asyncio.to_thread(troubles.look)
        if supervisor.portal is not None:
            supervisor.portal.send(troubles=lasting)
        await asyncio.sleep(LOOK_SECONDS)
