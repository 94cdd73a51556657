"""A district of 300 gateways for one Prometheus: series, memory, bytes and rules, measured.

    .venv/bin/python -m tests.bench.fleet [--targets 300] [--every 3] [--samples 240]   (as root, for the lab)

The scrape of a real gateway, that has had one of everything in the lab, is served to a real Prometheus as so many
targets with the shipped rules; its counters grow. ``--samples`` of each series are taken, ``--every`` seconds apart:
240 is what two hours hold at the shipped 30 seconds, and Prometheus keeps about two hours in memory.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml

from tests.lab import school
from tests.lab.lab import shared
from tests.lab.morning import one_round
from tests.lab.prometheus import SHIPPED, Prometheus, configure

PORT, SERVED = 19091, 19092


def real_scrape() -> str:
    """What a gateway tells once it has had something of everything."""
    lab, gateway = shared(), school.gateway()
    for name in ("pupil8", "pupil14", "guest", "staff", "stranger"):
        for mode in ("explicit", "transparent"):
            one_round(lab, lab.device(name, mode, gateway.ca))
    while gateway.metric("hedgerow_selftest_last_run_timestamp_seconds") == 0:
        time.sleep(1)  # its first run comes some seconds after the start
    return gateway.fetch("/metrics")[1]


def grown(scrape: str, tick: int) -> Iterator[str]:
    """The same scrape, ``tick`` scrapes later: what counts has counted on, a little unevenly."""
    for number, line in enumerate(scrape.splitlines()):
        name, _, value = line.rpartition(" ")
        if line.startswith("#") or not re.search(r"(_total|_bucket|_count|_sum)[{ ]", line):
            yield line
        else:
            step = 1 + number % 7 if float(value) else 0
            yield f"{name} {float(value) + tick * step + (tick * number) % 3 * bool(step):.10g}"


class Fleet:
    """Serves the scrape to any number of targets; each asks for its own path."""

    def __init__(self, scrape: str, every: float) -> None:
        self._scrape, self._every, self._begun = scrape, every, time.monotonic()
        self._made: tuple[int, bytes] = (-1, b"")
        self.asked = 0
        fleet = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:  # noqa: N802 - the name the standard library calls
                body = fleet.body()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", SERVED), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def body(self) -> bytes:
        tick = int((time.monotonic() - self._begun) / self._every)
        if self._made[0] != tick:
            self._made = (tick, "\n".join(grown(self._scrape, tick)).encode() + b"\n")
        self.asked += 1
        return self._made[1]


def configured(folder: Path, targets: int, every: float) -> Path:
    """Each target is a path of one server, with a school of its own."""
    main = configure(folder, {}, f"{every:g}s")
    groups = [
        {"targets": [f"127.0.0.1:{SERVED}"],
         "labels": {"school": f"school-{n:03}", "instance": f"school-{n:03}:9160", "__metrics_path__": f"/{n}"}}
        for n in range(targets)
    ]  # fmt: skip
    (folder / "gateways" / "lab.yaml").write_text(yaml.safe_dump(groups))
    told = yaml.safe_load(main.read_text())
    told["global"]["evaluation_interval"] = "60s"
    told["scrape_configs"].append(
        {"job_name": "self", "static_configs": [{"targets": [f"127.0.0.1:{PORT}"]}]}
    )  # fmt: skip
    main.write_text(yaml.safe_dump(told))
    return main


def value(prometheus: Prometheus, query: str) -> float:
    found = prometheus.ask(query)
    return found[0][1] if found else float("nan")


def to_district(prometheus: Prometheus) -> tuple[int, int, int]:
    """What federation brings of all schools: series, bytes, and bytes as they travel (gzip)."""
    match = yaml.safe_load((SHIPPED / "district" / "federation.yaml").read_text())["scrape_configs"][0]["params"]
    body = b"".join(prometheus.get("/federate", {"match[]": one}) for one in match["match[]"])
    lines = [line for line in body.splitlines() if line and not line.startswith(b"#")]
    return len(lines), len(body), len(gzip.compress(body, 6))


def measured(prometheus: Prometheus, scrape: str, targets: int) -> dict[str, float]:
    lines = [line for line in scrape.splitlines() if line and not line.startswith("#")]
    series, size, packed = to_district(prometheus)
    rules = {labels["rule_group"].rpartition(";")[2]: seconds
             for labels, seconds in prometheus.ask("prometheus_rule_group_last_duration_seconds")}  # fmt: skip
    return {
        "targets": targets,
        "series a gateway": len(lines),
        "series a gateway, rules included": value(prometheus, 'count({school="school-000"})'),
        "bytes a scrape": len(scrape),
        "bytes a scrape, gzip": len(gzip.compress(scrape.encode(), 6)),
        "series in Prometheus": value(prometheus, "prometheus_tsdb_head_series"),
        "samples a second": value(prometheus, "rate(prometheus_tsdb_head_samples_appended_total[2m])"),
        "chunks in memory": value(prometheus, "prometheus_tsdb_head_chunks"),
        "memory MB": value(prometheus, 'process_resident_memory_bytes{job="self"}') / 1e6,
        "processor, of one core": value(prometheus, 'rate(process_cpu_seconds_total{job="self"}[2m])'),
        "disk MB": sum(f.stat().st_size for f in prometheus.data.rglob("*") if f.is_file()) / 1e6,
        "rules, all groups, s": sum(rules.values()),
        **{f"rules {name}, s": round(seconds, 2) for name, seconds in sorted(rules.items())},
        "district: series": series,
        "district: series a school": series / targets,
        "district: bytes a federation": size,
        "district: bytes a federation, gzip": packed,
        "targets up": value(prometheus, 'count(up{job="hedgerow"} == 1)'),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=300)
    parser.add_argument("--every", type=float, default=3.0, help="seconds between scrapes")
    parser.add_argument("--samples", type=int, default=240)
    options = parser.parse_args()
    scrape = real_scrape()
    school.gateway().stop()
    folder = Path(tempfile.mkdtemp(prefix="hedgerow-fleet-"))
    fleet = Fleet(scrape, options.every)
    prometheus = Prometheus(configured(folder / "p", options.targets, options.every), PORT)
    try:
        end = time.monotonic() + options.samples * options.every
        while time.monotonic() < end:
            time.sleep(min(60.0, max(0.0, end - time.monotonic())))
            memory = value(prometheus, 'process_resident_memory_bytes{job="self"}') / 1e6
            print(f"{end - time.monotonic():.0f} s to go, {memory:.0f} MB, {fleet.asked} scrapes", flush=True)
        print(json.dumps(measured(prometheus, scrape, options.targets), indent=1))
    finally:
        prometheus.stop()
        fleet.server.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
