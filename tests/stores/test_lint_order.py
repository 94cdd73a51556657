"""A younger band left more open than an older one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.core.model import Index
from hedgerow.stores.lint_order import younger_opens
from hedgerow.stores.linting import Linting
from tests.core.house import lists
from tests.stores.small_world import NOW, loaded


def told(folder: Path, files: dict[str, str], index: Index | None = None) -> list[str]:
    return [str(finding) for finding in younger_opens(Linting(loaded(folder, None, **files), NOW, index))]


@pytest.mark.parametrize(
    "edits, expected",
    [
        ({}, []),
        (
            {"garden": "categories: {gambling: allow}\n"},
            [
                "local/bands/garden.yaml:1: garden opens the category 'gambling', "
                "but the older meadow has block (bands/garden.yaml:9)"
            ],
        ),
        (
            {"garden": "unknown: {address: allow}\n"},
            [
                "local/bands/garden.yaml:1: garden opens unknown:address, "
                "but the older meadow has block (bands/garden.yaml:23)"
            ],
        ),
        ({"garden": "categories: {gambling: warn}\n"}, []),  # a warning opens nothing by itself
        (
            {"garden": "categories: {social: {action: block, times: {lunch: allow}}}\n"},
            [
                "local/bands/garden.yaml:1: garden opens the category 'social', "
                "but the older meadow has warn (bands/meadow.yaml:8)"
            ],
        ),
        ({"garden": "categories: {games: {action: limit, times: {lunch: allow}}}\n"}, []),  # as the older one does
        (
            {"meadow": "sites: {kids.test: block}\n"},
            [
                "bands/garden.yaml:17: garden opens kids.test, "
                "but the older meadow has block (local/bands/meadow.yaml:1)"
            ],
        ),
        (
            {"garden": "words: {adult: no-rule}\n"},
            ["bands/garden.yaml:20: garden does not stop the words 'adult', but the older meadow blocks them"],
        ),
        (
            {"garden": "words: {adult: {action: block, typed: monitor}}\n"},
            [
                "local/bands/garden.yaml:1: garden does not stop the typed words 'adult', "
                "but the older meadow blocks them"
            ],
        ),
        (
            {"garden": "words: {adult: monitor}\n"},
            ["local/bands/garden.yaml:1: garden does not stop the words 'adult', but the older meadow blocks them"],
        ),
    ],
)
def test_younger_opens(tmp_path: Path, edits: dict[str, str], expected: list[str]) -> None:
    found = [line for line in told(tmp_path, edits) if "staff" not in line]
    assert found == expected


def test_lists_say_what_an_older_band_blocks(tmp_path: Path) -> None:
    edits = {"garden": "sites: {bet.test: allow}\n"}
    assert told(tmp_path, edits) == []
    assert told(tmp_path, edits, lists(gambling="bet.test")) == [
        "local/bands/garden.yaml:1: garden opens bet.test, but the older meadow has block (bands/garden.yaml:9)"
    ]
