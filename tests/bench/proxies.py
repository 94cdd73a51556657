"""The two that are measured, each pinned to the proxy's core, and what they cost."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.bench.place import LANES, PASSED, READ, Place, cores
from tests.lab.gateway import BIN, Gateway, Process, until_listening
from tests.lab.lab import ROOT

_TICKS = os.sysconf("SC_CLK_TCK")

SITE = """school: "Bench School"
timezone: Etc/UTC
languages: [en, vi, fa, kk, ru]
networks:
  older: {addresses: [10.20.40.0/24], band: ages-14-17, capture: decrypted}
default-band: ages-5-7
hours: {mon: "07:30-16:30", tue: "07:30-16:30", wed: "07:30-16:30", thu: "07:30-16:30", fri: "07:30-16:30"}
place: {country: VN, province: "Lào Cai", formerly: ["Yên Bái"]}
privacy: {pseudonyms: day, events: all, detail: url, time: second, keep-days: 30}
"""
BAND = f"band: ages-14-17\nsites:\n  {READ}: allow\n  {PASSED}: allow\n"
NO_DECRYPT = f"""no-decrypt:
  - {{vendor: "Bench", names: [{PASSED}], reason: "measured undecrypted", source: "the bench", date: 2026-11-23}}
"""


@contextlib.contextmanager
def pinned(core: int) -> Iterator[None]:
    """Whatever is started inside runs on ``core``."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def stock(place: Place, lane: str) -> Process:
    """mitmdump without a filter. The lane for passing through ignores the one name; nothing else differs."""
    port = LANES[lane][1]
    folder = place.folder / lane
    folder.mkdir()
    options = ["connection_strategy=lazy", "flow_detail=0", f"confdir={folder}"]
    options.append(f"ssl_verify_upstream_trusted_ca={place.root}")
    if lane == "stock-passed":
        options.append(f"ignore_hosts=^{PASSED.replace('.', r'[.]')}:443$")
    command = [str(BIN / "mitmdump"), "-q", "--mode", f"regular@{port - 1}", "--mode", f"transparent@{port}"]
    command += [part for option in options for part in ("--set", option)]
    with pinned(cores()[0]):
        process = Process(place.net.gateway, command, folder / "log")
    until_listening(place.net.gateway, process, (port - 1, port), 30)
    return process


def hedgerow(place: Place) -> Gateway:
    """``hedgerow serve --workers 1`` with the shipped bands, words, categories and every event written."""
    folder = place.folder / "hedgerow"
    for name, text in {"site.yaml": SITE, "bands/ages-14-17.yaml": BAND}.items():
        path = folder / "policies" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(ROOT / "blocklists", folder / "blocklists")
    (folder / "blocklists" / "local").mkdir(exist_ok=True)
    (folder / "blocklists" / "local" / "no-decrypt.yaml").write_text(NO_DECRYPT)
    with pinned(cores()[0]):
        return Gateway(place.net.gateway, folder, place.root, workers=1, second=True)


def cpu_seconds(pid: int) -> float:
    """User and system time so far of a process and all its children (proc(5), /proc/PID/stat fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = [int(c) for task in Path(f"/proc/{pid}/task").iterdir() for c in (task / "children").read_text().split()]
    return (int(fields[11]) + int(fields[12])) / _TICKS + sum(cpu_seconds(child) for child in children)
