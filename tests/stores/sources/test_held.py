"""What is held: the old or the new, never half; one version back; a damaged state is told, not taken for empty."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hedgerow.stores.sources import Downloads
from hedgerow.stores.sources.held import NEWS, Busy, version_of
from hedgerow.stores.sources.meta import FileFacts, Meta, Refusal, Version
from tests.stores.sources.listed import ADDRESS, names, source


def taken(downloads: Downloads, content: bytes, at: float = 100.0) -> Version:
    """As the updater does: stage, name the version, take."""
    staged = downloads.work(source()) / "bets.txt"
    staged.write_bytes(content)
    files = {"bets.txt": FileFacts(ADDRESS, hashlib.sha256(content).hexdigest(), len(content))}
    version = Version(version_of(files), at, files, {"": content.count(b"\n")})
    downloads.take(source(), {"bets.txt": staged}, version, Meta(fetched=at))
    staged.unlink()
    return version


def test_nothing_is_held_before_the_first_time(tmp_path: Path) -> None:
    assert Downloads(tmp_path).held(source()) is None


def test_a_file_is_held_with_its_version_and_times(tmp_path: Path) -> None:
    downloads = Downloads(tmp_path)
    version = taken(downloads, names(20))
    held = downloads.held(source())
    assert held and held.path.read_bytes() == names(20) and held.version == version.version and len(held.version) == 12
    assert (held.fetched.timestamp(), held.changed.timestamp(), held.names) == (100.0, 100.0, 20)
    assert held.fetched.tzinfo and (tmp_path / NEWS).exists()
    assert not [path for path in tmp_path.rglob("*") if path.stat().st_mode & 0o77]


def test_several_files_are_held_as_a_folder(tmp_path: Path) -> None:
    several = source(urls=(ADDRESS, ADDRESS), names=("a.txt", "b.txt"))
    downloads = Downloads(tmp_path)
    folder = downloads.work(several)
    files = {}
    for name in several.names:
        (folder / name).write_bytes(name.encode())
        files[name] = FileFacts(ADDRESS, name, 5)
    version = Version(version_of(files), 1.0, files, {})
    downloads.take(several, {name: folder / name for name in files}, version, Meta(fetched=1.0))
    held = downloads.held(several)
    assert held and sorted(path.name for path in held.path.iterdir()) == ["a.txt", "b.txt"]


def test_one_version_back_is_kept_and_no_more(tmp_path: Path) -> None:
    downloads = Downloads(tmp_path)
    first, second, third = (taken(downloads, names(count)) for count in (20, 30, 40))
    folders = {path.name for path in downloads.of(source()).iterdir()} - {".work", "meta.json"}
    assert folders == {second.version, third.version} and first.version not in folders


def test_undo_brings_the_one_before_and_remembers_what_was_taken_back(tmp_path: Path) -> None:
    downloads = Downloads(tmp_path)
    first, second = taken(downloads, names(20)), taken(downloads, names(30))
    assert downloads.undo(source()).version == first.version
    held = downloads.held(source())
    assert held and held.path.read_bytes() == names(20)
    assert downloads.meta(source()).undone == second.version
    with pytest.raises(LookupError, match="no version before"):
        downloads.undo(source())


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"fetched": 1}', b'{"fetched": "x"}'])
def test_a_damaged_state_is_told(tmp_path: Path, content: bytes) -> None:
    downloads = Downloads(tmp_path)
    taken(downloads, names(20))
    (downloads.of(source()) / "meta.json").write_bytes(content)
    with pytest.raises(OSError, match="damaged"):
        downloads.held(source())


def test_files_that_are_gone_are_told(tmp_path: Path) -> None:
    downloads = Downloads(tmp_path)
    taken(downloads, names(20))
    held = downloads.held(source())
    assert held
    held.path.unlink()
    with pytest.raises(OSError, match="is gone"):
        downloads.held(source())


def test_what_is_noted_survives(tmp_path: Path) -> None:
    meta = Meta(fetched=5.0, refused=Refusal("too small", 7.0, "abc", True), undone="def", made=3.0)
    Downloads(tmp_path).note(source(), meta)
    assert Downloads(tmp_path).meta(source()) == meta


def test_one_writes_at_a_time(tmp_path: Path) -> None:
    with Downloads(tmp_path).writing(), pytest.raises(Busy), Downloads(tmp_path).writing():
        pass


def test_killed_at_every_touch_of_the_disk(tmp_path: Path) -> None:
    """At the n-th file that is opened, linked or renamed the process dies: what is in force is whole, old or new."""
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": f"{root}/addons:{root}"}
    command = [sys.executable, "-m", "tests.stores.sources.dying", str(tmp_path)]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found) > 15 and found[-1][0] == 0 and all(code == -9 for code, _ in found[:-1])
    before = 20
    for touch, (_, lines) in enumerate(found, 1):
        assert lines in (before, 30 + touch)
        before = lines
    assert {20, 30 + len(found)} < {lines for _, lines in found}  # some died before the moment, some after it
