from __future__ import annotations

import os
from pathlib import Path

import pytest

from hedgerow.stores.importing.reading import LONGEST_LINE, Refused, Root, is_text, known_prefix, raw_lines, text_lines
from tests.stores.importing.place import put


@pytest.fixture
def root(tmp_path: Path) -> Root:
    put(tmp_path, {"in/lists/a": "x\n", "in/conf": "", "out/secret": "s\n"})
    return Root(tmp_path / "in")


@pytest.mark.parametrize("written", ["lists/a", "/etc/e2guardian/lists/a", "../in/lists/a", "@E2CONFDIR@/lists/a"])
def test_a_file_of_the_folder(root: Root, written: str) -> None:
    assert root.name(root.find(written, root.folder / "conf")) == "lists/a"


@pytest.mark.parametrize("written, why", [
    ("../out/secret", "leads out"), ("/etc/passwd", "leads out"), ("lists", "no ordinary file"), ("", "no file"),
    ("nowhere", "no such file"), ("a\0b", "no file"), ("x" * 5000, "cannot be opened"), ("link", "leads out"),
    ("round", "cannot be opened|no such"), ("pipe", "no ordinary file"),
])  # fmt: skip
def test_what_is_not_opened(root: Root, written: str, why: str) -> None:
    (root.folder / "link").symlink_to(root.folder.parent / "out" / "secret")
    (root.folder / "round").symlink_to(root.folder / "round")
    os.mkfifo(root.folder / "pipe")
    with pytest.raises(Refused, match=why):
        root.find(written, root.folder / "conf")


def test_a_link_inside_the_folder_is_followed(root: Root) -> None:
    (root.folder / "link").symlink_to(root.folder / "lists" / "a")
    assert root.name(root.find("link", root.folder / "conf")) == "lists/a"
    assert list(root.unused()) == ["conf"]


def test_lines(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"\xef\xbb\xbfone\r\n\xff\n" + b"x" * (2 * LONGEST_LINE) + b"\nlast")
    assert [number for number, _ in raw_lines(path)] == [1, 2, 3, 4]
    lines = dict(text_lines(path))
    assert lines[1] == "one" and lines[4] == "last" and len(lines[3]) == LONGEST_LINE
    assert is_text(lines[1]) and not is_text(lines[2])


def test_where_the_folder_lay(root: Root) -> None:
    assert known_prefix(root.folder, iter(["/opt/x/lists/a", "/opt/x/conf", "/y/z"])) == "/opt/x"
    assert known_prefix(root.folder, iter([])) == ""
