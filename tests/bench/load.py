"""The load: wrk and h2load on the other core, asking for another page each time."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.place import cores
from tests.lab.net import Namespace

CONNECTIONS, H2_CLIENTS, H2_STREAMS = 32, 16, 8
_LUA = """
local paths, at = {{}}, {start}
init = function(args)
  for n = 0, {count} - 1 do paths[n] = wrk.format("GET", "/{folder}/" .. n .. ".{ending}"{headers}) end
end
request = function() at = at + 1; return paths[at % {count}] end
done = function(s, l, r)
  io.write(string.format('\\nRESULT {{"requests": %d, "bytes": %d, "us": %d, "errors": %d}}\\n', s.requests, s.bytes,
    s.duration, s.errors.connect + s.errors.read + s.errors.write + s.errors.status + s.errors.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Pages:
    """Which pages are asked for."""

    folder: str
    ending: str
    count: int
    size: int  # bytes of each


@dataclass(frozen=True, slots=True)
class Done:
    """What a load brought home."""

    requests: int
    seconds: float
    errors: int
    bytes: int

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def wrk(client: Namespace, host: str, pages: Pages, seconds: int, start: int, work: Path, close: bool) -> Done:
    """``CONNECTIONS`` connections, kept alive or a new one for each request."""
    headers = ', {["Connection"] = "close"}' if close else ""
    script = work / "wrk.lua"
    script.write_text(
        _LUA.format(count=pages.count, folder=pages.folder, ending=pages.ending, start=start, headers=headers)
    )
    command = ["taskset", "-c", str(cores()[1]), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s",
               "-s", str(script), f"https://{host}/"]  # fmt: skip
    told = json.loads(client.run(*command).rpartition("RESULT ")[2])
    return Done(told["requests"], told["us"] / 1e6, told["errors"], told["bytes"])


def h2load(client: Namespace, host: str, pages: Pages, seconds: int, start: int, work: Path, close: bool) -> Done:
    """One process a client: h2load's clients would all walk the same list from its start."""
    running = [subprocess.Popen(_h2_command(client, host, pages, seconds, start + n * 251, work / f"h2-{n}"),
                                stdout=subprocess.PIPE, text=True) for n in range(H2_CLIENTS)]  # fmt: skip
    results = [h2_done(_told(process, seconds + 20)) for process in running]
    return Done(
        sum(d.requests for d in results), seconds, sum(d.errors for d in results), sum(d.bytes for d in results)
    )


def _told(process: subprocess.Popen[str], seconds: int) -> str:
    """What it printed; nothing when it hangs, which counts as an error."""
    try:
        return process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return ""


def _h2_command(client: Namespace, host: str, pages: Pages, seconds: int, start: int, urls: Path) -> Sequence[str]:
    order = ((start + n) % pages.count for n in range(pages.count))
    urls.write_text("".join(f"https://{host}/{pages.folder}/{n}.{pages.ending}\n" for n in order))
    return client.command("taskset", "-c", str(cores()[1]), "h2load", "-c1", "-t1", f"-m{H2_STREAMS}", f"-D{seconds}",
                          "-i", str(urls))  # fmt: skip


def h2_done(told: str) -> Done:
    """What h2load printed; nothing readable is an error."""
    counts = re.search(r"(\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", told)
    codes = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", told)
    traffic = re.search(r"traffic: .*?\((\d+)\) total", told)
    if counts is None or codes is None or traffic is None:
        return Done(0, 1, 1, 0)
    good, *_ = map(int, codes.groups())
    bad = sum(map(int, codes.groups()[1:])) + sum(map(int, counts.groups()[2:]))
    return Done(good, 1, bad, int(traffic[1]))
