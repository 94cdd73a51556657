"""An internet of one host, whose addresses are globally routable: publishers of lists, and a school that fetches."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

from . import listserver, net
from .net import Namespace

ROOT = Path(__file__).parents[2]


class ListNet:
    """The namespace, the publisher in it, and one process that updates on request; ``close`` removes all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "files").mkdir(parents=True)
        self.host = Namespace(f"hg{os.getpid()}lists", "45.90.10.80", "2a0e:b107:10::80")
        self._make()
        self._running = [self.started("-m", "tests.lab.listserver", str(folder))]
        self._inside = self.started("-m", "tests.lab.listinside", pipes=True)
        _until(folder / "ready")

    def _make(self) -> None:
        net.remove_orphans()
        net.run("ip", "netns", "add", self.host.name)
        settings = net.RESOLVERS / self.host.name
        settings.mkdir(parents=True)
        (settings / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        lines = (f"{address} {name}\n" for name, found in listserver.NAMES.items() for address in found)
        (settings / "hosts").write_text("127.0.0.1 localhost\n" + "".join(lines))
        net.run("ip", "-n", self.host.name, "link", "set", "lo", "up")
        for address in listserver.ADDRESSES:
            net.run("ip", "-n", self.host.name, "addr", "add", address, "dev", "lo", *["nodad"] * (":" in address))

    def started(self, *arguments: str, pipes: bool = False, program: str = sys.executable) -> subprocess.Popen[str]:
        """A process of ours in there."""
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}/addons:{ROOT}"}
        pipe = subprocess.PIPE if pipes else None
        return subprocess.Popen(
            self.host.command(program, *arguments), cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True
        )

    def serve(self, name: str, content: bytes) -> None:
        (self.folder / "files" / name).write_bytes(content)

    def update(self, state: Path, **job: Any) -> dict[str, Any]:
        """One updater's run over one source; see ``listinside`` for what a job may say."""
        assert self._inside.stdin and self._inside.stdout
        ca = str(self.folder / "root.pem")
        self._inside.stdin.write(json.dumps({"state": str(state), "ca": ca, **job}) + "\n")
        self._inside.stdin.flush()
        result: dict[str, Any] = json.loads(self._inside.stdout.readline())
        return result

    def asked(self) -> list[dict[str, Any]]:
        """Every request the publisher saw since the last call."""
        path = self.folder / "asked.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return [json.loads(line) for line in lines]

    def close(self) -> None:
        if self._inside.stdin and self._inside.stdout:
            self._inside.stdin.close()
            self._inside.wait(10)
            self._inside.stdout.close()
        for process in self._running:
            process.kill()
            process.wait()
        net._remove(self.host.name)


@cache
def shared() -> ListNet:
    """The one of this process, removed at its end. Ask ``net.why_not`` first."""
    folder = Path(tempfile.mkdtemp(prefix="listnet-"))
    made = ListNet(folder / "net")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(made.close)
    return made


def _until(path: Path) -> None:
    deadline = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.02)
