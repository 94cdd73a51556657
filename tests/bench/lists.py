"""``python -m tests.bench.lists [--data DIR] [--most 10000000]``: what downloaded lists cost.

Of each size the real ``build_base`` runs in a process of its own, and another one opens and asks the index. Prints the
rows of README.md and draws ``lists-cost.svg`` beside this file.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hedgerow.stores.index import MappedIndex
from hedgerow.stores.index_files import EXPLAIN, JUDGE
from hedgerow.stores.list_base import build_base
from tests.bench import manynames
from tests.bench.__main__ import machine
from tests.bench.micro import microseconds
from tests.bench.plot import Plot, drawn
from tests.lab.lab import ROOT

SIZES = (500_000, 1_000_000, 3_000_000, 5_000_000, 10_000_000)
_ASKED = 20_000
_OPENED = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one size. Seconds, unless it says otherwise."""

    names: int
    rows: int  # of all lists: a name may stand in several, and in several categories
    wall: float
    cpu: float
    peak: float  # MiB of memory at most
    judge: float  # bytes a name
    explain: float
    opening: float  # ms, the file lying in memory
    opening_cold: float  # ms, read from the disk
    listed: float  # µs of a look-up
    unlisted: float
    deep: float


def build(folder: Path) -> dict[str, float]:
    """In a process of its own: what building costs. Its own high-water mark: rusage's has the parent's in it."""
    sources = [manynames.fetched(folder / name, name) for name in manynames.FAMILIES]
    before, begun = time.process_time(), time.monotonic()
    final = build_base(sources, manynames.CATEGORIES, folder / "index")
    spent = {"wall": time.monotonic() - begun, "cpu": time.process_time() - before, "peak": peak() / 1024}
    index = MappedIndex(final)
    sizes = {name: (final / file).stat().st_size for name, file in (("judge", JUDGE), ("explain", EXPLAIN))}
    return spent | {name: size / index.names for name, size in sizes.items()} | {"names": index.names}


def peak() -> int:
    """KiB of memory that this process ever had at once, as proc(5) counts it."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def ask(folder: Path) -> dict[str, float]:
    """In a process of its own: what opening the index in force and asking it costs."""
    (final,) = (folder / "index").glob("base-*")
    _forget(final / JUDGE)
    cold = _milliseconds(lambda: MappedIndex(final))
    warm = min(_milliseconds(lambda: MappedIndex(final)) for _ in range(_OPENED))
    index, listed = MappedIndex(final), (folder / "asked.txt").read_text().split()
    questions = {
        "listed": listed,
        "unlisted": [f"{name.partition('.')[0]}q.{name.partition('.')[2]}" for name in listed],
        "deep": [f"a1.b22.c333.d4444.e5.www.{name}" for name in listed],
    }
    for host in (host for hosts in questions.values() for host in hosts):  # as of a worker that has run for a while
        index.match(host)
    found = {kind: microseconds(index.match, hosts) for kind, hosts in questions.items()}
    assert all(index.match(host) for host in listed[:100])
    return {"opening": warm, "opening_cold": cold, **found}


def _forget(path: Path) -> None:
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1e3


def measured(count: int, data: Path) -> Cost:
    """All of one size."""
    folder = Path(tempfile.mkdtemp(prefix="hedgerow-lists-"))
    try:
        rows = list(manynames.rows(data, count))
        manynames.lists(rows, folder)
        draw = random.Random(9).sample(rows, min(_ASKED, count))
        (folder / "asked.txt").write_text("\n".join(name for name, _ in draw))
        lines = sum(len(path.read_bytes().splitlines()) for path in folder.glob("*/*.txt"))
        del rows, draw
        return Cost(rows=lines, **{**_apart("build", folder), **_apart("ask", folder)})
    finally:
        shutil.rmtree(folder)


def _apart(what: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.lists", f"--{what}", str(folder)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}/addons:{ROOT}"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


PLOTS = tuple(
    Plot(title, lines, "names", " M", limit, text, 1e6)
    for title, lines, limit, text in (
        ("Building, seconds", {"wall": "by the clock", "cpu": "of one core"}, 60, "3 M in 60 s"),
        ("Building, MiB of memory", {"peak": "at most"}, 1024, "3 M in 1 GiB"),
        ("Look-up with all parents, µs", {"listed": "listed", "unlisted": "not listed", "deep": "7 deep"}, 5, "5 µs"),
        ("Bytes a name on the disk", {"judge": "judging", "explain": "explaining"}, 16, "judging 12, explaining 16"),
    )
)

_TITLES = (
    "names", "lines", "build, s", "CPU, s", "memory, MiB", "judge, B/name", "explain, B/name", "open, ms",
    "open cold, ms", "listed, µs", "unlisted, µs", "deep, µs",
)  # fmt: skip


def row(cost: Cost) -> str:
    """One line of the table."""
    digits = (0, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1)
    cells = (f"{value:,.{places}f}" for value, places in zip(asdict(cost).values(), digits, strict=True))
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.lists", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("HEDGEROW_DATA", "/nowhere")))
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--picture", type=Path, default=Path(__file__).with_name("lists-cost.svg"))
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.build or given.ask:
        print(json.dumps(build(given.build) if given.build else ask(given.ask)))
        return 0
    print(machine(), f"| {' | '.join(_TITLES)} |", f"|{'---|' * len(_TITLES)}", sep="\n", flush=True)
    costs = []
    for count in (size for size in SIZES if size <= given.most):
        costs.append(measured(count, given.data))
        print(row(costs[-1]), flush=True)
    picture = drawn(PLOTS, [asdict(cost) for cost in costs], "What downloaded lists cost, by millions of names")
    given.picture.write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
