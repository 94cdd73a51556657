"""A steady load on the gateway while something is done to it: h1, h2 and WebSockets, every answer written down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from wsproto.utilities import LocalProtocolError

from tests.lab.client import Device, Refused, get
from tests.lab.h2client import fields
from tests.lab.wire import Link, Reply


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: what was asked for, when it ended (monotonic seconds), and the reply."""

    host: str
    at: float
    reply: Reply


@dataclass(slots=True)
class Load:
    """Threads that each keep one connection and ask at a steady rate; a connection that ends is opened again."""

    device: Device
    hosts: tuple[str, ...]
    rate: float  # requests a second in all
    threads: int = 8
    answers: list[Answer] = field(default_factory=list)
    echoes: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _running: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Load:
        pairs = range(self.threads // 2)  # that begin with different hosts
        jobs: list[Callable[[], None]] = [partial(ask, number) for ask in (self._h1, self._h2) for number in pairs]
        jobs.append(self._websocket)
        self._running = [threading.Thread(target=job, daemon=True) for job in jobs]
        for thread in self._running:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._running:
            thread.join(20)

    def _pace(self, due: float) -> float:
        """Wait until the next request of this thread is due; a delay is caught up, as far as a second."""
        now = time.monotonic()
        due = max(due + self.threads / self.rate, now - 1)
        self._stop.wait(max(0.0, due - now))
        return due

    def _add(self, host: str, ask: Callable[[], Reply]) -> bool:
        reply = ask()
        self.answers.append(Answer(host, time.monotonic(), reply))
        return not reply.error and reply.header("connection") != "close"

    def _failed(self, host: str, error: Exception) -> None:
        self.answers.append(Answer(host, time.monotonic(), Reply(error=f"connect: {error}")))

    def _h1(self, number: int) -> None:
        due = time.monotonic()
        while not self._stop.is_set():
            host = self.hosts[number % len(self.hosts)]
            try:
                with self.device.tls(host) as link:
                    for _ in range(50):
                        if self._stop.is_set() or not self._add(host, partial(_h1_reply, link, host)):
                            break
                        due = self._pace(due)
            except (Refused, OSError) as error:
                self._failed(host, error)
            number += 1

    def _h2(self, number: int) -> None:
        due = time.monotonic()
        while not self._stop.is_set():
            host = self.hosts[number % len(self.hosts)]
            try:
                with self.device.h2_session(host) as session:
                    for _ in range(50):
                        if self._stop.is_set() or not self._add(host, partial(session.request, fields(host))):
                            break
                        due = self._pace(due)
            except (Refused, OSError) as error:
                self._failed(host, error)
            number += 1

    def _websocket(self) -> None:
        """Echoes until the end; "lost" is noted when the conversation broke, and another one begun."""
        while not self._stop.is_set():
            try:
                with self.device.websocket("allowed.test") as socket:
                    while not self._stop.wait(0.05):
                        self.echoes.append(socket.echo("pond"))
            except (Refused, OSError, LocalProtocolError):
                self.echoes.append("lost")
                time.sleep(0.2)


def _h1_reply(link: Link, host: str) -> Reply:
    link.send(get(host))
    return link.reply()
