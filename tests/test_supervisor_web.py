"""The scrape endpoint: box facts and workers in one answer, and an honest readiness."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from hedgerow.supervisor_box import RELOADS, RESTARTS, Box, render
from hedgerow.supervisor_web import answer, start


def filled() -> Box:
    box = Box(version="snap", loaded=5.0, index="idx", index_entries=7, ca_expiry=9.5)
    box.workers = {0: "snap", 1: "snap"}
    box.reloads["refused"] += 2
    return box


def test_box_facts_are_in_the_scrape(tmp_path: Path) -> None:
    text = render(filled(), str(tmp_path)).decode()
    for line in (
        'hedgerow_policy_info{version="snap"} 1.0',
        "hedgerow_ready 1.0",
        "hedgerow_index_entries 7.0",
        "hedgerow_ca_expiry_timestamp_seconds 9.5",
        'hedgerow_reloads_total{result="refused"} 2.0',
        'hedgerow_reloads_total{result="loaded"} 0.0',
        'hedgerow_worker_restarts_total{reason="hang"} 0.0',
        'hedgerow_worker_policy_info{version="snap",worker="1"} 1.0',
    ):
        assert line in text.splitlines()
    assert all(name.startswith(("hedgerow_", "# ")) for name in text.splitlines())


@pytest.mark.parametrize(
    "workers, ready",
    [({}, False), ({0: "snap"}, True), ({0: "snap", 1: ""}, False), ({0: "snap", 1: "old"}, False)],
)
def test_ready_means_every_worker_by_the_version_in_force(workers: dict[int, str], ready: bool) -> None:
    box = filled()
    box.workers = workers
    assert box.ready is ready
    status, _, body = answer("/ready", box, "")
    assert status == (200 if ready else 503)
    assert json.loads(body)["ready"] is ready
    assert not Box().ready


def test_paths() -> None:
    assert json.loads(answer("/version", filled(), "")[2])["policy"] == "snap"
    assert answer("/ready?x=1", filled(), "")[0] == 200
    assert answer("/", filled(), "")[0] == 404


def test_it_is_served_over_http(tmp_path: Path) -> None:
    server = start("127.0.0.1", 0, filled(), str(tmp_path))
    try:
        base = f"http://127.0.0.1:{server.server_address[1]}"
        with urllib.request.urlopen(f"{base}/metrics", timeout=10) as response:
            assert response.headers["Content-Type"].startswith("text/plain")
            assert b"hedgerow_ready 1.0" in response.read()
        with pytest.raises(urllib.error.HTTPError, match="404") as caught:
            urllib.request.urlopen(f"{base}/etc/passwd", timeout=10)
        caught.value.close()
    finally:
        server.shutdown()
        server.server_close()


def test_a_taken_or_foreign_address_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        start("192.0.2.1", 1, Box(), str(tmp_path))


def test_results_are_closed_sets() -> None:
    assert set(RELOADS) == {"loaded", "unchanged", "refused", "failed"}
    assert set(RESTARTS) == {"exit", "hang", "load", "start"}
