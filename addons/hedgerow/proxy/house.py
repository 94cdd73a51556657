"""What one worker serves: the snapshot in force, its stores, the five addons and the pages, made from its config."""

from __future__ import annotations

import gc
import threading
from collections.abc import Sequence
from pathlib import Path

from mitmproxy import http

from hedgerow import metrics, runtime
from hedgerow.proxy import addons, apply
from hedgerow.proxy.faults import FaultPages
from hedgerow.proxy.master import Pages
from hedgerow.proxy.services import Services
from hedgerow.proxy.settings import Answer
from hedgerow.proxy.standing import Standing
from hedgerow.proxy.upstream import parent_address
from hedgerow.proxy.via import own_name
from hedgerow.stores.alert_spool import AlertSpool
from hedgerow.stores.grants import GrantStore
from hedgerow.stores.sealed_store import sealed_pseudonyms
from hedgerow.stores.spool import EventSpool
from hedgerow.stores.state import State, key
from hedgerow.stores.tokens import Tokens


class ServedHouse:
    """Implements ``proxy.worker.House``."""

    def __init__(self, services: Services) -> None:
        self._services, self._standing = services, Standing(services)
        services.grants.on_change(self._standing.look_again)
        self.addons: Sequence[object] = addons(services)
        self._faults = FaultPages(services.runtime.current)
        self.pages = Pages(fault=self._faults.show, bare=apply.fault, error=self._error)

    @property
    def name(self) -> str:
        return self._services.name

    @property
    def version(self) -> str:
        return self._services.runtime.current.version

    def private(self) -> tuple[str, ...]:
        return self._services.runtime.current.policy.private_allowed

    def parent(self) -> tuple[str, int] | None:
        """The parent proxy of site.yaml, host and port."""
        return parent_address(self._services.runtime.current.site.parent_proxy)

    def load(self, path: Path) -> str:
        """Runs in a thread: only the last assignment is seen by requests.

        What was judged by earlier snapshots hangs in cycles, and the collector seldom looks (``worker.settle``): 20
        reloads would leave 20 snapshots with their mapped lists. It is asked first, which takes 20 to 40 ms.
        """
        gc.collect()
        snapshot = runtime.load(path, self._services.runtime.current)
        self._faults.load(snapshot)
        self._services.runtime.current = snapshot
        threading.Thread(target=self._standing.look_again, daemon=True).start()  # a fault in it refuses no policy
        return snapshot.version

    def close(self) -> None:
        self._services.alerts.close()
        self._services.spool.close()
        self._services.grants.close()
        self._services.pseudonyms.close()

    def _error(self, status: int, reason: str, flow: http.HTTPFlow | None, languages: str) -> Answer:
        snapshot, relaxed = self._services.runtime.current, self._services.grants.relaxed(self._services.clock())
        made = apply.error_page(status, reason, flow, languages, snapshot, relaxed)
        return made.status, made.headers, made.body


def build(root: Path, snapshot: Path, slot: int) -> ServedHouse:
    """Everything from its files. Raises OSError, ValueError or StateError when one cannot be used."""
    state = State(root)
    services = Services(
        runtime=runtime.Runtime(runtime.load(snapshot)),
        grants=GrantStore(state.grants, key(state.keys / "grants.key"), dropped=metrics.GRANTS_DROPPED.inc),
        spool=EventSpool(
            state.events / str(slot), dropped=metrics.EVENTS_DROPPED.inc, written=metrics.EVENTS_WRITTEN.inc
        ),
        alerts=AlertSpool(state.alerts, slot, dropped=metrics.ALERTS_DROPPED.inc),
        tokens=Tokens(state.keys),
        name=own_name(state.keys),
        pseudonyms=sealed_pseudonyms(state.pseudonyms, state.sealed / str(slot), metrics.SEALS_DROPPED.inc),
    )
    return ServedHouse(services)
