"""The shipped policies' name: the same everywhere, another when a file is edited, added, renamed or gone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hedgerow.stores.shipped import shipped_version
from tests.shipped import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "policies", tmp_path / "policies", ignore=shutil.ignore_patterns("local")))


def test_a_copy_elsewhere_with_a_school_of_its_own_has_the_same_name(copy: Path) -> None:
    before = shipped_version(ROOT / "policies")
    (copy / "local" / "bands").mkdir(parents=True)
    (copy / "local" / "site.yaml").write_text("school: Ours\n")
    (copy / "local" / "bands" / "staff.yaml").write_text("band: staff\n")
    assert shipped_version(copy) == before and len(before) == 12


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "floor.yaml").write_text("# mine\n"),
        lambda folder: (folder / "bands" / "staff.yaml").unlink(),
        lambda folder: (folder / "bands" / "new.yaml").write_text(""),
        lambda folder: (folder / "bands" / "staff.yaml").rename(folder / "bands" / "other.yaml"),
    ],
)
def test_any_change_gives_another(copy: Path, change: Callable[[Path], object]) -> None:
    before = shipped_version(copy)
    change(copy)
    assert shipped_version(copy) != before
