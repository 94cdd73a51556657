"""All checks together: quiet about what ships, sorted, each thing once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hedgerow.stores.categories import load_categories
from hedgerow.stores.lint import CHECKS, lint
from hedgerow.stores.policies import load_policy
from tests.core.house import lists
from tests.stores.small_world import NOW, loaded

ROOT = Path(__file__).parents[2]


def test_the_small_world_has_nothing_to_tell(tmp_path: Path) -> None:
    assert lint(loaded(tmp_path), NOW, lists()) == ()


def test_what_ships_has_nothing_to_tell(tmp_path: Path) -> None:
    categories = load_categories(ROOT / "blocklists" / "categories.yaml")
    now = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    found = load_policy(ROOT / "policies", tmp_path, categories)
    assert [str(finding) for finding in lint(found, now)] == []


def test_refusals_first_then_by_line(tmp_path: Path) -> None:
    text = "sites:\n  b.test: {action: block, until: 2020-01-01}\n  c.test: {action: block, until: 2020-01-02}\n"
    found = lint(loaded(tmp_path, garden=text), NOW, lists(malware="help.test"))
    assert [(f.refused, str(f.where)) for f in found] == [
        (True, "helplines/en.yaml:9"),  # help.test itself
        (True, "helplines/en.yaml:9"),  # and www.help.test below it
        (False, "local/bands/garden.yaml:2"),
        (False, "local/bands/garden.yaml:3"),
    ]


def test_each_check_is_named_once() -> None:
    assert len(set(CHECKS)) == len(CHECKS) == 13
