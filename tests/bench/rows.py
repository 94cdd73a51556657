"""One row of the table: a load, put on stock mitmdump and on Hedgerow in turn, and what makes a run worthless."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.load import Done, Pages, h2load, wrk
from tests.bench.place import PASSED, READ, Place
from tests.bench.proxies import cpu_seconds
from tests.lab.gateway import Gateway
from tests.lab.net import Namespace

Load = Callable[[Namespace, str, Pages, int, int, Path, bool], Done]


@dataclass(frozen=True, slots=True)
class Row:
    """What is asked for, how, and the ratio to reach."""

    key: str
    label: str
    folder: str
    load: Load = wrk
    close: bool = False
    host: str = READ
    target: float | None = None

    @property
    def is_read(self) -> bool:
        """Hedgerow must have read every body."""
        return self.folder != "png"

    def pages(self, place: Place) -> Pages:
        counts = place.counts
        count = {"10": counts.small, "100": counts.large, "png": counts.pictures}[self.folder]
        kilobytes = 100 if self.folder == "100" else 10
        return Pages(self.folder, "html" if self.is_read else "png", count, kilobytes * 1024)


ROWS = (
    Row("kept", "HTML 10 KB, kept alive", "10", target=1.0),
    Row("kept100", "HTML 100 KB, kept alive", "100"),
    Row("unread", "image 10 KB, kept alive", "png", target=1.25),
    Row("new", "HTML 10 KB, new connection each", "10", close=True, target=1.0),
    Row("h2", "HTML 10 KB, h2", "10", load=h2load, target=1.0),
    Row("passed", "passed through, new connection each", "png", close=True, host=PASSED),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One proxy under one load, once."""

    rate: float  # requests a second
    cpu: float  # CPU-ms of the proxy a request
    busy: float  # share of its core the proxy used
    invalid: str = ""


@dataclass(slots=True)
class Result:
    """All rounds of one row."""

    row: Row
    samples: dict[str, list[Sample]] = field(default_factory=dict)

    def add(self, name: str, sample: Sample) -> None:
        self.samples.setdefault(name, []).append(sample)

    def median(self, name: str, what: str) -> float:
        return float(statistics.median(getattr(sample, what) for sample in self.samples[name]))

    @property
    def invalid(self) -> str:
        return "; ".join(sorted({f"{n}: {s.invalid}" for n, found in self.samples.items() for s in found if s.invalid}))


@dataclass(slots=True)
class Subject:
    """A proxy and the client that speaks through it."""

    name: str
    client: Namespace
    pid: int
    gateway: Gateway | None = None
    asked: int = 0  # so that each run begins with other pages

    def inspected(self) -> float:
        return self.gateway.metric("hedgerow_inspected_bytes_total") if self.gateway else 0.0


def measure(row: Row, subject: Subject, place: Place, seconds: int) -> Sample:
    """Put the row's load on one proxy for so many seconds."""
    pages = row.pages(place)
    read, cpu = subject.inspected(), cpu_seconds(subject.pid)
    done = row.load(subject.client, row.host, pages, seconds, subject.asked, place.folder, row.close)
    cpu = cpu_seconds(subject.pid) - cpu
    subject.asked += done.requests
    why = "; ".join(_faults(row, subject, pages, done, subject.inspected() - read))
    return Sample(done.rate, cpu * 1e3 / max(1, done.requests), cpu / done.seconds, why)


def _faults(row: Row, subject: Subject, pages: Pages, done: Done, read: float) -> Iterator[str]:
    """What is wrong with a run. Bodies still on their way at the end may have been read and not counted by the load."""
    if done.errors or not done.requests:
        yield f"{done.errors} errors in {done.requests} requests"
    if done.bytes < done.requests * pages.size:
        yield f"{done.bytes} bytes for {done.requests} pages"
    if subject.gateway is None:
        return
    if row.is_read and read < done.requests * pages.size:
        yield f"read {read / pages.size:.0f} of {done.requests} bodies"
    if not row.is_read and read:
        yield f"read {read:.0f} bytes of bodies nobody should read"
