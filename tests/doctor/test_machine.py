"""Faults of the machine, made for real where a test may: a full disk, a clock set wrong, a process with few files.

Memory and the table of connections are files of /proc written for the test; the kernel's clock is words in its mouth.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from hedgerow.doctor import machine
from hedgerow.doctor.machine import clock_status
from tests.doctor.faults import found, makes, noted, patient, running

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounts a file system: needs root")
needs_faketime = pytest.mark.skipif(shutil.which("faketime") is None, reason="needs faketime")


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process with few descriptors and a key log in its environment."""
    few = (256, 256)
    process = subprocess.Popen(
        ["sleep", "60"],
        env={**os.environ, "SSLKEYLOGFILE": "/tmp/keys"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, few),
    )
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of one MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=True)
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@needs_root
@makes("disk-full")
def test_a_full_disk(tiny: Path) -> None:
    one = patient(tiny)
    assert "MiB free" in found(one, "disk-full")[0] and found(one, "disk-nearly-full") == []


@needs_root
def test_a_disk_without_inodes(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6g,nr_inodes=150", "tmpfs", str(disk)], check=True)
    try:
        one = patient(disk)
        with open(disk / "hole", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 1 << 20)
        assert found(one, "disk-full") == [] and found(one, "disk-nearly-full") == []
        for number in range(200):
            try:
                (disk / str(number)).touch()
            except OSError:
                break
        assert "inodes free" in found(one, "disk-full")[0]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@needs_root
@pytest.mark.skipif(shutil.which("mkfs.ext4") is None, reason="needs mkfs.ext4 (e2fsprogs)")
@makes("disk-nearly-full")
def test_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    """A disk of 6 GiB in a file with holes; what is taken of it is reserved and never written."""
    image, disk = tmp_path / "image", tmp_path / "disk"
    with open(image, "wb") as file:
        file.truncate(6 << 30)
    disk.mkdir()
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", "-F", str(image)], check=True, capture_output=True)
    mounted = subprocess.run(["mount", "-o", "loop", str(image), str(disk)], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no loop device: {mounted.stderr.strip()}")
    try:
        one = patient(disk)
        assert found(one, "disk-nearly-full") == []
        with open(disk / "reserved", "wb") as taken:
            os.posix_fallocate(taken.fileno(), 0, shutil.disk_usage(disk).free - (560 << 20))
        assert "MiB of" in found(one, "disk-nearly-full")[0] and found(one, "disk-full") == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def told(program: str, shift: str, state: Path) -> list[str]:
    """What ``wrong_clock`` finds in a process whose clock is shifted; file times stay as they are."""
    code = (
        "import json,sys; from pathlib import Path; from hedgerow.doctor.machine import wrong_clock\n"
        "from hedgerow.doctor.patient import Patient; from hedgerow.stores.state import State\n"
        f"print(json.dumps(list(wrong_clock(Patient(None, State(Path({str(state)!r})), dated={program})))))"
    )
    done = subprocess.run(
        ["faketime", "-f", shift, sys.executable, "-c", code],
        env={**os.environ, "NO_FAKE_STAT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return noted("clock-wrong", json.loads(done.stdout))


@needs_faketime
@makes("clock-wrong")
def test_a_clock_that_was_set_back(tmp_path: Path) -> None:
    state = patient(tmp_path).state.root
    (state / "grants.sqlite").touch()
    assert "files of this gateway were written at" in told("()", "-30d", state)[0]
    assert told("()", "+0d", state) == []


@needs_faketime
def test_a_clock_that_runs_ahead_is_told_by_another_one(tmp_path: Path) -> None:
    """The other one is a web server's Date header."""

    class Dated(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:  # noqa: N802 - the name the standard library calls
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Dated) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"('http://127.0.0.1:{server.server_port}/',)"
        state = patient(tmp_path).state.root
        assert "elsewhere" in told(url, "+3h", state)[0]
        assert told(url, "+1s", state) == []
        server.shutdown()


PLL, UNSYNC = 0x1, 0x40
"""STA_PLL, STA_UNSYNC of linux/timex.h."""


@pytest.mark.parametrize(
    "status, fault",
    [pytest.param(UNSYNC, True, marks=makes("clock-unsynchronised")), (PLL | UNSYNC, True), (PLL, False), (0, False)],
)
def test_a_clock_that_nothing_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, fault: bool) -> None:
    """By words put in the kernel's mouth: no test may change its answer on a machine that others use."""
    monkeypatch.setattr(machine, "clock_status", lambda: status)
    assert bool(found(patient(tmp_path), "clock-unsynchronised")) is fault


NUMBERS = {"x86_64": 159, "aarch64": 171}
"""Of adjtimex(2), by machine."""
ASK = '$b = "\\0" x 256; exit 1 if syscall(0 + shift, $b) < 0; print unpack("x40 i", $b)'
"""``status`` stands behind ``modes`` and four longs, all aligned to 8."""


@pytest.mark.skipif(os.uname().machine not in NUMBERS or not shutil.which("perl"), reason="needs perl")
def test_the_kernel_itself_is_asked() -> None:
    """By another language's own reading of the same structure."""
    number = str(NUMBERS[os.uname().machine])
    said = subprocess.run(["perl", "-e", ASK, number], capture_output=True)
    assert int(said.stdout) == clock_status(), said.stderr


@makes("memory-small")
def test_little_memory_and_no_swap(tmp_path: Path) -> None:
    one = patient(tmp_path, proc=tmp_path / "proc")
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "meminfo").write_text("MemTotal: 2048000 kB\nMemFree: 1 kB\nSwapTotal: 0 kB\n")
    assert "no swap" in found(one, "memory-small")[0]
    (tmp_path / "proc" / "meminfo").write_text("MemTotal: 2048000 kB\nSwapTotal: 2000000 kB\n")
    assert found(one, "memory-small") == []


@makes("descriptors-few", "sslkeylogfile")
def test_few_descriptors_and_a_key_log(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    one = patient(tmp_path)
    assert found(one, "sslkeylogfile") == []
    with running(one, sleeper.pid):
        one = patient(tmp_path)
        time.sleep(0.2)
        assert found(one, "descriptors-few") == ["the running gateway may open 256 files"]
        assert found(one, "sslkeylogfile") == ["SSLKEYLOGFILE is set in the running gateway"]
    assert found(patient(tmp_path, environment={"SSLKEYLOGFILE": "x"}), "sslkeylogfile") != []


@makes("conntrack-full")
def test_a_full_table_of_connections(tmp_path: Path) -> None:
    folder = tmp_path / "proc/sys/net/netfilter"
    folder.mkdir(parents=True)
    one = patient(tmp_path, proc=tmp_path / "proc")
    for count, fault in ((900, True), (100, False)):
        (folder / "nf_conntrack_count").write_text(f"{count}\n")
        (folder / "nf_conntrack_max").write_text("1000\n")
        assert bool(found(one, "conntrack-full")) is fault


@makes("state-open")
def test_a_state_folder_that_others_may_read(tmp_path: Path) -> None:
    one = patient(tmp_path)
    assert found(one, "state-open") == []
    (one.state.keys / "token.key").write_bytes(b"k" * 32)
    (one.state.keys / "token.key").chmod(0o644)
    one.state.events.chmod(0o755)
    assert [line.rpartition(" ")[2] for line in found(one, "state-open")] == ["755", "644"]
