"""What checks see and say."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.core.model import Action, Rule, Where
from hedgerow.stores.linting import Finding, Linting, opens, sites_of
from tests.stores.small_world import NOW, loaded

A = Action


@pytest.mark.parametrize(
    "action, times, through",
    [
        (A.BLOCK, (), False),
        (A.WARN, (), False),
        (A.MONITOR, (), True),
        (A.LIMIT, (("lunch", A.ALLOW),), True),
        (A.BLOCK, (("lunch", A.WARN),), False),
    ],
)
def test_opens(action: Action, times: tuple[tuple[str, Action], ...], through: bool) -> None:
    assert opens(Rule("x", action, Where("f"), times)) is through


def test_bands_from_the_strictest(tmp_path: Path) -> None:
    linting = Linting(loaded(tmp_path), NOW)
    assert [band.name for band in linting.bands] == ["garden", "meadow", "staff"]
    assert [site.host for site in sites_of(linting.bands[0])] == ["kids.test", "video.test"]


def test_a_finding_names_its_place() -> None:
    assert str(Finding(Where("bands/a.yaml", 3), "hm")) == "bands/a.yaml:3: hm"
