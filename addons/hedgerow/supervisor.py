"""``hedgerow serve``: one supervisor that owns what belongs to the box, and the workers that filter.

The supervisor opens the sockets, compiles policy and lists once for all workers, watches the files, replaces
workers that end or hang, answers the scrape. It never touches traffic. Control messages are lines of JSON on a
socket pair per worker::

    worker -> supervisor   {"ready": version}  {"alive": 1} each second  {"loaded": version}  {"refused": why}
    supervisor -> worker   {"load": file}  {"drain": seconds}; end of file: exit, the supervisor is gone
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hedgerow.metrics import forget_gauges
from hedgerow.supervisor_box import Box
from hedgerow.supervisor_sockets import Bound
from hedgerow.supervisor_worker import COMMAND, Slot, run_once

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 5.0
"""A worker silent for longer is killed and replaced: its event loop hangs, and so do its pupils."""
START_SECONDS = 60.0
LOAD_SECONDS = 10.0
DRAIN_SECONDS = 10.0
REFUSED_SECONDS = 30.0
"""After so long a policy is tried again that was refused for a reason that may pass: a full disk, say."""
_SETTLED_SECONDS = 5.0
_LONGEST_PAUSE = 10.0


@dataclass(frozen=True, slots=True)
class Built:
    """What a compilation leaves: the file the workers load, and what to tell about it."""

    version: str
    file: Path
    index: str = ""
    index_entries: int = 0
    shipped: str = ""  # of the shipped policies (``stores.shipped``)


class BuildRefused(Exception):
    """The files hold a mistake; the message is what the operator must read. What is in force stays in force.

    ``passing``: no mistake, the machine could not read or write just now. It is tried again without anybody's doing.
    """

    def __init__(self, message: str, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Beside:
    """A process that is kept like a worker and filters nothing: readiness does not wait for it."""

    sockets: Sequence[Bound]
    config: Mapping[str, object]
    command: Sequence[str]


PORTAL_SLOT = 1000
"""The portal's number among the metrics' files; workers count from 0."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a supervisor is told. ``build`` runs in a thread and raises BuildRefused."""

    sockets: Sequence[Sequence[Bound]]
    config: Mapping[str, object]  # what every worker is told (see ``supervisor_worker.run_once``)
    run_dir: Path
    build: Callable[[], Built]
    command: Sequence[str] = COMMAND
    portal: Beside | None = None


