"""A whole Debian 13 of its own: made by debootstrap, booted with its own systemd by systemd-nspawn, without a network.

Nothing in it is pretended: apt, systemd, the journal and the sandbox of the units are Debian's. The kernel is ours.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAMS = ("debootstrap", "systemd-nspawn", "nsenter")
SUITE, MIRROR = "trixie", "http://deb.debian.org/debian"
_BASE = "systemd,systemd-sysv,dbus,iproute2,procps"  # what every installed Debian has, and a minimal root has not
_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_PLATFORMS = ("1", "2010", "2014", *(f"_2_{minor}" for minor in (5, 12, 17, 24, 26, 28, 31, 34, 35, 39, 40, 41)))
_BOOT_SECONDS = 90.0
_RUN_SECONDS = 420.0


@dataclass(frozen=True, slots=True)
class Done:
    """How a command in the machine ended; ``out`` is everything it said."""

    code: int
    out: str


@dataclass(slots=True)
class Machine:
    """``folder`` is its root; ``binds`` are read-only folders of ours, by where they stand in it."""

    folder: Path
    binds: dict[str, Path] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    def run(self, *command: str, binds: dict[str, Path] | None = None) -> Done:
        """In the booted machine; while it is off, in its root with our network (as from an installer's shell)."""
        if self._process is not None:
            leader = self._leader()
            inside = (
                "nsenter",
                "--target",
                leader,
                "--all",
                f"--root=/proc/{leader}/root",
                f"--wd=/proc/{leader}/root",
            )
            return _done([*inside, "env", "-i", _PATH, "HOME=/root", "LANG=C.UTF-8", *command])
        return _done([*self._nspawn({**self.binds, **(binds or {})}), f"--setenv={_PATH}", "--pipe", *command])

    def sh(self, script: str) -> Done:
        return self.run("bash", "-ec", script)

    @contextlib.contextmanager
    def booted(self) -> Iterator[None]:
        """Its own systemd runs until the end. Raises TimeoutError."""
        log = self.folder.with_suffix(".log").open("wb")
        command = [*self._nspawn(self.binds), "--boot", "--private-network", "--console=pipe"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        try:
            self._wait()
            yield
        finally:
            with contextlib.suppress(OSError):
                os.kill(
                    int(self._leader()), signal.SIGKILL
                )  # its init: all of it ends at once, nobody waits for a stop
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(30)
            self._process.kill()
            self._process.wait()
            self._process = None
            log.close()

    def path(self, inside: str) -> Path:
        """A file of the machine, as we see it."""
        return self.folder / inside.lstrip("/")

    def _nspawn(self, binds: dict[str, Path]) -> list[str]:
        shared = [f"--bind-ro={outside}:{inside}" for inside, outside in binds.items()]
        quiet = ("-q", "--register=no", "--keep-unit", "--resolv-conf=copy-host")
        return ["systemd-nspawn", *quiet, "-D", str(self.folder), *shared]

    def _leader(self) -> str:
        assert self._process is not None
        found = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        if not found:
            raise OSError("the machine does not run")
        return found[0]

    def _wait(self) -> None:
        deadline = time.monotonic() + _BOOT_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                if self.run("systemctl", "is-system-running").out.strip() in ("running", "degraded", "starting"):
                    return
            time.sleep(0.3)
        raise TimeoutError(self.folder.with_suffix(".log").read_text("utf-8", "replace")[-2000:])


def _done(command: list[str]) -> Done:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_RUN_SECONDS)
    return Done(done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace"))


def make_root(folder: Path) -> Path:
    """A bare Debian 13. Raises CalledProcessError."""
    command = ["debootstrap", "--variant=minbase", f"--include={_BASE}", SUITE, str(folder), MIRROR]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return folder


def copy_root(base: Path, folder: Path) -> Path:
    subprocess.run(["cp", "-a", "--reflink=auto", str(base), str(folder)], check=True)
    return folder


def make_wheels(folder: Path, python: Path) -> Path:
    """Every locked package for Debian 13's Python. Raises CalledProcessError."""
    tags = [part for name in _PLATFORMS for part in ("--platform", f"manylinux{name}_{os.uname().machine}")]
    abis = [part for name in ("cp313", "abi3", "none") for part in ("--abi", name)]
    command = [str(python), "-m", "pip", "download", "-q", "-d", str(folder), "--python-version", "3.13", *abis, *tags]
    command += [
        "--implementation",
        "cp",
        "--only-binary=:all:",
        "--require-hashes",
        "-r",
        str(ROOT / "requirements.lock"),
    ]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return folder


def missing() -> str:
    """Why no machine can be made here; "" when it can."""
    if os.geteuid() != 0:
        return "needs root"
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    return f"not installed: {', '.join(absent)}" if absent else ""
