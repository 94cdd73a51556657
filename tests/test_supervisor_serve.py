"""``hedgerow serve`` as a process: real workers, a real reload, a mistake, an end; and what it refuses."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hedgerow.core.model import Where
from hedgerow.runtime import Sources
from hedgerow.stores.ca import CERT_FILE
from hedgerow.stores.site import Site
from hedgerow.stores.state import prepare
from hedgerow.supervisor import BuildRefused
from hedgerow.supervisor_serve import (
    Builder,
    Options,
    ServeError,
    nameless,
    only_one,
    own_addresses,
    running_folder,
)
from hedgerow.supervisor_sockets import Listen

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Gateway:
    def __init__(self, root: Path) -> None:
        self.root, self.port, self.metrics = root, free_port(), free_port()
        self.school = root / "local"
        (self.school / "bands").mkdir(parents=True)
        shutil.copy(ROOT / "policies" / "site.example.yaml", self.school / "site.yaml")
        self.log = root / "log"

    def command(self, *more: str) -> list[str]:
        folders = ["--policies", str(self.school), "--state", str(self.root / "state")]
        listens = ["--listen", f"127.0.0.1:{self.port}", "--metrics", f"127.0.0.1:{self.metrics}"]
        return [sys.executable, "-m", "hedgerow", "serve", *folders, *listens, "--workers", "2", *more]

    def get(self, path: str) -> tuple[int, bytes]:
        return self._ask(self.metrics, path)[::2]

    def ask(self, url: str) -> tuple[int, str]:
        status, version, _ = self._ask(self.port, url)
        return status, version

    def _ask(self, port: int, target: str) -> tuple[int, str, bytes]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.request("GET", target)
            answer = connection.getresponse()
            return answer.status, answer.getheader("X-Hedgerow-Policy", ""), answer.read()

    def version(self) -> str:
        with contextlib.suppress(OSError):
            status, body = self.get("/ready")
            return str(json.loads(body)["policy"]) if status == 200 else ""
        return ""

    def until(self, true: Callable[[], object], seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)


@contextlib.contextmanager
def served(gateway: Gateway) -> Iterator[subprocess.Popen[bytes]]:
    with open(gateway.log, "wb") as output:
        process = subprocess.Popen(gateway.command(), stdout=output, stderr=output)
        try:
            gateway.until(lambda: process.poll() is not None or gateway.version())
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(30)


def test_a_gateway_from_start_to_end(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path)
    with served(gateway) as process:
        first = gateway.version()
        assert gateway.ask("http://bet365.com/") == (403, first)

        edit = gateway.school / "bands" / "ages-5-7.yaml"
        edit.write_text("band: ages-5-7\nsites: {bet365.com: help}\n")
        saved = time.monotonic()
        gateway.until(lambda: gateway.version() not in ("", first), 10)
        assert time.monotonic() - saved < 5
        second = gateway.version()
        assert {gateway.ask("http://bet365.com/") for _ in range(8)} == {(403, second)}

        edit.write_text("band: ages-5-7\nsites: {bet365.com: alow}\n")
        gateway.until(lambda: "unknown action 'alow'" in gateway.log.read_text(), 10)
        assert gateway.version() == second
        scrape = gateway.get("/metrics")[1].decode()
        assert 'hedgerow_reloads_total{result="refused"} 1.0' in scrape
        assert "hedgerow_policy_refused 1.0" in scrape
        assert 'hedgerow_requests_total{band="ages-5-7",scheme="http"} 9.0' in scrape

        edit.unlink()
        process.send_signal(signal.SIGHUP)
        gateway.until(lambda: gateway.version() == first, 10)

        again = subprocess.run(gateway.command(), capture_output=True, text=True, timeout=60)
        assert again.returncode == 2
        assert f"process {process.pid} already serves from this state folder" in again.stderr
    assert process.returncode == 0
    written = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    for_others = [path for path in written if path.stat().st_mode & 0o077]
    assert written and for_others == [tmp_path / "state" / "ca" / CERT_FILE]  # what is given out; its folder is closed
    assert not list(Path("/dev/shm").glob(f"hedgerow-*{os.getpid()}*"))
    with pytest.raises(OSError):
        gateway.get("/ready")


@pytest.mark.long
def test_what_could_not_be_recorded_comes_into_force_when_it_can(tmp_path: Path) -> None:
    """Nobody saves the file again, and nobody sends a signal: it takes half a minute."""
    gateway = Gateway(tmp_path)
    with served(gateway):
        first, record, away = gateway.version(), tmp_path / "state" / "record", tmp_path / "away"
        record.rename(away)
        record.write_text("a file where the folder should be")
        (gateway.school / "bands" / "ages-5-7.yaml").write_text("band: ages-5-7\nsites: {bet365.com: help}\n")
        gateway.until(lambda: b"hedgerow_policy_refused 1.0" in gateway.get("/metrics")[1], 10)
        assert gateway.version() == first
        assert re.search(rb'house_failures_total{task="record"} [1-9]', gateway.get("/metrics")[1])
        record.unlink()
        away.rename(record)
        gateway.until(lambda: gateway.version() not in ("", first), 45)
        assert b"hedgerow_policy_refused 0.0" in gateway.get("/metrics")[1]


def test_what_vanishes_is_refused_and_a_file_of_the_school_may_go(tmp_path: Path) -> None:
    """The builder of a running gateway: each loss is told and nothing of it comes into force."""
    school, blocklists, run = tmp_path / "local", tmp_path / "blocklists", tmp_path / "run"
    (school / "bands").mkdir(parents=True)
    run.mkdir()
    shutil.copy(ROOT / "policies" / "site.example.yaml", school / "site.yaml")
    (school / "bands" / "ages-8-10.yaml").write_text("band: ages-8-10\nsites: {a.example: block}\n")
    shutil.copytree(ROOT / "blocklists", blocklists)
    (blocklists / "local" / "games.txt").write_text("a.example\n")
    builder = Builder(Sources(ROOT / "policies", school, blocklists, ROOT / "blocklists", tmp_path / "index"), run)
    first = builder().version
    losses = {
        "local/: is gone; put it back": school,
        "local/site.yaml: is gone; put it back": school / "site.yaml",
        "local/site.yaml: cannot be read": school / "site.yaml",
        "seed/adult.txt: is missing": blocklists / "seed" / "adult.txt",
        "local/games.txt: is gone, it listed 1 names": blocklists / "local" / "games.txt",
        "seed/adult.txt: is missing: every": blocklists / "seed",
    }
    for told, path in losses.items():
        path.rename(tmp_path / "away")
        if "cannot be read" in told:
            path.symlink_to(path)
        with pytest.raises(BuildRefused, match=re.escape(told)):
            builder()
        path.unlink(missing_ok=True)
        (tmp_path / "away").rename(path)
        assert builder().version == first
    (school / "bands" / "ages-8-10.yaml").unlink()
    assert builder().version != first


def refused(gateway: Gateway, *more: str, **environment: str) -> str:
    done = subprocess.run(
        gateway.command(*more), capture_output=True, text=True, timeout=60, env={**os.environ, **environment}
    )
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr
    return done.stderr


def test_what_it_does_not_start_with(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path)
    assert "SSLKEYLOGFILE is set" in refused(gateway, SSLKEYLOGFILE=str(tmp_path / "keys"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", gateway.metrics))
        taken.listen()
        assert f"--metrics 127.0.0.1:{gateway.metrics}" in refused(gateway)
    (gateway.school / "site.yaml").write_text("school: a\nschool: b\n")
    assert "local/site.yaml:2:1" in refused(gateway)
    (tmp_path / "state").chmod(0o755)
    assert "chmod 700" in refused(gateway)


def test_only_one_supervisor_holds_a_state_folder(tmp_path: Path) -> None:
    state = prepare(tmp_path / "state")
    with only_one(state):
        assert state.pid.read_text() == f"{os.getpid()}\n"
        with pytest.raises(ServeError, match=f"process {os.getpid()} already serves"), only_one(state):
            pass
    with only_one(state):
        pass


def test_the_running_folder_is_private_empty_and_ends(tmp_path: Path) -> None:
    with running_folder(tmp_path) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "left").touch()
        with running_folder(tmp_path / "other") as other:
            assert other != folder
        with running_folder(tmp_path) as again:  # after a kill -9
            assert again == folder and not list(again.iterdir())
    assert not folder.exists()


def test_a_foreign_running_folder_is_refused(tmp_path: Path) -> None:
    with running_folder(tmp_path) as folder:
        folder.rmdir()
        folder.symlink_to(tmp_path)
        with pytest.raises(ServeError, match="somebody else"), running_folder(tmp_path):
            pass
        folder.unlink()


def test_redirected_devices_of_a_school_without_a_name_are_warned_of(tmp_path: Path) -> None:
    folders = Sources(tmp_path, tmp_path, tmp_path, tmp_path, tmp_path)

    def options(*modes: str) -> Options:
        return Options(folders, tmp_path, tuple(Listen("", 8080, mode) for mode in modes), 2, ("", 9160))

    assert "gateway: {names: [...]}" in nameless(options("regular", "transparent"), Site())
    assert nameless(options("regular"), Site()) == ""
    assert nameless(options("transparent"), Site(gateway_names={"filter.school": Where("site.yaml", 3)})) == ""


def test_the_machines_own_addresses_are_known() -> None:
    assert "127.0.0.1" in own_addresses()