class Supervisor:
    """Runs the workers of a ``Plan`` until it is told to stop."""

    def __init__(self, plan: Plan, box: Box, first: Built) -> None:
        self.box = box
        self.slots = [Slot(number, sockets) for number, sockets in enumerate(plan.sockets)]
        self.portal = Slot(PORTAL_SLOT, plan.portal.sockets, name="the portal") if plan.portal else None
        self._plan = plan
        self._stopping = asyncio.Event()
        self._news = asyncio.Event()
        self._asked = asyncio.Event()
        self._later: asyncio.TimerHandle | None = None
        self._built = first
        self._old: list[Path] = []
        self._take(first)

    async def run(self) -> None:
        """Start the workers and stay until ``stop``. What a task of ours raises ends all of it: nothing runs half."""
        for slot in self._all:
            slot.changed = self._tell
        workers = [asyncio.create_task(self._keep(slot)) for slot in self._all]
        helpers = [asyncio.create_task(task) for task in (self._watchdog(), self._reloads(), self._stopping.wait())]
        ended, _ = await asyncio.wait([*workers, *helpers], return_when=asyncio.FIRST_COMPLETED)
        self._stopping.set()
        for helper in helpers:
            helper.cancel()
        await self._drain(workers)
        for task in ended:
            task.result()

    @property
    def _all(self) -> list[Slot]:
        return [*self.slots, self.portal] if self.portal else self.slots

    def stop(self) -> None:
        """Let every worker finish what it has begun, then end (SIGTERM)."""
        self._stopping.set()
        self._news.set()

    def reload(self) -> None:
        """Compile again soon (SIGHUP, or a file was saved); several wishes become one."""
        self._asked.set()

    def _take(self, built: Built) -> None:
        self._built = built
        box = self.box
        box.version, box.index, box.index_entries = built.version, built.index, built.index_entries
        box.loaded, box.refused, box.shipped = time.time(), False, built.shipped
        self._tell()

    def _tell(self) -> None:
        self.box.workers = {slot.number: slot.version for slot in self.slots}
        self.box.portal = self.portal.version if self.portal else ""
        self._news.set()

    async def _keep(self, slot: Slot) -> None:
        """A worker in this slot, and after it the next, with growing pauses while they end at once."""
        pause = 0.0
        while not self._stopping.is_set():
            plan = self._plan.portal if slot is self.portal and self._plan.portal else self._plan
            config = {**plan.config, "snapshot": str(self._built.file)}
            try:
                code = await run_once(slot, config, self._plan.run_dir, plan.command)
            except OSError as error:  # no process or memory left just now: the slot waits, it is not given up
                code = -1
                logger.error("%s could not be started: %s", slot, error)
            forget_gauges(str(self._plan.config["metrics_dir"]), slot.number)
            self._tell()
            if self._stopping.is_set():
                return
            settled = time.monotonic() - slot.started > _SETTLED_SECONDS
            pause = 0.0 if settled else min(max(pause * 2, 0.1), _LONGEST_PAUSE)
            self._restarts(slot)["exit"] += 1
            logger.error("%s ended with %d; the next one starts in %.1f s", slot, code, pause)
            await self._pause(pause)

    def _restarts(self, slot: Slot) -> Counter[str]:
        return self.box.portal_restarts if slot is self.portal else self.box.restarts

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _watchdog(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            for slot in self._all:
                if slot.control is not None and (fault := self._fault(slot)):
                    reason, sentence = fault
                    logger.error("%s %s and is replaced", slot, sentence)
                    self._restarts(slot)[reason] += 1
                    slot.heard = time.monotonic()
                    slot.kill()

    def _fault(self, slot: Slot) -> tuple[str, str] | None:
        """(reason, sentence) when this worker must be replaced."""
        if not slot.ready:
            return ("start", "did not become ready") if slot.silent_for() > START_SECONDS else None
        if slot.silent_for() > HEARTBEAT_SECONDS:
            return "hang", f"was silent for {HEARTBEAT_SECONDS:.0f} s"
        if slot.version != self.box.version and time.time() - self.box.loaded > LOAD_SECONDS:
            return "load", f"did not load {self.box.version}"
        return None

    async def _reloads(self) -> None:
        while True:
            await self._asked.wait()
            self._asked.clear()
            if self._later is not None:
                self._later.cancel()
            try:
                built = await asyncio.to_thread(self._plan.build)
            except BuildRefused as error:
                self._refuse("refused", str(error))
                if error.passing:
                    self._later = asyncio.get_running_loop().call_later(REFUSED_SECONDS, self.reload)
            except Exception:  # our own bug in reading files must not end a filter that works
                logger.exception("reading the files failed")
                self._refuse("failed", "a fault of Hedgerow itself, see above")
            else:
                await self._put_in_force(built)

    def _refuse(self, result: str, why: str) -> None:
        self.box.reloads[result] += 1
        self.box.refused = True
        logger.error("reload refused, %s stays in force:\n%s", self.box.version, why)

    async def _put_in_force(self, built: Built) -> None:
        if built.version == self._built.version:
            self.box.reloads["unchanged"] += 1
            self.box.refused = False
            return
        self._old.append(self._built.file)
        self._take(built)
        for slot in self._all:
            slot.send(load=str(built.file))
        if await self._all_at(built.version):
            self.box.reloads["loaded"] += 1
            logger.warning("policy %s is in force in all workers", built.version)
        else:
            self.box.reloads["failed"] += 1  # the watchdog replaces whoever did not follow
        for file in self._old[:-1]:  # one back is kept: a worker may be starting with it
            if file != built.file:  # what was taken back is in force again, under the same name
                file.unlink(missing_ok=True)
        del self._old[:-1]

    async def _all_at(self, version: str) -> bool:
        """Wait until every running worker serves by this version; False when one does not in time."""
        deadline = time.monotonic() + LOAD_SECONDS
        while any(slot.ready and slot.version != version for slot in self.slots):
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                return False
        return True

    async def _drain(self, kept: Sequence[asyncio.Task[None]]) -> None:
        """The workers first: what they still relay needs the portal."""
        number = len(self.slots)
        await _drained(self.slots, kept[:number])
        if self.portal:
            await _drained([self.portal], kept[number:])


async def _drained(slots: Sequence[Slot], tasks: Sequence[asyncio.Task[None]]) -> None:
    for slot in slots:
        slot.send(drain=DRAIN_SECONDS)
    _done, late = await asyncio.wait(tasks, timeout=DRAIN_SECONDS + 2)
    for slot in slots:
        slot.kill()
    if late:
        await asyncio.wait(late, timeout=5)


def install_signals(supervisor: Supervisor) -> None:
    """SIGTERM and SIGINT drain; SIGHUP reloads."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, supervisor.stop)
    loop.add_signal_handler(signal.SIGINT, supervisor.stop)
    loop.add_signal_handler(signal.SIGHUP, supervisor.reload)
