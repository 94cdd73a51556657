"""A machine of its own for a fault of the network: namespaces for network and mounts, and the doctor run inside."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.doctor.faults import found, patient
from tests.lab.net import Namespace

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
        one = patient(self.root, (self.root / "local" / "site.yaml").read_text())
        one.listens = tuple(listens)
        with self.entered():
            return {name: found(one, name) for name in names}

    def entered(self) -> AbstractContextManager[None]:
        """This thread, and what it starts, is in the network of this machine."""
        return Namespace(self.name, "", "").entered()


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    made = Box(tmp_path)
    yield made
    subprocess.run(["ip", "netns", "del", made.name], check=True)


def forwarding(box: Box, v4: int, v6: int) -> None:
    box.run("sysctl", "-qw", f"net.ipv4.ip_forward={v4}", f"net.ipv6.conf.all.forwarding={v6}")


def faults(told: Mapping[str, list[str]]) -> set[str]:
    return {name for name, findings in told.items() if findings}
