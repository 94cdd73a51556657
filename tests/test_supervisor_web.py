"""The scrape endpoint: box facts and workers in one answer, and an honest readiness."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from hedgerow.supervisor_box import Box
from hedgerow.supervisor_web import answer, start


def filled() -> Box:
    box = Box(version="snap", loaded=5.0, index="idx", index_entries=7, ca_expiry=9.5)
    box.workers = {0: "snap", 1: "snap"}
    box.reloads["refused"] += 2
    return box


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
