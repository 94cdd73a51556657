"""What another version of the lists changes."""

from __future__ import annotations

from pathlib import Path

from hedgerow.core.model import Action, Index
from hedgerow.stores.list_diff import Moved, difference
from tests.stores.listhouse import built


def _judge(index: Index, host: str, path: str) -> Action:
    found = {category for match in index.match(host, path) for category in match.categories}
    return Action.BLOCK if "adult" in found else Action.LIMIT if "games" in found else Action.ALLOW


def test_names_that_came_and_went_and_sites_that_moved(tmp_path: Path) -> None:
    old = built(tmp_path / "old", games="a.example\nb.example\n192.0.2.0/24", adult="c.example/x")
    new = built(tmp_path / "new", games="b.example\nd.example", adult="a.example\nc.example/x\nc.example/y")
    known = [(f"{letter}.example", "/") for letter in "zdcba"]
    seen = []
    found = difference(old, new, known, _judge, lambda: seen.append(1))
    assert found.came == {"games": 1, "adult": 2} and found.went == {"games": 2}
    assert found.moved == (
        Moved("d.example", 2, Action.ALLOW, Action.LIMIT, ("games",)),
        Moved("a.example", 5, Action.LIMIT, Action.BLOCK, ("adult",)),
    )
    assert len(seen) == old.names + new.names


def test_the_same_lists_differ_in_nothing(tmp_path: Path) -> None:
    index = built(tmp_path, games="a.example\n192.0.2.0/24\n192.0.2.7\n2001:db8::/32", adult="a.example/x")
    found = difference(index, index, [("a.example", "/x")], _judge)
    assert not found.came and not found.went and not found.moved
