"""The gateway's own processes: do they run, by what is installed and written, and do they do their work?"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from hedgerow import __version__
from hedgerow.doctor.model import check
from hedgerow.doctor.patient import Patient
from hedgerow.stores import selftest_log
from hedgerow.stores.selftest_log import Kept

STALE_SECONDS = 1200.0
"""Four runs of the self-test."""
_MUCH_LOG = 2 << 30


@check(
    "not-running",
    "broken",
    "the gateway does not run: no page opens on its ports",
    "`systemctl start hedgerow`, or `deploy/up`; the end of `journalctl -u hedgerow` or "
    "state/hedgerow.log says why it ended.",
)
def not_running(patient: Patient) -> Iterator[str]:
    if not patient.running:
        yield f"no gateway runs with the state folder {patient.state.root}"


@check(
    "port-taken",
    "broken",
    "something else listens where the gateway should",
    "Stop that program, or give the gateway another port (`--listen`).",
)
def port_taken(patient: Patient) -> Iterator[str]:
    for host, port, _ in () if patient.running else patient.served:
        try:
            with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            yield f"port {port}: {error.strerror}{_by(patient, port)}"


def _by(patient: Patient, port: int) -> str:
    """`` by nginx (process 123)``, as far as this account may see."""
    inodes = {
        f"socket:[{line.split()[9]}]"
        for table in ("tcp", "tcp6")
        for line in patient.setting(f"net/{table}").splitlines()[1:]
        if int(line.split()[1].rpartition(":")[2], 16) == port and line.split()[3] == "0A"
    }
    for folder in patient.proc.glob("[0-9]*"):
        try:
            if any(str(link.readlink()) in inodes for link in (folder / "fd").iterdir()):
                return f" by {(folder / 'comm').read_text().strip()} (process {folder.name})"
        except OSError:
            continue
    return ""


@check(
    "metrics-unreachable",
    "soon",
    "the gateway runs, and its metrics do not answer: nobody would notice if it broke",
    "Look at its log; give it another address (`--metrics`), or restart it.",
)
def metrics_unreachable(patient: Patient) -> Iterator[str]:
    if patient.running and not patient.scraped:
        host, port = patient.running["metrics"]
        yield f"nothing answers on http://{host or '127.0.0.1'}:{port}/metrics"


@check(
    "not-ready",
    "broken",
    "a worker does not filter by the policy in force",
    "It is replaced by itself within a minute; if not, the log says why (`journalctl -u "
    "hedgerow`, state/hedgerow.log).",
)
def not_ready(patient: Patient) -> Iterator[str]:
    status, body = patient.fetch("/ready") if patient.running else (200, "")
    if status == 503:
        told = json.loads(body)
        behind = [slot for slot, version in told["workers"].items() if version != told["policy"]]
        yield f"{len(behind)} of {len(told['workers'])} workers do not serve by {told['policy']}"


@check(
    "workers-restart",
    "soon",
    "workers end again and again",
    "The log says what ended them; too little memory is the usual reason.",
)
def restarts(patient: Patient) -> Iterator[str]:
    number = patient.metric("hedgerow_worker_restarts_total") or 0.0
    hours = (time.time() - float(patient.running.get("started", time.time()))) / 3600
    if number >= 3 and number > hours / 24:
        yield f"{number:.0f} workers were replaced in {hours:.1f} hours"


@check(
    "faults",
    "soon",
    "the filter's own code failed, and refused what it was about",
    "Send us the lines `fault in ...` of the log; a machine that is far too slow makes them too.",
)
def faults(patient: Patient) -> Iterator[str]:
    if number := patient.metric("hedgerow_faults_total"):
        yield f"{number:.0f} faults since the start: each showed a fault page in place of what was asked for"


@check(
    "old-version",
    "soon",
    "the running gateway is older than what is installed",
    "Restart it: `systemctl restart hedgerow`, or `hedgerow up --stop` and `deploy/up`.",
)
def old_version(patient: Patient) -> Iterator[str]:
    running = str(patient.running.get("version", __version__))
    if running != __version__:
        yield f"{running} runs, {__version__} is installed"


@check(
    "policy-broken",
    "broken",
    "a file holds a mistake: what you wrote is not in force, and a restart would fail",
    "`hedgerow check` names every mistake with file, line and column.",
)
def policy_broken(patient: Patient) -> Iterator[str]:
    yield from patient.mistakes[:3]


@check(
    "policy-refused",
    "broken",
    "the running gateway could not take over the files as they are",
    "The log says why (`reload refused`); when it is mended: `systemctl reload hedgerow`, or `kill -HUP`.",
)
def policy_refused(patient: Patient) -> Iterator[str]:
    if patient.metric("hedgerow_policy_refused") and not patient.mistakes:
        yield "the files are in order now, and an older policy is in force"


@check(
    "portal-down",
    "broken",
    "the gateway's own pages do not answer: no report, no code, no help page",
    "It is started again by itself; if not, the log says what ends it.",
)
def portal_down(patient: Patient) -> Iterator[str]:
    if patient.metric("hedgerow_portal_up") == 0.0:
        yield "the portal's process is not there"


@check(
    "events-dropped",
    "soon",
    "the decision log has holes",
    "The disk was full or too slow: make room, then watch `hedgerow_events_dropped_total`.",
)
def dropped(patient: Patient) -> Iterator[str]:
    for what in ("events", "alerts", "grants", "seals"):
        if number := patient.metric(f"hedgerow_{what}_dropped_total"):
            yield f"{number:.0f} {what} were lost since the start"


@check(
    "spool-growing",
    "soon",
    "the decision log grows beyond bounds",
    "`privacy: {events: blocked, keep-days: 30}` in site.yaml keeps the least; `hedgerow events --new` reads it away.",
)
def spool(patient: Patient) -> Iterator[str]:
    folder = patient.state.events
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0
    if size > _MUCH_LOG:
        yield f"{folder}: {size / (1 << 30):.1f} GiB"


@check(
    "record-broken",
    "broken",
    "the change record was damaged or cannot be written: who changed what is not certain",
    "`hedgerow record verify` says where; RECORD.md says what to do.",
)
def record(patient: Patient) -> Iterator[str]:
    if patient.metric("hedgerow_record_whole") == 0.0:
        yield "the record does not fit itself"
    if number := patient.metric("hedgerow_house_failures_total", task="record"):
        yield f"{number:.0f} changes could not be recorded"


@check(
    "selftest-failing",
    "broken",
    "the gateway answers its own test clients otherwise than its policy says",
    "`hedgerow selftest` shows what was expected and what came; SELFTEST.md says what each check means.",
)
def selftest_failing(patient: Patient) -> Iterator[str]:
    kept = _last(patient)
    if kept is not None and not kept.passed and kept.at > time.time() - STALE_SECONDS:
        checks = [check for check, (passed, asked) in kept.counts.items() if passed < asked and check != REACHED]
        yield from [f"in the last run: {', '.join(checks)}"] if checks else []


REACHED = "helplines-reached"


@check(
    "helpline-unreachable",
    "soon",
    "a helpline's own site does not answer through the filter",
    "Open it on another network: if it answers there, look at DNS and the line; if not, tell "
    "the helpline, and check its entry.",
)
def helpline_unreachable(patient: Patient) -> Iterator[str]:
    samples = patient.scraped.get("hedgerow_selftest_ok", ())
    if any(labels["check"] == REACHED and not value for labels, value in samples):
        yield "the self-test could not reach every helpline's site"


@check(
    "selftest-stale",
    "soon",
    "the self-test does not run: nobody would notice a gateway that does not filter",
    "The log says why (`self-test could not run`); too little memory is the usual reason. "
    "`hedgerow selftest` tries it now.",
)
def selftest_stale(patient: Patient) -> Iterator[str]:
    since = float(patient.running.get("started", time.time()))
    kept = _last(patient)
    last = max(kept.at if kept else 0.0, since)
    if time.time() - last > STALE_SECONDS:
        yield f"the last run was {'never' if kept is None else _ago(kept)}"


def _ago(kept: Kept) -> str:
    return f"{(time.time() - kept.at) / 3600:.1f} hours ago"


def _last(patient: Patient) -> Kept | None:
    folder: Path = patient.state.root / "selftest"
    return selftest_log.last(folder) if patient.running and folder.is_dir() else None
