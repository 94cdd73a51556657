"""``hedgerow lists build`` killed at any moment: what judges is a whole base, the one before or the new one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hedgerow.stores.index import MappedIndex
from hedgerow.stores.list_pointer import base_in_force, read_pointer
from tests.lab.lab import ROOT

NAMES, ROUNDS = 40_000, 12
SOURCES = """sources:
  big: {path: big.txt, format: domains, category: gambling, licence: own, title: Big, home: "https://lists.example",
        least-names: 1}
"""


@dataclass(frozen=True, slots=True)
class House:
    """A school's folders with one large list."""

    root: Path

    @property
    def index(self) -> Path:
        return self.root / "state/index"

    def write(self, version: int) -> None:
        """Each version has other names, and one that tells it."""
        lines = (f"n{number}.v{version}.example\n" for number in range(NAMES))
        (self.root / "blocklists/big.txt").write_text(f"version{version}.test\n" + "".join(lines))

    def build(self) -> subprocess.Popen[bytes]:
        folders = {"--blocklists": "blocklists", "--state": "state", "--policies": "policies"}
        place = [part for option, name in folders.items() for part in (option, str(self.root / name))]
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}/addons", "HEDGEROW_HOME": str(ROOT)}
        command = [sys.executable, "-m", "hedgerow", "lists", "build", *place]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)

    def judging(self) -> int:
        """The version in force, every name of it looked at; 0 when none is. Opening half an index raises."""
        if read_pointer(self.index) is None:
            return 0
        index = MappedIndex(self.index / base_in_force(self.index))
        assert index.names == NAMES + 1
        (found,) = (version for version in range(1, ROUNDS + 3) if index.match(f"version{version}.test"))
        assert all(index.match(f"n{number}.v{found}.example") for number in range(NAMES))
        assert not index.match(f"n1.v{found - 1}.example") and index.entries(f"n1.v{found}.example")[0].source == "big"
        return found

    def unfinished(self) -> list[Path]:
        return list(self.index.glob(".building-*"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    (tmp_path / "blocklists/local").mkdir(parents=True)
    (tmp_path / "policies").mkdir()
    (tmp_path / "blocklists/sources.yaml").write_text(SOURCES)
    yield House(tmp_path)


@pytest.mark.long
def test_killed_at_any_moment_a_whole_base_judges(house: House) -> None:
    house.write(1)
    begun = time.monotonic()
    assert house.build().wait(60) in (0, 1) and house.judging() == 1
    whole, draw, seen, unfinished = time.monotonic() - begun, random.Random(), [1], 0
    for version in range(2, ROUNDS + 2):
        house.write(version)
        with house.build() as process:
            time.sleep(draw.uniform(0.3, 1.05) * whole)
            process.send_signal(signal.SIGKILL)
        assert (now := house.judging()) in (seen[-1], version)
        seen.append(now)
        unfinished = max(unfinished, len(house.unfinished()))
    print("versions in force", seen, "unfinished folders", unfinished)
    house.write(ROUNDS + 2)
    old = time.time() - 2 * 3600
    for left in house.unfinished():
        os.utime(left, (old, old))
    assert house.build().wait(60) in (0, 1) and house.judging() == ROUNDS + 2
    assert not house.unfinished(), "what builds that died have left is removed an hour later"
