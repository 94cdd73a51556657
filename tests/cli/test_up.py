"""``hedgerow up`` and ``--stop``: one gateway a state folder, ready when the command ends."""

from __future__ import annotations

import json
import shutil
import socket
import urllib.request
from pathlib import Path

import pytest

from hedgerow.cli import BAD, FINE, run
from hedgerow.cli.common import home
from hedgerow.cli.up import running, stop_running
from tests.cli.conftest import Run


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def asks(url: str, proxy: str = "") -> dict[str, str]:
    """JSON from the portal; it may be ready a moment after the filter."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy} if proxy else {}))
    with opener.open(url, timeout=20) as response:
        told: dict[str, str] = json.load(response)
    return told


def test_stopping_what_does_not_run(hedgerow: Run) -> None:
    code, out, _ = hedgerow("up", "--stop")
    assert (code, out) == (FINE, "Hedgerow is not running\n")


def test_a_gateway_is_started_once_and_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "local").mkdir()
    shutil.copy(home() / "policies" / "site.example.yaml", tmp_path / "local" / "site.yaml")
    state, metrics = tmp_path / "state", free_port()
    place = ["--policies", str(tmp_path / "local"), "--state", str(state)]
    proxy, portal = free_port(), free_port()
    listens = ["--listen", f"127.0.0.1:{proxy}", "--metrics", f"127.0.0.1:{metrics}", "--workers", "1"]
    listens += ["--portal", f"127.0.0.1:{portal}"]
    try:
        assert run(["up", "--no-test", *place, *listens]) == FINE
        told = capsys.readouterr().out
        assert "Hedgerow is running." in told and f"http://127.0.0.1:{portal}/ without it" in told
        assert asks(f"http://127.0.0.1:{portal}/health")["portal"] == "up"
        assert asks("http://hedgerow.internal/health", f"http://127.0.0.1:{proxy}")["portal"] == "up"
        with urllib.request.urlopen(f"http://127.0.0.1:{metrics}/ready", timeout=10) as response:
            assert json.load(response)["ready"] is True
        assert (state / "hedgerow.log").stat().st_mode & 0o777 == 0o600
        process = running(state)
        assert run(["up", "--no-test", *place, *listens]) == FINE
        assert f"already running (process {process})" in capsys.readouterr().out
    finally:
        assert run(["up", "--stop", *place]) == FINE
    assert "has stopped" in capsys.readouterr().out
    assert running(state) is None
    assert stop_running(state) == "Hedgerow is not running"


def test_a_gateway_that_cannot_start_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "site.yaml").write_text("timezone: Mars/Olympus\n")
    place = ["--policies", str(tmp_path / "local"), "--state", str(tmp_path / "state")]
    listens = ["--listen", f"127.0.0.1:{free_port()}", "--metrics", f"127.0.0.1:{free_port()}"]
    assert run(["up", "--no-test", *place, *listens]) == BAD
    told = capsys.readouterr().err
    assert "local/site.yaml:1:11" in told and "Traceback" not in told
