"""``python -m tests.bench.sizing``: how many pupils a core filters, from the real gateway and a median page's files.

Measures CPU-ms of each kind of file (h1 and h2, kept alive), of a new connection, and of whole pages in their order as
a check of the sum; and memory. Then ``capacity`` computes. Text and SVG for ``deploy/SIZING.md``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.bench import mix
from tests.bench.__main__ import machine
from tests.bench.capacity import BEHAVIOURS, CONNECTIONS, Box, Costs, Memory, fits, size
from tests.bench.load import Done, Pages, h2_done, wrk
from tests.bench.needs import why_not
from tests.bench.place import READ, Counts, Place, cores
from tests.bench.proxies import cpu_seconds, hedgerow
from tests.bench.sizingplot import drawn
from tests.lab.gateway import Gateway
from tests.lab.net import Namespace

BOX = Box(4, 8192)
H2_PROCESSES = 8  # each with 8 streams on one connection
MANY = 500  # connections, for the memory of one
_PAGE = """
local paths, at = {{}}, {start}
init = function(args) for path in io.lines("{list}") do paths[#paths + 1] = wrk.format("GET", path) end end
request = function() at = at + 1; return paths[at % #paths + 1] end
done = function(s, l, r)
  io.write(string.format('\\nRESULT {{"requests": %d, "bytes": %d, "us": %d, "errors": %d}}\\n', s.requests, s.bytes,
    s.duration, s.errors.connect + s.errors.read + s.errors.write + s.errors.status + s.errors.timeout))
end
"""


class MixPlace(Place):
    """The bench's place with a median page's files."""

    def __init__(self, files: int) -> None:
        self.files = files
        super().__init__(Counts())

    def _write_pages(self, www: Path) -> None:
        self.written = {one.kind.key: one for one in mix.write(www, self.files)}

    def pages(self, key: str) -> Pages:
        one = self.written[key]
        return Pages(mix.folder(one.kind), one.kind.ending, one.files, one.size)

    @property
    def megabytes(self) -> float:
        return sum(one.size * one.kind.count for one in self.written.values()) / 1e6


@dataclass(slots=True)
class Measured:
    """CPU-ms a request of one row, each round."""

    label: str
    rounds: list[float] = field(default_factory=list)
    invalid: set[str] = field(default_factory=set)

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)


def whole_pages(client: Namespace, host: str, place: MixPlace, seconds: int, start: int) -> Done:
    """All 42 files of page after page in a mixed order, 32 connections kept alive."""
    listed, script = place.folder / "page-paths", place.folder / "page.lua"
    order = [
        kind for n in range(14) for kind in mix.KINDS for _ in range((n + 1) * kind.count // 14 - n * kind.count // 14)
    ]
    paths = (
        f"/{mix.folder(k)}/{(p * len(order) + n) % place.files}.{k.ending}\n"
        for p in range(40)
        for n, k in enumerate(order)
    )
    listed.write_text("".join(paths))
    script.write_text(_PAGE.format(start=start, list=listed))
    command = ["taskset", "-c", str(cores()[1]), "wrk", "-t1", "-c32", f"-d{seconds}s", "--timeout", "10s",
               "-s", str(script), f"https://{host}/"]  # fmt: skip
    told = json.loads(client.run(*command).rpartition("RESULT ")[2])
    return Done(told["requests"], told["us"] / 1e6, told["errors"], told["bytes"])


def h2(client: Namespace, host: str, pages: Pages, seconds: int, start: int, work: Path, close: bool) -> Done:
    """So many files, not so many seconds: large ones under way at the end would be paid for and not counted."""
    each, running = 50 * seconds, []
    for number in range(H2_PROCESSES):
        urls = work / f"mix-{number}"
        order = ((start + number * 97 + n) % pages.count for n in range(pages.count))
        urls.write_text("".join(f"https://{host}/{pages.folder}/{n}.{pages.ending}\n" for n in order))
        command = client.command(
            "taskset", "-c", str(cores()[1]), "h2load", "-c1", "-t1", "-m8", f"-n{each}", "-i", str(urls)
        )
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
    results = [h2_done(process.communicate(timeout=300)[0]) for process in running]
    return Done(
        sum(d.requests for d in results), seconds, sum(d.errors for d in results), sum(d.bytes for d in results)
    )


type Load = Callable[[int, int], Done]
"""(seconds, start) -> what came home."""


def loads(place: MixPlace, client: Namespace) -> dict[str, tuple[Load, int]]:
    """Row -> its load, and the bytes each answer must have at least."""

    def row(key: str, load: Callable[..., Done], close: bool = False) -> tuple[Load, int]:
        pages = place.pages(key)
        return lambda seconds, start: load(client, READ, pages, seconds, start, place.folder, close), pages.size

    rows = {f"{kind.key} h1": row(kind.key, wrk) for kind in mix.KINDS}
    rows |= {f"{kind.key} h2": row(kind.key, h2) for kind in mix.KINDS}
    rows["json new"] = row("json", wrk, close=True)
    rows["page h1"] = (lambda seconds, start: whole_pages(client, READ, place, seconds, start)), 0
    return rows


def measure(gateway: Gateway, load: Load, least: int, seconds: int, start: int, into: Measured) -> int:
    """One round of one row; how many requests it was. What makes a round worthless is written down."""
    before = cpu_seconds(gateway.process.pid)
    done = load(seconds, start)
    spent = cpu_seconds(gateway.process.pid) - before
    if done.errors or not done.requests:
        into.invalid.add(f"{done.errors} errors in {done.requests} requests")
    if done.bytes < done.requests * least:
        into.invalid.add(f"{done.bytes} bytes for {done.requests} files of {least}")
    into.rounds.append(spent * 1e3 / max(1, done.requests))
    return done.requests


def reads_what_it_must(gateway: Gateway, place: MixPlace, client: Namespace) -> Iterator[str]:
    """Why the costs would be worthless: text that was not read to its end, or anything else that was."""
    for kind in mix.KINDS:
        before = gateway.metric("hedgerow_inspected_bytes_total")
        pages = place.pages(kind.key)
        done = wrk(client, READ, pages, 1, 0, place.folder, False)
        time.sleep(0.3)
        read = gateway.metric("hedgerow_inspected_bytes_total") - before
        if kind.read and read < done.requests * pages.size:  # as they travel, which is how they are counted
            yield f"{kind.key}: read {read:.0f} bytes of {done.requests} files"
        if not kind.read and read:
            yield f"{kind.key}: read {read:.0f} bytes that nobody should read"


def status(pid: int, what: str) -> float:
    """MiB, from /proc/PID/status."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what + ":")) / 1024


def children(gateway: Gateway) -> dict[str, int]:
    """ "worker" and "portal" -> its process."""
    found = {}
    for task in Path(f"/proc/{gateway.process.pid}/task").iterdir():
        for pid in (task / "children").read_text().split():
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
            found["portal" if b"portal" in line else "worker"] = int(pid)
    return found


def memory(gateway: Gateway, place: MixPlace, client: Namespace, seconds: int) -> Memory:
    """After all loads: the worker's peak so far, and what ``MANY`` busy connections add to it."""
    pids = children(gateway)
    before = status(pids["worker"], "VmRSS")
    command = ["taskset", "-c", str(cores()[1]), "wrk", "-t1", f"-c{MANY}", f"-d{seconds}s", "--timeout", "20s",
               f"https://{READ}/{mix.folder(mix.KINDS[1])}/0.json"]  # fmt: skip
    with subprocess.Popen(client.command(*command), stdout=subprocess.DEVNULL) as running:
        most = before
        while running.poll() is None:
            most = max(most, status(pids["worker"], "VmRSS"))
            time.sleep(0.1)
    peak, supervisor = status(pids["worker"], "VmHWM"), status(gateway.process.pid, "VmHWM")
    return Memory(peak, supervisor, status(pids["portal"], "VmHWM"), (most - before) * 1024 / MANY)


@dataclass(slots=True)
class Result:
    """All that was measured; ``told`` is the text."""

    rows: dict[str, Measured]
    memory: Memory
    megabytes: float
    faults: list[str]

    def costs(self, pick: Callable[[Sequence[float]], float], version: str = "h2") -> Costs:
        """By the median, the best or the worst round."""
        kinds = {kind.key: pick(self.rows[f"{kind.key} {version}"].rounds) for kind in mix.KINDS}
        new = pick(
            [new - kept for new, kept in zip(*(self.rows[f"json {v}"].rounds for v in ("new", "h1")), strict=True)]
        )
        return Costs(kinds, max(0.0, new))


def run(seconds: int, rounds: int, files: int) -> Result:
    """Interleaved: every row once in each round."""
    with contextlib.ExitStack() as stack:
        place = MixPlace(files)
        stack.callback(place.close)
        gateway = hedgerow(place)
        stack.callback(gateway.stop)
        client = place.client("hedgerow")
        rows, asked = loads(place, client), 0
        result = {key: Measured(key) for key in rows}
        faults = list(reads_what_it_must(gateway, place, client))
        for number in range(rounds):
            for key in list(rows)[:: 1 if number % 2 else -1]:
                load, least = rows[key]
                asked += measure(gateway, load, least, seconds, asked, result[key])
                print(f"round {number + 1}: {key} {result[key].rounds[-1]:.2f} ms", file=sys.stderr, flush=True)
        found = memory(gateway, place, client, seconds)
        faults += [f"{key}: {why}" for key, row in result.items() for why in sorted(row.invalid)]
        return Result(result, found, place.megabytes, faults)


def told(result: Result) -> Iterator[str]:
    """The report, as Markdown tables."""
    yield f"page: {mix.REQUESTS} requests, {result.megabytes:.2f} MB\n"
    yield "| file | in a page | KB of one | CPU-ms h1 | CPU-ms h2 | least to most, h2 |\n|---|---|---|---|---|---|"
    for kind in mix.KINDS:
        h1, h2 = (result.rows[f"{kind.key} {version}"] for version in ("h1", "h2"))
        yield (f"| {kind.label}{', read' if kind.read else ''} | {kind.count} | {kind.kilobytes} | {h1.median:.2f} | "
               f"{h2.median:.2f} | {min(h2.rounds):.2f} to {max(h2.rounds):.2f} |")  # fmt: skip
    median, best, worst = (result.costs(pick) for pick in (statistics.median, min, max))
    spread = f"{best.connection:.2f} to {worst.connection:.2f}"
    yield f"| new connection, both sides | {CONNECTIONS} | | {median.connection:.2f} | | {spread} |\n"
    one, whole = result.costs(statistics.median, "h1"), result.rows["page h1"].median * mix.REQUESTS
    summed = one.page() - CONNECTIONS * one.connection
    yield f"check: 42 files over kept connections, summed {summed:.1f} ms, measured as whole pages {whole:.1f} ms\n"
    yield (f"memory: worker {result.memory.worker:.0f} MiB at most, supervisor {result.memory.supervisor:.0f}, portal "
           f"{result.memory.portal:.0f}, an open connection {result.memory.connection:.0f} KiB\n")  # fmt: skip
    yield from _sizes(result, (median, best, worst))


def _sizes(result: Result, costs: tuple[Costs, Costs, Costs]) -> Iterator[str]:
    yield "| behaviour | CPU-ms a page | pages/s a core | pupils browsing a core | pupils, 4 cores | Mbit/s | MiB |"
    yield "|---|---|---|---|---|---|---|"
    sizes = [[size(one, result.memory, BOX, behaviour, result.megabytes) for one in costs] for behaviour in BEHAVIOURS]
    for middle, most, least in sizes:
        yield (f"| {middle.behaviour.name} | {middle.page_ms:.0f} | {middle.pages_a_second:.1f} | {middle.online} "
               f"({least.online} to {most.online}) | {middle.school} ({least.school} to {most.school}) | "
               f"{middle.mbit:.0f} | {middle.mib:.0f} |")  # fmt: skip
    together = 30 * costs[0].page() / BOX.cores / 1000
    yield f"\na class of 30 that opens one page at once, nothing cached: {together:.1f} s of all {BOX.cores} cores"
    yield f"memory is {'' if fits([row[1] for row in sizes], BOX) else 'NOT '}enough in each of them"


def main(arguments: Sequence[str]) -> int:
    """0 fine, 1 a round was invalid, 2 this machine cannot run it."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.sizing", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--seconds", type=int, default=4, help="of each row in each round")
    parser.add_argument("--rounds", type=int, default=5, help="of which the median counts")
    parser.add_argument("--files", type=int, default=400, help="different files of each kind")
    parser.add_argument("--svg", type=Path, help="draw the picture there")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that namespaces and gateway go too
    if reason := why_not():
        print(f"cannot measure: {reason}", file=sys.stderr)
        return 2
    print(f"{date.today()}, {machine()}", flush=True)
    result = run(given.seconds, given.rounds, given.files)
    print("\n".join(told(result)))
    if given.svg:
        given.svg.write_text(drawn(result.costs(statistics.median), result.memory, BOX, result.megabytes))
    for fault in result.faults:
        print(f"invalid: {fault}")
    return 1 if result.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
