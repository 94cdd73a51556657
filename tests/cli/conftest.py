"""A school of its own for each module of command tests: an index is built once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hedgerow.cli import run
from hedgerow.cli.common import home

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shipped example as site.yaml under ``local`` and an empty ``state``."""
    root = tmp_path_factory.mktemp("school")
    (root / "local" / "bands").mkdir(parents=True)
    shutil.copy(home() / "policies" / "site.example.yaml", root / "local" / "site.yaml")
    (root / "state").mkdir(mode=0o700)
    for name in ("seen", "index"):
        (root / "state" / name).mkdir(mode=0o700)
    return root


@pytest.fixture
def hedgerow(school: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command line in the school; gives (exit code, standard output, standard error)."""

    def command(*arguments: str, here: bool = True) -> tuple[int, str, str]:
        place = ("--policies", str(school / "local"), "--state", str(school / "state")) if here else ()
        code = run([*arguments, *place])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command
