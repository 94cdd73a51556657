from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.stores.importing.faults import ImportFault
from hedgerow.stores.importing.folder import put

FILES = {"policies/local/bands/a.yaml": "band: a\n", "REPORT.md": "# x\n"}


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_again_is_the_same(tmp_path: Path) -> None:
    put(tmp_path / "out", FILES)
    before = tree(tmp_path / "out")
    put(tmp_path / "out", FILES)
    assert tree(tmp_path / "out") == before and [path.name for path in tmp_path.iterdir()] == ["out"]
    put(tmp_path / "out", {"REPORT.md": "other\n"})
    assert set(tree(tmp_path / "out")) == {"REPORT.md", ".import.json"}


@pytest.mark.parametrize("edit", ["changed", "added", "linked", "no manifest", "broken manifest", "a file", "a link"])
def test_somebodys_edits_are_left_alone(tmp_path: Path, edit: str) -> None:
    out = tmp_path / "out"
    if edit == "a file":
        out.write_text("mine")
    elif edit == "a link":
        (tmp_path / "other").mkdir()
        out.symlink_to(tmp_path / "other")
    else:
        put(out, FILES)
    match edit:
        case "changed":
            (out / "REPORT.md").write_text("mine")
        case "added":
            (out / "mine.yaml").write_text("mine")
        case "linked":
            (out / "REPORT.md").rename(tmp_path / "moved")
            (out / "REPORT.md").symlink_to(tmp_path / "moved")
        case "no manifest":
            (out / ".import.json").unlink()
        case "broken manifest":
            (out / ".import.json").write_text("[")
    with pytest.raises(ImportFault, match="--out"):
        put(out, FILES)


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    put(tmp_path / "out", FILES)
    assert (tmp_path / "out" / "REPORT.md").exists()
