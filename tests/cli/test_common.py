"""Where things lie, and what a command does where it may not write."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.cli.common import Failure, Place, found, home, index_folder


def test_shipped_files_lie_in_the_checkout_or_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert (home() / "policies" / "bands").is_dir()
    monkeypatch.setenv("HEDGEROW_HOME", str(tmp_path))
    assert home() == tmp_path


def test_a_folder_here_comes_before_the_checkouts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert found("policies") == home() / "policies"
    (tmp_path / "policies").mkdir()
    assert found("policies") == Path("policies")


def test_the_state_folder_is_private_from_its_first_file_on(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert index_folder(state) == state / "index"
    assert state.stat().st_mode & 0o777 == 0o700


def test_without_a_state_folder_of_ours_lists_are_built_elsewhere(tmp_path: Path) -> None:
    assert "hedgerow-index-" in index_folder(tmp_path / "no" / "such" / "state").name


@pytest.mark.parametrize("missing", ["policies", "blocklists"])
def test_a_missing_folder_is_told(tmp_path: Path, missing: str) -> None:
    folders = {name: tmp_path / name for name in ("policies", "blocklists")}
    for name, folder in folders.items():
        if name != missing:
            folder.mkdir()
    with pytest.raises(Failure, match=f"{missing}: no such folder"):
        _ = Place(folders["policies"], folders["blocklists"], tmp_path / "state").sources
