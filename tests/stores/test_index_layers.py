"""Two indexes asked as one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from hedgerow.stores.index_files import IndexFault
from hedgerow.stores.index_layers import LayeredIndex
from hedgerow.stores.list_base import build_base
from hedgerow.stores.list_pointer import pointer_file
from hedgerow.stores.lists import build, open_index
from tests.stores.listhouse import CATEGORIES, write_lists
from tests.stores.sourcehouse import fetched


@pytest.fixture
def index(tmp_path: Path) -> LayeredIndex:
    text = "a.example\nb.a.example\na.example/x\n192.0.2.0/24\n192.0.2.7\nonly.example"
    build_base([fetched(tmp_path, "list", text, "adult")], CATEGORIES, tmp_path / "index")
    files = {"local/games.txt": "a.example\nc.b.a.example\na.example/x/y\n192.0.2.0/25"}
    found = open_index(build(write_lists(tmp_path, files), CATEGORIES, tmp_path / "index"))
    assert isinstance(found, LayeredIndex)
    return found


@pytest.mark.parametrize(
    ("host", "path", "expected"),
    [
        ("c.b.a.example", "/", "c.b.a.example:games b.a.example:adult a.example:games a.example:adult"),
        ("a.example", "/x/y/z", "a.example/x/y:games a.example/x:adult a.example:games a.example:adult"),
        ("192.0.2.7", "/", "192.0.2.7:adult 192.0.2.0/25:games 192.0.2.0/24:adult"),
        ("only.example", "/", "only.example:adult"),
        ("other.example", "/", ""),
    ],
)
def test_the_most_specific_first_and_of_one_name_the_own_word(
    index: LayeredIndex, host: str, path: str, expected: str
) -> None:
    assert " ".join(f"{m.name}:{min(m.categories)}" for m in index.match(host, path)) == expected


def test_both_explain_and_both_are_counted(index: LayeredIndex) -> None:
    assert [(e.source, e.category) for e in index.entries("a.example")] == [("local", "games"), ("list", "adult")]
    match = index.match("a.example")[1]
    assert [e.source for e in index.explain(match, "adult")] == ["list"]
    assert index.names == 10 and len(list(index.listed())) == 9  # a.example stands in both
    assert index.version == f"{index.own.version}+{index.base.version.removeprefix('base-')}"


def test_all_names_tell_how_far_they_reach(tmp_path: Path) -> None:
    files = {"seed/adult.txt": "a.example\n=b.example\ngithub.io\n*.web.app\nc.example/x\n2001:db8::/32"}
    index = open_index(build(write_lists(tmp_path, files), CATEGORIES, tmp_path / "index"))
    assert {name: (exact, below) for name, exact, below in index.listed()} == {
        "a.example": (False, True),
        "b.example": (True, False),
        "github.io": (True, False),
        "web.app": (False, True),
        "c.example/x": (False, True),
        "2001:db8::/32": (False, True),
    }


def test_an_index_that_lies_above_one_that_is_gone_is_no_index(index: LayeredIndex) -> None:
    (index.base.folder / "judge.index").unlink()
    with pytest.raises(IndexFault, match="base-"):
        open_index(index.folder)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"base": "base-x"}', '{"base": "base-x", "built": "soon", "sources": {}}']
)
def test_a_pointer_that_cannot_be_followed_is_a_fault_and_never_nothing(tmp_path: Path, text: str) -> None:
    base = build_base([fetched(tmp_path, "list", "a.example", "adult")], CATEGORIES, tmp_path / "index")
    folders = write_lists(tmp_path, {"seed/games.txt": "b.example"})
    pointer = pointer_file(tmp_path / "index")
    whole = pointer.read_text()
    pointer.write_text(text)
    with pytest.raises(IndexFault, match="lists build"):
        build(folders, CATEGORIES, tmp_path / "index")
    pointer.write_text(whole)
    assert open_index(build(folders, CATEGORIES, tmp_path / "index")).names == 2
    shutil.rmtree(base)
    with pytest.raises(IndexFault, match="is gone"):
        build(folders, CATEGORIES, tmp_path / "index")
    build_base([fetched(tmp_path, "list", "a.example", "adult")], CATEGORIES, tmp_path / "index")
    assert open_index(build(folders, CATEGORIES, tmp_path / "index")).names == 2


def test_without_a_pointer_there_are_the_lists_written_by_hand(tmp_path: Path) -> None:
    folder = build(write_lists(tmp_path, {"seed/adult.txt": "a.example"}), CATEGORIES, tmp_path / "index")
    assert open_index(folder).names == 1


@pytest.mark.parametrize("file", ["judge.index", "explain.index"])
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_index_is_made_anew(tmp_path: Path, file: str, damage: str) -> None:
    source = fetched(tmp_path, "list", "a.example\nb.example", "adult")
    folders = write_lists(tmp_path, {"seed/games.txt": "b.example"})
    for path in (
        build_base([source], CATEGORIES, tmp_path / "index") / file,
        build(folders, CATEGORIES, tmp_path / "index") / file,
    ):
        path.unlink() if damage == "gone" else path.write_bytes(path.read_bytes()[:-20])
    build_base([source], CATEGORIES, tmp_path / "index")
    index = open_index(build(folders, CATEGORIES, tmp_path / "index"))
    assert [entry.source for entry in index.entries("b.example")] == ["seed", "list"]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to build for another user")
def test_what_root_builds_belongs_to_the_service(tmp_path: Path) -> None:
    out = tmp_path / "index"
    out.mkdir()
    os.chown(out, 65534, 65534)
    base = build_base([fetched(tmp_path, "list", "a.example", "adult")], CATEGORIES, out)
    own = build(write_lists(tmp_path, {"seed/games.txt": "b.example"}), CATEGORIES, out)
    for path in (base, *base.iterdir(), own, *own.iterdir(), pointer_file(out)):
        assert path.stat().st_uid == 65534, path
