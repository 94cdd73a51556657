"""The supervisor's part of the self-test: its origin, a run every few minutes, what it found for scrape and sheet."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from hedgerow import __version__
from hedgerow.metrics import collected
from hedgerow.selftest import origin
from hedgerow.selftest.house import RUNNING
from hedgerow.selftest.model import Run, counted, read, unasked
from hedgerow.stores.selftest_log import Kept, append
from hedgerow.stores.state import State, write_whole
from hedgerow.supervisor_box import Box
from hedgerow.supervisor_house import lasting
from hedgerow.supervisor_sockets import Bound, Listen, open_unix

logger = logging.getLogger(__name__)

FIRST_SECONDS = 5.0
"""After the workers are ready: a start is busy enough."""
EVERY_SECONDS = 300.0
AGAIN_SECONDS = 15.0
"""When a run could not be made, or the policy changed under it."""
REACH_EVERY = 6
"""In each so many runs the helplines' own sites are asked too: they serve people in need, not us."""
MOST_SECONDS = 240.0

COMMAND = (sys.executable, "-m", "hedgerow.selftest")
REACHED = "helplines-reached"
CANARY_MODE = "canary"
_TOTALS = {"requests": "hedgerow_requests", "unread": "hedgerow_not_inspected", "dropped": "hedgerow_events_dropped"}


def open_canaries(run_dir: Path, sockets: Sequence[list[Bound]]) -> None:
    """Beside each worker's sockets one for test clients. Raises ListenError."""
    for number, bound in enumerate(sockets):
        bound.append(Bound(open_unix(run_dir / f"canary-{number}.sock").socket, CANARY_MODE))


def tell_running(run_dir: Path, facts: Mapping[str, object]) -> None:
    """How this gateway runs, for ``hedgerow doctor``: JSON, that root may read without running what it says."""
    write_whole(run_dir / RUNNING, json.dumps(facts).encode())


async def answer_canaries(bound: Bound) -> None:
    """The self-test's own origin, until cancelled."""
    server = await asyncio.start_unix_server(origin.answer, sock=bound.socket.dup())
    await origin.serve(server)


class Tester:
    """Runs the self-test again and again, each time in a process of its own."""

    def __init__(
        self, box: Box, state: State, run_dir: Path, command: Sequence[str] = COMMAND, every: float = EVERY_SECONDS
    ) -> None:
        self.turn, self.every = 0, every
        self._failed: dict[tuple[str, str, str], str] = {}  # by check, band and what
        self._box, self._state, self._run_dir, self._command = box, state, run_dir, command

    async def keep_testing(self, ready: Callable[[], bool]) -> None:
        """Until cancelled. What goes wrong with a run is logged, counted by the scrape's age, and tried again."""
        while not ready():
            await asyncio.sleep(1.0)
        await asyncio.sleep(FIRST_SECONDS)
        while True:
            done = await self.once()
            await asyncio.sleep(self.every if done else AGAIN_SECONDS)

    async def once(self) -> bool:
        """One run; True when its result counts."""
        reach = self.turn % REACH_EVERY == 0
        found = await self._run(reach)
        if found is None or found.policy != self._box.version:
            return False
        self.turn += 1
        self._tell(found, reach)
        await asyncio.to_thread(self._keep, found)
        return True

    async def _run(self, reach: bool) -> Run | None:
        words = [str(self._state.root), str(self._run_dir), str(self.turn), *(["reach"] if reach else [])]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*self._command, *words, stdout=pipe, stderr=pipe)
        try:
            out, err = await asyncio.wait_for(process.communicate(), MOST_SECONDS)
            if process.returncode == 0:
                return read(json.loads(out))
            why = err.decode("utf-8", "replace")
        except TimeoutError:
            why = f"it did not end within {MOST_SECONDS:.0f} s"
        except (ValueError, KeyError, TypeError) as error:
            why = f"its result cannot be read: {error}"
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        logger.error("the self-test could not run: %s", why.strip()[-500:])
        return None

    def _tell(self, found: Run, reach: bool) -> None:
        told = self._box.selftest
        kept = {place: ok for place, ok in told.ok.items() if place[0] == REACHED}
        told.ok = {**kept, **found.results}
        told.at, told.expiries = found.at, found.expiries
        failed = {(one.check, one.band, one.what): one.told for one in found.failed}
        for place in failed.keys() - self._failed.keys():  # told once, not every five minutes
            logger.error("self-test: %s %s: %s: %s", *place, failed[place])
        silent = {(one.check, one.band, one.what) for one in found.canaries if not one.asked}
        stays = {p: t for p, t in self._failed.items() if p in silent or (p[0] == REACHED and not reach)}
        for place in self._failed.keys() - failed.keys() - stays.keys():
            logger.warning("self-test: %s %s: %s is well again", *place)
        self._failed = stays | failed

    def _keep(self, found: Run) -> None:
        failed = [(one.check, one.band, one.what, one.told) for one in found.failed]
        counts, not_asked = counted(found.canaries), unasked(found.canaries)
        sums = totals(self._run_dir / "metrics")
        kept = Kept(found.at, found.seconds, found.policy, counts, failed, sums, not_asked)
        append(self._state.root / "selftest", kept)


def totals(metrics_dir: Path) -> dict[str, float]:
    """Sums over everybody since the start, for the month's share of what was not read."""
    sums = dict.fromkeys(_TOTALS, 0.0)
    for family in collected(str(metrics_dir)).collect():
        for name, metric in _TOTALS.items():
            if family.name == metric:
                sums[name] = sum(sample.value for sample in family.samples if sample.name.endswith("_total"))
    return sums


def tested(tester: Tester, box: Box, bound: Bound) -> Iterator[Coroutine[None, None, None]]:
    """What runs as long as the supervisor, and is begun again when it ends."""
    yield lasting("canaries", box, lambda: answer_canaries(bound))
    if tester.every:
        yield lasting("selftest", box, lambda: tester.keep_testing(lambda: box.ready))


class Served(Protocol):
    """What of the command line ``hedgerow doctor`` needs."""

    @property
    def listens(self) -> Sequence[Listen]: ...

    @property
    def metrics(self) -> tuple[str, int]: ...


def now_running(options: Served, told: Mapping[str, str]) -> dict[str, object]:
    """What ``tell_running`` writes."""
    return {
        "pid": os.getpid(),
        "started": time.time(),
        "version": __version__,
        **told,
        "listens": [f"{one.reachable}/{one.mode}" for one in options.listens],
        "metrics": list(options.metrics),
    }
