"""A file nothing reads is told: an edit in it would silently do nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.stores.errors import Mistakes
from hedgerow.stores.policy_strays import check_strays
from tests.stores.small_world import told


@pytest.mark.parametrize(
    "name, hint",
    [
        ("site.yaml", None),
        ("bands/ages-8-10.yaml", None),
        ("helplines/vi.yaml", None),
        ("messages/vi.yaml", None),
        ("messages/ideas/vi.yaml", None),
        ("messages/fact-checks.yaml", None),
        ("messages/english.yaml", "known: site.yaml"),
        ("messages/ideas/fact-checks.yaml", "known: site.yaml"),
        ("README.md", None),
        ("bands/.ages-8-10.yaml.swp", None),
        (".git/x.yaml", None),
        ("bands/ages-8-10.yml", "did you mean 'bands/ages-8-10.yaml'?"),
        ("sites.yaml", "did you mean 'site.yaml'?"),
        ("bands/old/ages-8-10.yaml", "known: site.yaml"),
        ("band/ages-8-10.yaml", "did you mean 'bands'?"),
    ],
)
def test_strays(tmp_path: Path, name: str, hint: str | None) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    mistakes = Mistakes()
    check_strays(tmp_path, mistakes)
    if hint is None:
        assert told(mistakes) == []
    else:
        assert [m.file for m in mistakes.found] == [f"local/{name}"]
        assert told(mistakes)[0].startswith("nothing reads this file; ") and hint in told(mistakes)[0]


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    (tmp_path / "bands").write_text("a file with the name of a folder")
    mistakes = Mistakes()
    check_strays(tmp_path, mistakes)
    assert [str(m) for m in mistakes.found] == ["local/bands: cannot be read: Not a directory"]


def test_no_folder_has_no_strays(tmp_path: Path) -> None:
    mistakes = Mistakes()
    check_strays(tmp_path / "absent", mistakes)
    assert mistakes.found == []


def test_the_schools_lists_are_no_strays_where_they_are_read_from(tmp_path: Path) -> None:
    """Installed, /etc/hedgerow/blocklists is where blocklists/local leads; anywhere else nothing reads it."""
    (tmp_path / "blocklists").mkdir()
    (tmp_path / "blocklists" / "corrections.yaml").touch()
    (tmp_path / "local").symlink_to(tmp_path / "blocklists")
    for lists, told_of in ((tmp_path / "local", 0), (tmp_path / "elsewhere", 1), (None, 1)):
        mistakes = Mistakes()
        check_strays(tmp_path, mistakes, lists)
        assert len([m for m in mistakes.found if "corrections" in m.file and "blocklists" in m.file]) == told_of
