"""What was in force and is gone is told, and what a school takes back on purpose is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.core.model import Where
from hedgerow.core.words import Phrase
from hedgerow.stores.vanished import Footing, footing, missing_seeds, vanished

FILES = frozenset({"floor.yaml", "local/", "local/site.yaml", "local/floor.yaml", "words/adult.en.yaml"})
NAMES = {"seed/adult.txt": 60, "seed/illegal.txt": 0, "local/games.txt": 3}
BEFORE = Footing(FILES, NAMES)
RESTART = "put it back, or restart to go on without it"


@pytest.mark.parametrize("file", sorted(FILES - {"local/"}))
def test_a_file_that_is_gone(file: str) -> None:
    assert [str(one) for one in vanished(BEFORE, Footing(FILES - {file}, NAMES))] == [f"{file}: is gone; {RESTART}"]


def test_the_whole_school_is_told_once() -> None:
    left = frozenset({"floor.yaml", "words/adult.en.yaml"})
    assert [str(one) for one in vanished(BEFORE, Footing(left, NAMES))] == [f"local/: is gone; {RESTART}"]


@pytest.mark.parametrize(
    "change, told",
    [
        ({"seed/adult.txt": None}, ["seed/adult.txt: is gone, it listed 60 names; " + RESTART]),
        ({"seed/adult.txt": 0}, ["seed/adult.txt: is gone, it listed 60 names; " + RESTART]),
        ({"local/games.txt": None}, ["local/games.txt: is gone, it listed 3 names; " + RESTART]),
        ({"local/games.txt": 0}, []),  # emptied by the school itself
        ({"seed/illegal.txt": None}, []),  # it listed nothing; ``missing_seeds`` tells it
        ({"seed/adult.txt": 32}, []),
        (
            {"seed/adult.txt": 28},
            ["blocklists: list 31 names, 63 before: more than half is gone; "
             "put them back, or restart to go on without them"],
        ),
        ({"seed/adult.txt": 600, "local/video.txt": 5}, []),
    ],
)  # fmt: skip
def test_lists_that_shrink(change: dict[str, int | None], told: list[str]) -> None:
    names = {file: count for file, count in {**NAMES, **change}.items() if count is not None}
    assert [str(one) for one in vanished(BEFORE, Footing(FILES, names))] == told


def test_what_is_there_is_seen(tmp_path: Path) -> None:
    shipped, school = tmp_path / "policies", tmp_path / "local"
    phrases = [
        Phrase("adult", "x", "en", Where(file, 1)) for file in ("words/adult.en.yaml", "local/words/adult.en.yaml")
    ]
    assert footing(shipped, school, phrases, {}).files == {"words/adult.en.yaml"}
    for folder in (shipped, school):
        folder.mkdir()
        (folder / "floor.yaml").touch()
    (school / "site.yaml").touch()
    assert footing(shipped, school, phrases, NAMES) == BEFORE


def test_every_category_has_its_seed(tmp_path: Path) -> None:
    assert list(missing_seeds(tmp_path, ["adult"])) == []  # a school's own lists alone
    (tmp_path / "seed").mkdir()
    for name in ("games.hosts", "video.txt", "adult.txt~"):
        (tmp_path / "seed" / name).touch()
    told = "seed/adult.txt: is missing: every category has a list; put it back (it may be empty)"
    assert [str(one) for one in missing_seeds(tmp_path, ["video", "adult", "games"])] == [told]


def test_categories_without_any_seed_are_a_lost_folder(tmp_path: Path) -> None:
    (tmp_path / "categories.yaml").touch()
    assert [one.file for one in missing_seeds(tmp_path, ["adult", "games"])] == ["seed/adult.txt", "seed/games.txt"]
