"""Start a proxy in the gateway's namespace: Hedgerow by its contract command, or stock mitmdump to prove the lab."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.commands import hedgerow

from .net import EXPLICIT_PORT, METRICS_PORT, PORTAL_PORT, SECOND_LANE, TRANSPARENT_PORT, Namespace
from .wire import Link

BIN = Path(sys.executable).parent
WRITTEN = 1.2
"""Seconds until an event stands in the log: it is written each second."""


class NotReady(Exception):
    """The proxy did not come up; the message carries the end of its log."""


class Process:
    """A running command with its log."""

    def __init__(
        self, host: Namespace, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None
    ) -> None:
        self.log = log
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                host.command(*command),
                stdout=out,
                stderr=out,
                env={**os.environ, **(env or {})},
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """``ip netns exec`` replaces itself by the command: this is the command's own id."""
        return self._process.pid

    def running(self) -> bool:
        return self._process.poll() is None

    def tail(self, lines: int = 25) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self, seconds: float = 10) -> int:
        """End politely, then not; the exit status."""
        if self.running():
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            return self._process.wait()


def until_listening(host: Namespace, process: Process, ports: Sequence[int], seconds: float) -> None:
    """Wait for every port. Raises NotReady."""
    end = time.monotonic() + seconds
    for port in ports:
        while True:
            try:
                host.dial(host.v4, port, 1).close()
                break
            except OSError as error:
                if not process.running() or time.monotonic() > end:
                    raise NotReady(f"port {port}: {error}\n{process.tail()}") from error
                time.sleep(0.05)


def stock(host: Namespace, folder: Path, root: Path) -> Process:
    """mitmdump without any filter in the second gateway's place, both modes. Its CA ends up in ``folder``."""
    options = ("connection_strategy=lazy", f"confdir={folder}", f"ssl_verify_upstream_trusted_ca={root}")
    explicit, transparent = EXPLICIT_PORT + SECOND_LANE, TRANSPARENT_PORT + SECOND_LANE
    command = [str(BIN / "mitmdump"), "-q", "--mode", f"regular@{explicit}", "--mode", f"transparent@{transparent}"]
    command += [part for option in options for part in ("--set", option)]
    process = Process(host, command, folder / "mitmdump.log")
    until_listening(host, process, (explicit, transparent), 20)
    return process


class Gateway:
    """One running Hedgerow with its folders."""

    def __init__(
        self,
        host: Namespace,
        folder: Path,
        root: Path,
        *,
        workers: int = 2,
        env: Mapping[str, str] | None = None,
        second: int = 0,
        asks: bool = True,
        metrics: str = "127.0.0.1",
    ) -> None:
        self.host, self.folder, self.state = host, folder, folder / "state"
        self.policies, self.blocklists = folder / "policies", folder / "blocklists"
        lane = SECOND_LANE * second
        self.metrics_port = METRICS_PORT + lane
        command = [str(BIN / "hedgerow"), "serve", *self.folders, "--listen", f"[::]:{EXPLICIT_PORT + lane}",
                   "--listen", f"[::]:{TRANSPARENT_PORT + lane}/transparent", "--mode", "regular",
                   "--portal", f"[::]:{PORTAL_PORT + lane}", "--workers", str(workers),
                   "--metrics", f"{metrics}:{self.metrics_port}", "--upstream-ca", str(root)]  # fmt: skip
        command += ["--selftest-every", "60" if asks else "0"]  # minutes: once, and it is busy enough
        if self.fetch("/ready")[0]:
            raise NotReady("another gateway is still running in this place")
        self.process = Process(host, command, folder / "gateway.log", env)
        self.wait_ready(120)  # six seconds of CPU time, on a machine that may be busy

    @property
    def folders(self) -> tuple[str, ...]:
        """The three folders as every command takes them."""
        given = (("--policies", self.policies), ("--blocklists", self.blocklists), ("--state", self.state))
        return tuple(part for option, path in given for part in (option, str(path)))

    def metric(self, name: str, **labels: str) -> float:
        """The sum of a metric's series that carry these labels, from one scrape of all workers."""
        wanted = [f'{key}="{value}"' for key, value in labels.items()]
        lines = [line for line in self.fetch("/metrics")[1].splitlines() if line.startswith((name + "{", name + " "))]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if all(part in line for part in wanted))

    def wait_ready(self, seconds: float) -> None:
        """Until ``/ready`` says so. Raises NotReady."""
        end = time.monotonic() + seconds
        while self.fetch("/ready")[0] != 200:
            if not self.process.running() or time.monotonic() > end:
                tail = self.process.tail()
                self.process.stop(2)
                raise NotReady(tail)
            time.sleep(0.1)

    def fetch(self, path: str) -> tuple[int, str]:
        """Status and text of a page of the metrics endpoint; status 0 when nothing answers."""
        try:
            with Link(self.host.dial("127.0.0.1", self.metrics_port, 5)) as link:
                link.send(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
                reply = link.reply()
        except OSError:
            return 0, ""
        return reply.status, reply.body.decode()

    def cli(self, *arguments: str, check: bool = False) -> subprocess.CompletedProcess[str]:
        """``hedgerow ARGUMENTS`` beside the gateway; of ``events``, all that happened until now."""
        if arguments[0] == "events":
            time.sleep(WRITTEN)
        return hedgerow(*arguments, *self.folders, check=check)

    @property
    def ca(self) -> Path:
        """The school CA's public certificate."""
        return next(path for path in (self.state / "ca").glob("*cert*.pem"))

    def stop(self) -> int:
        return self.process.stop(15)
