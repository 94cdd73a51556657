"""``python -m tests.bench``: stock mitmdump and Hedgerow, interleaved, in namespaces. See README.md beside it."""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import signal
import ssl
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench import micro
from tests.bench.needs import why_not
from tests.bench.place import Counts, Place, cores
from tests.bench.proxies import hedgerow, stock
from tests.bench.rows import ROWS, Result, Row, Subject, measure

_SMALL = Counts(40, 10, 10)


def machine() -> str:
    """What the figures were measured on."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown CPU")
    return (
        f"{model}, {os.cpu_count()} cores (proxy on {cores()[0]}, load and origin on {cores()[1]}), "
        f"Linux {platform.release()}, Python {platform.python_version()}, {ssl.OPENSSL_VERSION}, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--seconds", type=int, default=6, help="of load in each round")
    parser.add_argument("--rounds", type=int, default=5, help="of which the median counts")
    parser.add_argument("--only", default="", help=f"some of: {','.join(row.key for row in ROWS)},micro")
    parser.add_argument("--small", action="store_true", help="few pages: a smoke test, not a measurement")
    return parser.parse_args(arguments)


def run(rows: Sequence[Row], seconds: int, rounds: int, counts: Counts) -> bool:
    """Measure and print. True when every run was valid."""
    with contextlib.ExitStack() as stack:
        place = Place(counts)
        stack.callback(place.close)
        plain, passing = stock(place, "stock"), stock(place, "stock-passed")
        ours = hedgerow(place)
        for process in (plain, passing, ours):
            stack.callback(process.stop)
        subjects = {
            "stock": Subject("stock", place.client("stock"), plain.pid),
            "stock-passed": Subject("stock", place.client("stock-passed"), passing.pid),
            "hedgerow": Subject("hedgerow", place.client("hedgerow"), ours.process.pid, ours),
        }
        alone = Subject("origin alone", place.net.gateway, place.origin.pid)
        print(_HEAD, flush=True)
        return all([_row(Result(row), subjects, alone, place, seconds, rounds) for row in rows])


_HEAD = (
    f"{'per second':36}{'stock':>9}{'hedgerow':>10}{'ratio':>7}{'target':>8}   "
    f"{'CPU-ms stock':>12}{'hedgerow':>10}{'ratio':>7}   {'core used':>11}{'origin alone':>14}"
)


def _row(result: Result, subjects: dict[str, Subject], alone: Subject, place: Place, seconds: int, rounds: int) -> bool:
    row = result.row
    pair = (subjects["stock-passed" if row.key == "passed" else "stock"], subjects["hedgerow"])
    for subject in pair:
        measure(row, subject, place, 1)  # certificates, connections, caches of code
    for number in range(rounds):
        for subject in pair if number % 2 else reversed(pair):
            result.add(subject.name, measure(row, subject, place, seconds))
    result.add(alone.name, measure(row, alone, place, max(1, seconds // 3)))
    _print(result)
    return not result.invalid


def _print(result: Result) -> None:
    stock_rate, our_rate = (result.median(name, "rate") for name in ("stock", "hedgerow"))
    stock_cpu, our_cpu = (result.median(name, "cpu") for name in ("stock", "hedgerow"))
    busy = "/".join(f"{result.median(name, 'busy'):.0%}" for name in ("stock", "hedgerow"))
    target = f"{result.row.target:.2f}" if result.row.target else "-"
    print(
        f"{result.row.label:36}{stock_rate:9.0f}{our_rate:10.0f}{our_rate / max(stock_rate, 1e-9):7.2f}{target:>8}   "
        f"{stock_cpu:12.2f}{our_cpu:10.2f}{stock_cpu / max(our_cpu, 1e-9):7.2f}   {busy:>11}"
        f"{result.median('origin alone', 'rate'):14.0f}" + (f"   invalid: {result.invalid}" if result.invalid else ""),
        flush=True,
    )


def main(arguments: Sequence[str]) -> int:
    """0 fine, 1 a run was invalid, 2 this machine cannot run it."""
    given = options(arguments)
    wanted = [key for key in given.only.split(",") if key] or [*(row.key for row in ROWS), "micro"]
    rows = [row for row in ROWS if row.key in wanted]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the namespaces and proxies go too
    print(machine(), flush=True)
    if "micro" in wanted:
        micro.run()
    if not rows:
        return 0
    if reason := why_not():
        print(f"cannot measure: {reason}", file=sys.stderr)
        return 2
    return 0 if run(rows, given.seconds, given.rounds, _SMALL if given.small else Counts()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
