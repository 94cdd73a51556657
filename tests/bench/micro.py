"""The pure parts alone: one decision, and one look-up in the shipped lists and in a list of three million names."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from hedgerow.core.model import Capture, Identity, Name, NameSource, Request
from hedgerow.core.policy import decide
from hedgerow.runtime import Snapshot, Sources, assemble, compile_files
from hedgerow.stores.lists import build, open_index
from tests.bench.proxies import BAND, SITE
from tests.lab.lab import ROOT

_HOSTS = ("www.bench.test", "en.wikipedia.org", "www.youtube.com", "never-heard-of.example.co.uk", "cdn.a.b.c.example")
_LISTED = 3_000_000


def run(listed: int = _LISTED) -> None:
    """Print microseconds of CPU time, the median of many."""
    with tempfile.TemporaryDirectory(prefix="hedgerow-bench-") as work:
        snapshot = _snapshot(Path(work))
        print(f"{'decision, pure core':36}{_decision(snapshot):9.1f} µs   (target 30)")
        index = open_index(_large(Path(work), listed))
        names = _names(random.Random(7), 20_000)
        print(f"look-up in {listed:,} names{'':<8}{microseconds(index.match, names):9.1f} µs   (target 5)")


def microseconds[T](work: Callable[[T], object], items: list[T], batch: int = 500) -> float:
    """CPU time of one call: the median over batches."""
    costs = []
    for start in range(0, len(items) - batch + 1, batch):
        before = time.thread_time_ns()
        for item in items[start : start + batch]:
            work(item)
        costs.append((time.thread_time_ns() - before) / batch / 1e3)
    return statistics.median(costs)


def _snapshot(work: Path) -> Snapshot:
    school = work / "school"
    (school / "bands").mkdir(parents=True)
    (school / "site.yaml").write_text(SITE)
    (school / "bands" / "ages-14-17.yaml").write_text(BAND)
    lists = ROOT / "blocklists"
    return assemble(compile_files(Sources(ROOT / "policies", school, lists, lists, work / "index")))


def _decision(snapshot: Snapshot) -> float:
    pupil = Identity("10.20.40.10", "ages-14-17", "older", Capture.DECRYPTED)
    now = datetime(2026, 11, 24, 10, 0, tzinfo=snapshot.zone)
    requests = [_request(host, n) for n in range(2_000) for host in _HOSTS]
    return microseconds(lambda r: decide(r, pupil, snapshot.policy, snapshot.index, now), requests)


def _request(host: str, number: int) -> Request:
    """As a transparent client's arrive: the address dialled, SNI and Host. Never the same twice."""
    sources = (NameSource.SNI, NameSource.HOST)
    names = tuple(Name(source, host, host) for source in sources)
    names += (Name(NameSource.DESTINATION, "45.90.10.200", "45.90.10.200"),)
    return Request(names=names, scheme="https", method="GET", port=443, path=f"/a/{number}", query=f"q={number}")


def _large(work: Path, listed: int) -> Path:
    folder = work / "large"
    folder.mkdir()
    with (folder / "adult.txt").open("w") as out:
        out.writelines(f"{name}\n" for name in _drawn(random.Random(6), listed))
    return build([folder], ["adult"], work / "large-index")


def _drawn(draw: random.Random, count: int) -> Iterator[str]:
    for _ in range(count):
        yield f"{draw.getrandbits(40):x}.{draw.choice(('com', 'net', 'co.uk', 'ru', 'vn'))}"


def _names(draw: random.Random, count: int) -> list[str]:
    return [f"www.{name}" for name in _drawn(draw, count)]
