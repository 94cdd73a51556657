"""Lists are built again exactly when one of their files changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hedgerow.stores import kept_lists
from hedgerow.stores.errors import PolicyError
from hedgerow.stores.kept_lists import KeptLists
from hedgerow.stores.lists import build, open_index

CATEGORIES = ("games", "video")


class World:
    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seed, self.local, self.out = root / "seed", root / "local", root / "index"
        self.seed.mkdir()
        (self.seed / "games.txt").write_text("a.example\n")
        self.kept, self.builds = KeptLists(), 0

        def counted(*arguments: object) -> Path:
            self.builds += 1
            return build(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(kept_lists, "build", counted)

    def build(self) -> Path:
        return self.kept.build([self.seed, self.local], CATEGORIES, self.out)[0]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def test_nothing_changed_nothing_is_built(world: World) -> None:
    first = world.build()
    assert world.build() == first and world.builds == 1
    assert open_index(first).match("www.a.example")


def test_a_changed_new_or_removed_file_is_seen(world: World) -> None:
    first = world.build()
    (world.seed / "games.txt").write_text("b.example\n")
    second = world.build()
    world.local.mkdir()
    (world.local / "video.txt").write_text("c.example\n")
    third = world.build()
    (world.local / "video.txt").unlink()
    assert world.build() == second
    assert len({first, second, third}) == 3 and world.builds == 4


def test_an_index_that_was_removed_is_built_again(world: World) -> None:
    shutil.rmtree(world.build())
    assert world.build().is_dir() and world.builds == 2


def test_a_mistake_raises_each_time_and_the_last_good_is_not_lost(world: World) -> None:
    first = world.build()
    (world.seed / "gamess.txt").write_text("x.example\n")
    for _ in range(2):
        with pytest.raises(PolicyError, match="gamess"):
            world.build()
    (world.seed / "gamess.txt").unlink()
    assert world.build() == first and world.builds == 3
