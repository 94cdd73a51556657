"""Sources that lie on this machine."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hedgerow.stores.sources import Downloads
from hedgerow.stores.sources.faults import NotTaken
from hedgerow.stores.sources.here import held_here, kept_here, take_here
from hedgerow.stores.sources.model import Source
from tests.stores.sourcehouse import fetched


def test_a_file_a_folder_and_nothing(tmp_path: Path) -> None:
    source = replace(fetched(tmp_path / "x", "ours", "").source, urls=(), path="ours.txt")
    assert held_here(source, tmp_path) is None
    (tmp_path / "ours.txt").write_text("a.example\nb.example\n")
    os.utime(tmp_path / "ours.txt", (86_400, 86_400))
    held = held_here(source, tmp_path)
    assert held is not None and held.names == 2 and held.fetched == datetime(1970, 1, 2, tzinfo=UTC)
    (tmp_path / "many").mkdir()
    (tmp_path / "many" / "a.txt").write_text("a.example")
    folder = replace(source, path="many")
    first = held_here(folder, tmp_path)
    (tmp_path / "many" / "a.txt").rename(tmp_path / "many" / "b.txt")  # its name is its category
    second = held_here(folder, tmp_path)
    assert first is not None and second is not None and first.version != second.version


@pytest.fixture
def downloads(tmp_path: Path) -> Downloads:
    (tmp_path / "state").mkdir()
    return Downloads(tmp_path / "state" / "lists")


@pytest.fixture
def ours(tmp_path: Path) -> Source:
    one = fetched(tmp_path / "x", "ours", "").source
    return replace(one, urls=(), path="ours.txt", least_names=3)


_GOOD = "".join(f"n{number}.example\n" for number in range(10))


@pytest.mark.parametrize(
    ("content", "why", "by_size"),
    [
        (None, "nothing lies at ours.txt", False),
        ("", "is empty", False),
        ("<!doctype html><title>404</title>", "is a web page", False),
        ("a.example\n", "holds 1 names, at least 3 expected", False),
        ("a.example\nb.example\nc.example\n", "shrank from 10 names to 3", True),
        ("".join(f"m{number}.example\n" for number in range(101)), "grew from 10 names to 101", True),
    ],
)
def test_what_looks_broken_is_refused_and_the_old_is_kept(
    tmp_path: Path, ours: Source, downloads: Downloads, content: str | None, why: str, by_size: bool
) -> None:
    path = tmp_path / "ours.txt"
    path.write_text(_GOOD)
    good = take_here(ours, tmp_path, downloads)
    assert good.names == 10 and good.path == path
    path.unlink() if content is None else path.write_text(content)
    for _ in range(2):
        with pytest.raises(NotTaken, match=why) as refused:
            take_here(ours, tmp_path, downloads)
        assert refused.value.by_size == by_size
    meta = downloads.meta(ours)
    assert meta.refused is not None and why in meta.refused.reason
    kept = kept_here(ours, downloads)
    assert kept is not None and kept.version == good.version and kept.path.read_text() == _GOOD
    if by_size:
        taken = take_here(ours, tmp_path, downloads, accepted=True)
        again = kept_here(ours, downloads)
        assert again is not None and again.version == taken.version and again.path.read_text() == content
        assert downloads.meta(ours).refused is None


def test_what_was_refused_and_is_right_again_is_no_longer_noted(
    tmp_path: Path, ours: Source, downloads: Downloads
) -> None:
    assert kept_here(ours, downloads) is None
    with pytest.raises(NotTaken):
        take_here(ours, tmp_path, downloads)
    assert kept_here(ours, downloads) is None
    (tmp_path / "ours.txt").write_text(_GOOD)
    take_here(ours, tmp_path, downloads)
    (tmp_path / "ours.txt").write_text("")
    with pytest.raises(NotTaken):
        take_here(ours, tmp_path, downloads)
    (tmp_path / "ours.txt").write_text(_GOOD)
    take_here(ours, tmp_path, downloads)
    assert downloads.meta(ours).refused is None


def test_a_folder_is_kept_whole(tmp_path: Path, ours: Source, downloads: Downloads) -> None:
    source = replace(ours, path="many", format="squidguard")
    for name in ("adult/domains", "games/domains", "games/urls", "README.html"):
        (tmp_path / "many" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "many" / name).write_text(_GOOD if name.endswith("domains") else "")
    (tmp_path / "many" / "README.html").write_text("<html>")
    assert take_here(source, tmp_path, downloads).names == 20
    (tmp_path / "many" / "games" / "domains").write_text("<html>an error")
    with pytest.raises(NotTaken, match="games/domains is a web page"):
        take_here(source, tmp_path, downloads)
    kept = kept_here(source, downloads)
    assert kept is not None and (kept.path / "games" / "domains").read_text() == _GOOD
