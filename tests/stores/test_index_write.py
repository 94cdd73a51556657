"""Writing an index: two builds at once, what died builds leave, and how many old folders stay."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hedgerow.stores.lists import open_index
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


def test_the_newest_few_stay_and_the_one_in_force_is_the_newest(tmp_path: Path) -> None:
    folders = []
    for number in range(7):
        folders.append(built(tmp_path, gambling=f"a{number}.example").folder)
        os.utime(folders[-1], (number, number))  # long ago, in this order
    assert finished(tmp_path) == sorted(folder.name for folder in folders[-4:])
    again = built(tmp_path, gambling="a3.example")  # an older content is in force again
    assert again.folder == folders[3]
    built(tmp_path, gambling="new.example")
    assert folders[3].name in finished(tmp_path) and folders[4].name not in finished(tmp_path)


def test_an_index_in_use_goes_on_judging_when_its_folder_is_removed(tmp_path: Path) -> None:
    index = open_index(built(tmp_path, gambling="a.example").folder)
    (match,) = index.match("a.example")
    assert index.explain(match, "gambling")
    os.utime(index.folder, (0, 0))
    for number in range(5):
        built(tmp_path, gambling=f"b{number}.example")
    assert not index.folder.exists()
    assert index.match("www.a.example") == (match,) and index.explain(match, "gambling")


def test_what_a_build_that_died_left_behind_goes_after_an_hour(tmp_path: Path) -> None:
    for name, age in ((".building-old", 7200), (".building-now", 60)):
        folder = tmp_path / "index" / name
        folder.mkdir(parents=True)
        (folder / "judge.index").touch()
        moment = folder.stat().st_mtime - age
        os.utime(folder, (moment, moment))
    index = built(tmp_path, gambling="a.example")
    assert finished(tmp_path) == sorted([".building-now", index.version])


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
