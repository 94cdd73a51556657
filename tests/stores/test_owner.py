"""Root works on another user's gateway with that user's rights, and opens no program of theirs."""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow.stores.kept_words import ENDING, opened
from hedgerow.stores.owner import anothers, as_owner

NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user: needs root")


@pytest.fixture
def theirs() -> Iterator[Path]:
    """A folder of another account's, where that account can reach it (tmp_path is ours alone)."""
    with tempfile.TemporaryDirectory(prefix="hedgerow-owner-") as name:
        os.chown(name, NOBODY, NOBODY)
        yield Path(name)


@as_root
def test_what_is_made_belongs_to_the_owner_and_roots_rights_come_back(theirs: Path) -> None:
    before = (os.geteuid(), os.getegid(), os.getgroups())
    with as_owner(theirs):
        (theirs / "index").mkdir()
        with as_owner(theirs):  # once more within changes nothing
            (theirs / "index" / "a").write_text("")
        assert (os.geteuid(), os.getuid()) == (NOBODY, 0)
    assert {(theirs / name).stat().st_uid for name in ("index", "index/a")} == {NOBODY}
    assert (os.geteuid(), os.getegid(), os.getgroups()) == before


@as_root
def test_rights_come_back_after_a_fault(theirs: Path) -> None:
    with pytest.raises(OSError, match="full"), as_owner(theirs):
        raise OSError("full")
    assert os.geteuid() == 0


@as_root
def test_a_link_of_theirs_leads_to_nothing_of_roots(theirs: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("")
    (theirs / "link").symlink_to(secret)
    with pytest.raises(PermissionError), as_owner(theirs):
        (theirs / "link").write_text("theirs")


class Opened:
    """Reading its pickle makes a folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (self.folder,)


@as_root
def test_a_pickle_of_theirs_is_not_opened(theirs: Path) -> None:
    (theirs / f"k{ENDING}").write_bytes(pickle.dumps(Opened(str(theirs / "ran"))))
    os.chown(theirs / f"k{ENDING}", NOBODY, NOBODY)
    with as_owner(theirs):
        assert opened(theirs, "k") is None
    assert not (theirs / "ran").exists()


def test_nothing_changes_in_a_folder_of_ones_own(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "not there yet"):
        with as_owner(folder):
            assert os.geteuid() == os.getuid()


@as_root
def test_whose_it_is(theirs: Path, tmp_path: Path) -> None:
    found = anothers(theirs)
    assert found is not None and found.st_uid == NOBODY
    assert anothers(tmp_path) is None and anothers(tmp_path / "not there") is None
