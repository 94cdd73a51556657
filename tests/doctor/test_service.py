"""Faults of the service: not there, another in its place, older, deaf, failing its own test."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

from hedgerow import __version__
from hedgerow.stores.selftest_log import Kept, append
from hedgerow.supervisor_web import handler
from tests.doctor.faults import found, makes, patient, running


@contextmanager
def answering(pages: Mapping[str, tuple[int, str]]) -> Iterator[int]:
    """The metrics endpoint's own server, with these pages."""

    def answer(path: str) -> tuple[int, str, bytes]:
        status, text = pages.get(path, (404, ""))
        return status, "text/plain", text.encode()

    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(answer))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@makes("not-running", "port-taken")
def test_no_gateway_and_another_in_its_place(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        one = patient(tmp_path, listens=(f"127.0.0.1:{port}/regular",))
        assert found(one, "not-running") != []
        (told,) = found(one, "port-taken")
        assert f"port {port}: Address already in use by " in told and str(os.getpid()) in told
    assert found(patient(tmp_path, listens=(f"127.0.0.1:{port}/regular",)), "port-taken") == []


def test_an_ended_process_is_not_running(tmp_path: Path) -> None:
    one = patient(tmp_path)
    with running(one, 4_000_000):
        assert found(patient(tmp_path), "not-running") != []


@makes("metrics-unreachable")
def test_metrics_that_do_not_answer(tmp_path: Path) -> None:
    one = patient(tmp_path)
    with running(one, os.getpid()):
        assert found(patient(tmp_path), "metrics-unreachable") == ["nothing answers on http://127.0.0.1:1/metrics"]


@makes("old-version")
def test_an_older_one_runs(tmp_path: Path) -> None:
    one = patient(tmp_path)
    with running(one, os.getpid(), version="0.0.9"):
        assert found(patient(tmp_path), "old-version") == [f"0.0.9 runs, {__version__} is installed"]
    with running(one, os.getpid(), version=__version__):
        assert found(patient(tmp_path), "old-version") == []


SCRAPE = """\
hedgerow_policy_refused 1.0
hedgerow_portal_up 0.0
hedgerow_faults_total{hook="response"} 1.0
hedgerow_events_dropped_total 12.0
hedgerow_record_whole 0.0
hedgerow_house_failures_total{task="record"} 2.0
hedgerow_worker_restarts_total{reason="exit"} 30.0
hedgerow_tls_failed_total{side="client"} 40.0
hedgerow_requests_total{band="ages-8-10",scheme="https"} 100.0
hedgerow_selftest_ok{check="helplines-reached",band=""} 0.0
"""
READY = '{"ready": false, "policy": "b", "workers": {"0": "b", "1": "a"}}'
BY_SCRAPE = ("policy-refused", "portal-down", "events-dropped", "record-broken", "workers-restart", "ca-untrusted",
             "helpline-unreachable", "not-ready", "faults")  # fmt: skip


@makes(*BY_SCRAPE)
def test_what_the_scrape_tells(tmp_path: Path) -> None:
    one = patient(tmp_path)
    with answering({"/metrics": (200, SCRAPE), "/ready": (503, READY)}) as port:
        with running(one, os.getpid(), metrics=["127.0.0.1", port], started=time.time() - 3600):
            ill = patient(tmp_path)
            for name in BY_SCRAPE:
                assert found(ill, name) != [], name
            assert found(ill, "not-ready") == ["1 of 2 workers do not serve by b"]
    with answering({"/metrics": (200, "hedgerow_portal_up 1.0\n"), "/ready": (200, "{}")}) as port:
        with running(one, os.getpid(), metrics=["127.0.0.1", port], started=time.time()):
            well = patient(tmp_path)
            assert [name for name in BY_SCRAPE if found(well, name)] == []


@makes("policy-broken")
def test_a_policy_that_cannot_be_read(tmp_path: Path) -> None:
    one = patient(tmp_path)
    (tmp_path / "local/bands/ages-8-10.yaml").write_text("band: ages-8-10\nsites: {a.example: alow}\n")
    (told,) = found(one, "policy-broken")
    assert told.startswith("local/bands/ages-8-10.yaml:2:") and "'alow'" in told


@makes("selftest-stale", "selftest-failing")
def test_a_self_test_that_fails_and_one_that_ended(tmp_path: Path) -> None:
    one = patient(tmp_path)
    folder = one.state.root / "selftest"
    with running(one, os.getpid(), started=time.time() - 86_400):
        assert found(patient(tmp_path), "selftest-stale") == ["the last run was never"]
        append(folder, Kept(time.time() - 7200, 1.0, "p", {"floor": (15, 15)}))
        assert "2.0 hours ago" in found(patient(tmp_path), "selftest-stale")[0]
        append(folder, Kept(time.time(), 1.0, "p", {"floor": (14, 15), "helplines-reached": (0, 3)}))
        assert found(patient(tmp_path), "selftest-stale") == []
        assert found(patient(tmp_path), "selftest-failing") == ["in the last run: floor"]
        append(folder, Kept(time.time(), 1.0, "p", {"floor": (15, 15), "helplines-reached": (0, 3)}))
        assert found(patient(tmp_path), "selftest-failing") == []


@makes("spool-growing")
def test_a_log_without_bounds(tmp_path: Path) -> None:
    one = patient(tmp_path)
    (one.state.events / "0").mkdir()
    with open(one.state.events / "0" / "big", "wb") as file:
        file.truncate(3 << 30)  # a hole: it takes no room
    assert "3.0 GiB" in found(one, "spool-growing")[0]
