"""An upgrade, told in words: what changes, and what the school's own lines keep as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.stores.policy_changes import changes, recall, remember, seen
from tests.stores.small_world import loaded


def test_nothing_changed(tmp_path: Path) -> None:
    found = loaded(tmp_path)
    assert changes(seen(found), found) == ()


def test_a_schools_edit_is_no_upgrade(tmp_path: Path) -> None:
    before = seen(loaded(tmp_path / "a"))
    after = loaded(tmp_path / "b", garden="categories: {games: warn}\n", floor="sites: {x.test: block}\n")
    assert changes(before, after) == ()


def test_what_changed_and_where(tmp_path: Path) -> None:
    old = seen(loaded(tmp_path))
    old["meadow"]["category:games"] = "block"
    del old["garden"]["site:kids.test"]
    old["garden"]["site:gone.test"] = "allow"
    old["floor"]["floor:site:gone.test"] = "block"
    old["helplines"]["GB Helpline"] = "0800 0000 help.test www.help.test"
    old["orchard"] = {}
    assert changes(old, loaded(tmp_path)) == (
        "garden: site:gone.test: allow -> no rule",
        "garden: site:kids.test: no rule -> allow (bands/garden.yaml:17)",
        "meadow: category:games: block -> limit (lunch: allow) (bands/meadow.yaml:7)",
        "floor: floor:site:gone.test: block -> no rule",
        "helplines: GB Helpline: 0800 0000 help.test www.help.test -> 0800 1111 help.test www.help.test",
        "orchard: no longer shipped",
    )


def test_what_a_school_says_otherwise_does_not_change(tmp_path: Path) -> None:
    found = loaded(tmp_path, garden="categories: {games: warn}\n")
    old = seen(found)
    old["garden"]["category:games"] = "allow"
    assert changes(old, found) == (
        "garden: category:games: allow -> block (nothing changes here: local/bands/garden.yaml:1 says warn)",
    )


def test_a_new_band(tmp_path: Path) -> None:
    found = loaded(tmp_path)
    old = seen(found)
    del old["staff"]
    assert changes(old, found) == ("staff: new",)


def test_remembered_and_recalled(tmp_path: Path) -> None:
    found = loaded(tmp_path)
    path = tmp_path / "shipped.json"
    assert recall(path) is None
    remember(path, found)
    assert recall(path) == seen(found)


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', "{", "\x00"])
def test_what_cannot_be_recalled_is_not_compared(tmp_path: Path, text: str) -> None:
    path = tmp_path / "shipped.json"
    path.write_text(text)
    assert recall(path) is None
