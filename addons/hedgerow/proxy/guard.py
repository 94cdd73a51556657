"""The one border at which our own bugs are caught: a hook that raises, hangs or answers nonsense is a fault.

mitmproxy logs an addon's exception and forwards the request. A filter must do the opposite, so no hook is called but
through here. A hang is broken off by a watchdog thread, which signals the main thread; the signal's handler raises
``HookTimeout`` there, but only while the very call the watchdog meant is still running. In a finaliser or the callback
of a weak reference Python prints what is raised and goes on: the watchdog signals again until the call has ended.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from hedgerow import metrics
from hedgerow.proxy.limits import HOOK_SECONDS, READER_THREADS, READING_SECONDS

logger = logging.getLogger(__name__)

type Hook = Callable[..., object]


class HookTimeout(BaseException):
    """A hook ran longer than the guard allows. Not an Exception, so that no hook can swallow it by accident."""


class Nonsense(Exception):
    """A hook returned something where nothing, or yes or no, was due."""


class Guard:
    """Calls hooks so that a fault becomes a value. Made and used in the main thread."""

    def __init__(self, seconds: float = HOOK_SECONDS) -> None:
        self._seconds = seconds
        self._running = False
        self._since = 0.0
        self._call = 0  # number of the running call
        self._late = -1  # number of the call the watchdog wants broken off
        self._stop = threading.Event()
        self._readers = ThreadPoolExecutor(READER_THREADS, thread_name_prefix="reader")

    def watch(self) -> None:
        """Start the watchdog. Must be called in the main thread, where Python runs signal handlers."""
        signal.signal(signal.SIGUSR2, self._interrupt)
        threading.Thread(target=self._watchdog, args=(threading.get_ident(),), daemon=True, name="guard").start()

    def stop(self) -> None:
        self._stop.set()
        self._readers.shutdown(wait=False, cancel_futures=True)

    async def beside(self, name: str, work: Callable[[], None]) -> bool:
        """Do in a thread what a hook will need, while the loop serves others. False at a fault, or when it is late."""
        try:
            await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(self._readers, work), READING_SECONDS)
        except Exception as error:
            return self._fault(name, error)
        return True

    def call(self, name: str, hooks: Sequence[Hook], data: object) -> bool:
        """Run every hook with ``data``. False at the first fault, which is counted and logged; the rest is not run."""
        return self.contain(name, lambda: _run(hooks, data))

    def ask(self, name: str, hooks: Sequence[Hook], *data: object) -> bool | None:
        """Run hooks that answer yes or no: True when all say yes, None when there was a fault."""
        answers: list[bool] = []
        ran = self.contain(name, lambda: _ask(hooks, data, answers))
        return all(answers) if ran else None

    def survive(self, name: str, work: Callable[[], None]) -> bool:
        """Run protocol code, in which hooks are called: an error is a fault, its length is its own affair."""
        try:
            work()
        except Exception as error:
            return self._fault(name, error)
        return True

    def contain(self, name: str, work: Callable[[], None]) -> bool:
        """Run ``work`` inside the border. Calls within calls are part of the outer one."""
        if self._running:
            return self._contained(name, work)
        try:
            self._call += 1
            self._since = time.monotonic()
            self._running = True
            return self._contained(name, work)
        except HookTimeout as late:  # it came between the hook's end and ours: too late all the same
            self._running = False  # no second one must leave the border while this is told
            return self._fault(name, late)
        finally:
            self._running = False

    def _contained(self, name: str, work: Callable[[], None]) -> bool:
        try:
            work()
        except (Exception, HookTimeout) as error:
            return self._fault(name, error)
        return True

    def _fault(self, name: str, error: BaseException) -> bool:
        metrics.FAULTS.labels(name).inc()
        logger.error("fault in %s, refusing: %s at %s", name, type(error).__name__, _place(error))
        return False

    def _interrupt(self, _signal: int, _frame: object) -> None:
        if self._running and self._late == self._call:
            raise HookTimeout

    def _watchdog(self, main: int) -> None:
        while not self._stop.wait(self._seconds / 8):
            call = self._call
            if self._running and time.monotonic() - self._since > self._seconds and call == self._call:
                self._late = call
                signal.pthread_kill(main, signal.SIGUSR2)


def _run(hooks: Sequence[Hook], data: object) -> None:
    for hook in hooks:
        answer = hook(data)
        if answer is not None:
            raise _nonsense(answer)


def _ask(hooks: Sequence[Hook], data: tuple[object, ...], answers: list[bool]) -> None:
    for hook in hooks:
        answer = hook(*data)
        if not isinstance(answer, bool):
            raise _nonsense(answer)
        answers.append(answer)


def _nonsense(answer: object) -> Nonsense:
    close = getattr(answer, "close", None)
    if callable(close):
        close()  # a coroutine nobody will await
    return Nonsense(type(answer).__name__)


def _place(error: BaseException) -> str:
    """File and line only: a message or a local could carry what a pupil typed."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
