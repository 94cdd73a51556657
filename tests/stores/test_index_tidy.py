"""What of the built lists goes: never what is in force, nor what that stands on."""

from __future__ import annotations

import os
from pathlib import Path

from hedgerow.stores.index_tidy import tidy
from hedgerow.stores.list_base import build_base
from hedgerow.stores.lists import build, open_index
from tests.stores.listhouse import CATEGORIES, built, write_lists
from tests.stores.sourcehouse import fetched


def folders(root: Path) -> set[str]:
    return {path.name for path in (root / "index").iterdir() if path.is_dir()}


def test_the_newest_few_stay_and_the_one_in_force(tmp_path: Path) -> None:
    made = []
    for number in range(7):
        made.append(built(tmp_path, gambling=f"a{number}.example").folder)
        os.utime(made[-1], (number, number))  # long ago, in this order
    tidy(tmp_path / "index", made[1].name)
    assert folders(tmp_path) == {made[number].name for number in (1, 4, 5, 6)}


def test_bases_stay_while_something_kept_stands_on_them(tmp_path: Path) -> None:
    bases, owns = [], []
    lists = write_lists(tmp_path, {"seed/games.txt": "b.example"})
    for number in range(5):
        bases.append(
            build_base([fetched(tmp_path, "x", f"a{number}.example", "adult")], CATEGORIES, tmp_path / "index")
        )
        owns.append(build(lists, CATEGORIES, tmp_path / "index"))
    for number, path in enumerate((*bases, *owns)):
        os.utime(path, (number, number))
    tidy(tmp_path / "index", owns[0].name)  # the policy in force is an old one, for a mistake keeps newer ones out
    assert folders(tmp_path) == {owns[n].name for n in (0, 2, 3, 4)} | {bases[n].name for n in (0, 2, 3, 4)}
    assert open_index(owns[0]).match("a0.example")


def test_an_index_in_use_goes_on_judging_when_its_folder_is_removed(tmp_path: Path) -> None:
    index = built(tmp_path, gambling="a.example")
    (match,) = index.match("a.example")
    assert index.explain(match, "gambling")
    os.utime(index.folder, (0, 0))
    for number in range(5):
        built(tmp_path, gambling=f"b{number}.example")
    tidy(tmp_path / "index", "")
    assert not index.folder.exists()
    assert index.match("www.a.example") == (match,) and index.explain(match, "gambling")


def test_what_a_build_that_died_left_behind_goes_after_an_hour(tmp_path: Path) -> None:
    for name, age in ((".building-old", 7200), (".building-now", 60)):
        folder = tmp_path / "index" / name
        folder.mkdir(parents=True)
        moment = folder.stat().st_mtime - age
        os.utime(folder, (moment, moment))
    index = built(tmp_path, gambling="a.example")
    tidy(tmp_path / "index", index.folder.name)
    assert folders(tmp_path) == {".building-now", index.folder.name}


def test_commands_remove_nothing(tmp_path: Path) -> None:
    first = built(tmp_path, gambling="a.example").folder
    for number in range(9):
        built(tmp_path, gambling=f"draft{number}.example")
    assert open_index(first).names == 1
