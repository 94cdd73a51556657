"""One bare Debian for all tests of this folder, one with Hedgerow on it, and a copy of either for each file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.install.machine import ROOT, Machine, copy_root, make_root, make_wheels, missing
from tests.install.story import SHIPPED, installs

PACKAGES = ("age", "nftables", "unbound", "python3-unbound")
"""What an administrator adds by the documents (BACKUP.md, NETWORK.md)."""


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The root of a Debian 13 without Python, without anything of ours."""
    if reason := missing():
        pytest.skip(reason)
    if ready := os.environ.get("HEDGEROW_MACHINE"):  # made before, to save the minute and a half
        yield Path(ready)
        return
    folder = make_root(tmp_path_factory.mktemp("debian") / "bare")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if ready := os.environ.get("HEDGEROW_WHEELS"):
        return Path(ready)
    return make_wheels(tmp_path_factory.mktemp("wheels"), Path(sys.executable))


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout as it is now: whoever edits it while the tests run would make another version of it."""
    folder = tmp_path_factory.mktemp("source")
    folder.chmod(0o755)  # as a checkout is: whoever is not root must be told so by the script, not by the folder
    subprocess.run(["cp", "-a", *(str(ROOT / name) for name in SHIPPED), str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def machine(bare: Path, source: Path, wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A bare one, off; /src is this checkout, /wheels are its packages."""
    folder = copy_root(bare, tmp_path_factory.mktemp("machine") / "root")
    yield Machine(folder, {"/src": source, "/wheels": wheels})
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def installed_root(bare: Path, source: Path, wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """With Hedgerow, age, the firewall and the name server on it; never booted."""
    folder = copy_root(bare, tmp_path_factory.mktemp("installed") / "root")
    machine = Machine(folder, {"/src": source, "/wheels": wheels})
    for done in (installs(machine), machine.run("apt-get", "install", "-qq", "-y", *PACKAGES)):
        assert done.code == 0, done.out
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def installed(
    installed_root: Path, source: Path, wheels: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machine]:
    folder = copy_root(installed_root, tmp_path_factory.mktemp("machine") / "root")
    yield Machine(folder, {"/src": source, "/wheels": wheels})
    shutil.rmtree(folder)
