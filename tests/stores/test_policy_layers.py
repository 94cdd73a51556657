"""Band files of two folders laid together; what comes out of it is held by test_policies."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.stores.errors import Mistakes, PolicyError
from hedgerow.stores.policy_bands import Known
from hedgerow.stores.policy_floor import FloorBuilder
from hedgerow.stores.policy_layers import Layers, read_layers
from tests.stores.small_world import BASE, CATEGORIES, school, told

KNOWN = Known(frozenset(CATEGORIES), frozenset({"adult", "gambling"}))


def read(folder: Path, **files: str) -> tuple[Layers, list[str]]:
    mistakes = Mistakes()
    return read_layers(BASE, school(folder, **files), KNOWN, FloorBuilder(), mistakes), told(mistakes)


def test_standing_alone(tmp_path: Path) -> None:
    layers, mistakes = read(tmp_path)
    assert mistakes == []
    assert layers.standalone == {"staff"}
    assert layers.order == ("garden", "meadow", "staff")


def test_examples_of_both_files_in_the_order_of_bands(tmp_path: Path) -> None:
    line = "examples: [{url: a.test, expect: block}]\n"
    layers, _ = read(tmp_path, staff=line, garden=line)
    assert [(e.band, e.where.file) for e in layers.examples] == [
        ("garden", "local/bands/garden.yaml"),
        ("staff", "local/bands/staff.yaml"),
    ]


def test_removals_in_vain(tmp_path: Path) -> None:
    layers, _ = read(tmp_path, meadow="sites: {kids.test: no-rule, video.test: no-rule}\n")
    assert list(layers.removals_in_vain()) == [
        "local/bands/meadow.yaml:1: sites: video.test: there is no rule to take away here"
    ]


def test_an_edit_of_no_band(tmp_path: Path) -> None:
    _, mistakes = read(tmp_path, medow="")
    assert mistakes == [
        "nothing reads this file; unknown band 'medow'; did you mean 'meadow'? known: garden, meadow, staff"
    ]


def test_nothing_to_build_on(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="no band that extends nothing is shipped"):
        read_layers(tmp_path, tmp_path, KNOWN, FloorBuilder(), Mistakes())
