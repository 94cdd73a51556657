"""A machine of its own for a fault of the network: namespaces for network and mounts, and the doctor run inside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.doctor.faults import noted, patient

CODE = """
import json, sys
from pathlib import Path
from tests.doctor.faults import found, patient
one = patient(Path(sys.argv[1]), Path(sys.argv[1], "local/site.yaml").read_text())
one.listens = tuple(json.loads(sys.argv[2]))
print(json.dumps({name: found(one, name) for name in json.loads(sys.argv[3])}))
"""
TRANSPARENT = ("127.0.0.1:8081/transparent",)
NAMES = ("redirect-missing", "redirect-deaf", "ipv6-leak", "forward-open", "quic-slow")


class Box:
    """A machine of its own: namespaces for network and mounts."""

    def __init__(self, root: Path) -> None:
        self.root, self.name = root, f"hgdoc{os.getpid()}"
        subprocess.run(["ip", "netns", "add", self.name], check=True)
        self.run("ip", "link", "set", "lo", "up")
        patient(root)

    def run(self, *command: str, given: str | None = None) -> str:
        whole = ["ip", "netns", "exec", self.name, *command]
        return subprocess.run(whole, input=given, capture_output=True, text=True, check=True).stdout

    def found(self, names: Sequence[str] = NAMES, listens: Sequence[str] = TRANSPARENT) -> Mapping[str, list[str]]:
        """What these checks find here."""
        words = [str(self.root), json.dumps(listens), json.dumps(names)]
        told: dict[str, list[str]] = json.loads(self.run(sys.executable, "-c", CODE, *words))
        return {name: noted(name, findings) for name, findings in told.items()}


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    made = Box(tmp_path)
    yield made
    subprocess.run(["ip", "netns", "del", made.name], check=True)


def forwarding(box: Box, v4: int, v6: int) -> None:
    box.run("sysctl", "-qw", f"net.ipv4.ip_forward={v4}", f"net.ipv6.conf.all.forwarding={v6}")


def faults(told: Mapping[str, list[str]]) -> set[str]:
    return {name for name, findings in told.items() if findings}
