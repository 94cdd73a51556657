"""Writing an index: two builds at once, what died builds leave, and how many old folders stay."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.stores.listhouse import built


def finished(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "index").iterdir())


def test_of_two_builds_of_the_same_lists_the_slower_takes_the_others_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def beaten(path: Path, target: Path) -> Path:
        rename(path, target)
        path.mkdir()
        (path / "judge.index").touch()
        return rename(path, target)  # the folder is there and not empty: OSError

    monkeypatch.setattr(Path, "rename", beaten)
    index = built(tmp_path, gambling="a.example")
    assert index.match("a.example")
    assert finished(tmp_path) == [index.version]


def test_everything_is_on_the_disk_before_the_folder_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def note_sync(descriptor: int) -> None:
        order.append("sync")
        fsync(descriptor)

    def note_rename(path: Path, target: Path) -> Path:
        order.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "rename", note_rename)
    built(tmp_path, gambling="a.example")
    assert order == ["sync"] * 3 + ["rename", "sync"]
