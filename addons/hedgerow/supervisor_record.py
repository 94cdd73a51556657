"""The supervisor's part of the change record, and the ends of the pseudonyms' keys.

A change that cannot be recorded does not come into force: the reload is refused, the old policy filters on, and it is
tried again each half minute. Only at the start the gateway goes on without its entry, because a school without a filter
is worse; the entry is tried again at every reload and each minute. ``hedgerow_house_failures_total{task="record"}``
counts both.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from hedgerow.runtime import Files, Sources
from hedgerow.stores.pseudonyms import tend
from hedgerow.stores.record import Record
from hedgerow.stores.record_start import entrust, starts
from hedgerow.stores.record_verify import verify
from hedgerow.stores.sealed import public_key
from hedgerow.stores.sealed_store import expire
from hedgerow.stores.site import Site
from hedgerow.stores.state import State
from hedgerow.supervisor_box import Box
from hedgerow.supervisor_changes import WHO, Changes, Looked

logger = logging.getLogger(__name__)

VERIFY_SECONDS = 3600.0
_NO_SITE = Site()


class Keeper:
    """All that the supervisor does about the record and the pseudonyms' keys; ``chores`` come each minute."""

    def __init__(self, state: State, sources: Sources, box: Box) -> None:
        self._state, self._box, self._record = state, box, Record(state.record)
        self._changes = Changes(self._record, state.seen / "files.json", sources)
        self._site: Site | None = None
        self._pending: tuple[Looked, Files] | None = None
        self._verified: tuple[object, float] = ((), 0.0)
        self._one = threading.Lock()
        box.record = self._record.head

    @property
    def chores(self) -> Sequence[Callable[[], None]]:
        return self._again, self._entrust, self._verify, self._tend, self._expire

    def look(self) -> Looked:
        return self._changes.look()

    def tell(self, looked: Looked, files: Files) -> None:
        """Record what changed, before it comes into force. Raises OSError, but not at the start; counted either way."""
        first = self._site is None
        try:
            with self._one:
                self._changes.tell(looked, files)
            self._pending = None
        except OSError as error:
            self._failed(error)
            if not first:
                raise
            self._pending = looked, files
        self._site = files.site
        holders = files.site.privacy.keyholders
        self._box.keyholders, self._box.keyholders_fingerprint = len(holders), fingerprint(holders)

    def happened(self, what: str, **detail: object) -> None:
        """The gateway itself started or stopped: that is never held up by an entry that cannot be written."""
        try:
            self._record.append("policy", WHO, what, "", detail)
        except OSError as error:
            self._failed(error)

    def _failed(self, error: OSError) -> None:
        self._box.house_failures["record"] += 1
        logger.error("not recorded: %s", error)

    def _again(self) -> None:
        if self._pending is not None:
            self.tell(*self._pending)

    def _entrust(self) -> None:
        entrust(self._record, (self._site or _NO_SITE).privacy.keyholders)

    def _verify(self) -> None:
        files = (self._record.log, self._record.head_file, self._record.key_file)
        stats = [path.stat() for path in files if path.exists()]
        signature = tuple((stat.st_ino, stat.st_size, stat.st_ctime_ns) for stat in stats)
        now = time.monotonic()
        if signature == self._verified[0] and now - self._verified[1] < VERIFY_SECONDS:
            return
        found = verify(
            self._record, starts(self._record), strict=False
        )  # keys of this machine: no more than a first look
        for fault in found.faults:
            logger.error("the change record: %s", fault.told)
        self._box.record_whole, self._verified = found.whole, (signature, now)

    def _tend(self) -> None:
        if self._site is not None:
            now = datetime.now(ZoneInfo(self._site.timezone))
            tend(self._state.keys, self._state.pseudonyms, now, self._site.privacy.pseudonyms)

    def _expire(self) -> None:
        if self._site is not None:
            expire(self._state.sealed, self._site.privacy.keep_days, time.time())


def fingerprint(holders: Mapping[str, str]) -> int:
    """48 bits that change when somebody else can open pseudonyms; 0 when nobody can."""
    keys = b"".join(sorted(public_key(text) for text in holders.values()))
    return int(hashlib.sha256(keys).hexdigest()[:12], 16) if keys else 0
