"""A steady load whose own times can be believed: h2load asks, so that no interpreter lock of ours is measured.

The threads of ``load.Load`` read every answer, and keep a core busy with it; they tell what was answered, these tell
when.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab.net import Namespace

CLIENTS = 8
"""Connections of each protocol."""


@dataclass(frozen=True, slots=True, order=True)
class Timed:
    """One answer of h2load's log."""

    at: float  # when it was asked for, Unix seconds
    status: int
    took: float  # seconds


class Rates:
    """``rate`` requests a second in all, half of them h1 and half h2, until left; then ``answers``."""

    def __init__(self, client: Namespace, host: str, rate: float, folder: Path) -> None:
        self._client, self._host, self._rate = client, host, rate
        self._logs = [folder / "h1.tsv", folder / "h2.tsv"]
        self._running: list[subprocess.Popen[bytes]] = []
        self.answers: list[Timed] = []

    def __enter__(self) -> Rates:
        for log, protocol in zip(self._logs, ("--h1", "--npn-list=h2"), strict=True):
            self._running.append(subprocess.Popen(self._command(log, protocol), stdout=subprocess.DEVNULL))
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running:
            process.terminate()
            process.wait(10)
        self.answers = sorted(answer for log in self._logs for answer in read(log))

    def _command(self, log: Path, protocol: str) -> Sequence[str]:
        rps = self._rate / 2 / CLIENTS
        return self._client.command(
            "h2load", protocol, f"-c{CLIENTS}", "-t1", "-m1", f"--rps={rps}", "-D900", f"--log-file={log}",
            f"https://{self._host}/",
        )  # fmt: skip


def read(log: Path) -> Iterator[Timed]:
    """The whole lines of h2load's ``--log-file``."""
    for line in log.read_text().splitlines():
        at, status, took = line.split("\t")[:3]
        yield Timed(int(at) / 1e6, int(status), int(took) / 1e6)


@contextmanager
def from_second(client: Namespace) -> Iterator[None]:
    """What this host sends comes from its second address, so that the second gateway answers."""
    before = client.run("ip", "-4", "route", "show").splitlines()
    for route in before:
        client.run("ip", "route", "replace", *_plain(route), "src", client.second_v4)
    try:
        yield
    finally:
        for route in before:
            client.run("ip", "route", "replace", *route.split())


def _plain(route: str) -> list[str]:
    words = route.split()
    while "src" in words:
        at = words.index("src")
        del words[at : at + 2]
    return words
