"""The state folder is the service's own, and a key is made once."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hedgerow.stores.state import State, StateError, key, prepare, write_whole


def test_a_new_folder_lets_nobody_else_in(tmp_path: Path) -> None:
    state = prepare(tmp_path / "deep" / "state")
    for folder in (state.root, state.ca, state.keys, state.index, state.events, state.seen):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert prepare(state.root) == State(state.root)  # again: nothing changes, nothing is refused


@pytest.mark.parametrize("name", ["", "ca", "keys", "index", "events", "seen"])
@pytest.mark.parametrize("mode", [0o755, 0o750, 0o707])
def test_a_folder_others_may_enter_is_refused_with_the_cure(tmp_path: Path, name: str, mode: int) -> None:
    state = prepare(tmp_path / "state")
    folder = state.root / name
    folder.chmod(mode)
    with pytest.raises(StateError, match=rf"chmod 700 {folder}$"):
        prepare(state.root)


def test_a_link_in_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "state"
    root.mkdir(mode=0o700)
    (root / "ca").symlink_to(tmp_path)
    with pytest.raises(StateError, match="not a folder"):
        prepare(root)


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(StateError, match="File exists"):
        prepare(tmp_path / "state")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_somebody_elses_folder_is_refused(tmp_path: Path) -> None:
    state = prepare(tmp_path / "state")
    os.chown(state.root, 12345, 0)
    with pytest.raises(StateError, match="belongs to user 12345"):
        prepare(state.root)


def test_a_key_is_made_once_and_private(tmp_path: Path) -> None:
    first = key(tmp_path / "a.key")
    assert len(first) == 32
    assert (tmp_path / "a.key").stat().st_mode & 0o777 == 0o600
    assert key(tmp_path / "a.key") == first
    assert key(tmp_path / "b.key") != first


def test_workers_that_start_at_once_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: key(tmp_path / "a.key"), range(64)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.key"]


def test_a_readable_or_short_key_is_refused(tmp_path: Path) -> None:
    key(tmp_path / "a.key")
    (tmp_path / "a.key").chmod(0o644)
    with pytest.raises(StateError, match="chmod 600"):
        key(tmp_path / "a.key")
    (tmp_path / "b.key").touch(0o600)
    with pytest.raises(StateError, match="0 bytes, 32 needed"):
        key(tmp_path / "b.key")
    with pytest.raises(StateError, match="No such file"):
        key(tmp_path / "missing" / "c.key")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "file"
    write_whole(target, b"old")
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o600
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OSError):
        write_whole(folder, b"content")  # a folder cannot be replaced by a file
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


def test_a_mode_is_that_mode_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)  # the service's
    try:
        write_whole(tmp_path / "given-out", b"x", 0o644)
    finally:
        os.umask(before)
    assert (tmp_path / "given-out").stat().st_mode & 0o777 == 0o644
