"""The whole lab: a LAN with pupils, a gateway to be tested, and an internet that writes down every contact."""

from __future__ import annotations

import atexit
import functools
import shutil
import sys
import tempfile
import time
from pathlib import Path

from hedgerow.stores.state import write_whole

from .client import Device
from .contacts import Watch
from .gateway import NotReady, Process
from .net import Net

ROOT = Path(__file__).parents[2]


class Lab:
    """Made once a test run; ``close`` leaves nothing behind."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hedgerow-lab-"))
        self.net = Net()
        self.served = self.folder / "served"
        env = {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", "HEDGEROW_LAB_SERVED": str(self.served)}
        command = [sys.executable, "-m", "tests.lab.origin", str(self.folder)]
        self.origin = Process(self.net.internet, command, self.folder / "origin.log", env)
        self.root = self.folder / "root.pem"
        self._wait()

    def _wait(self, seconds: float = 15) -> None:
        end = time.monotonic() + seconds
        while not (self.folder / "ready").exists():
            if not self.origin.running() or time.monotonic() > end:
                raise NotReady(self.origin.tail())
            time.sleep(0.02)

    def watch(self) -> Watch:
        """Contacts from now on."""
        return Watch(self.folder / "contacts.jsonl")

    def device(self, name: str, mode: str, ca: Path, *, second: int = 0) -> Device:
        """``name`` in ``net.PUPILS``, speaking to the ordinary or the ``second`` gateway.

        Trusts the school's CA and, for undecrypted connections, the lab's root."""
        both = self.folder / f"trust-{ca.stat().st_mtime_ns}.pem"
        if not both.exists():
            write_whole(both, ca.read_bytes() + self.root.read_bytes())  # other threads read it already
        return Device(self.net.pupils[name], mode, both, second=second)

    def close(self) -> None:
        self.origin.stop(3)
        self.net.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@functools.cache
def shared() -> Lab:
    """The one lab of this process; evasion and e2e share it."""
    lab = Lab()
    atexit.register(lab.close)
    return lab
