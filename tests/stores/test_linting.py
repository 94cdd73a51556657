"""What checks see and say."""

from __future__ import annotations

from pathlib import Path

from hedgerow.core.model import Where
from hedgerow.stores.linting import Finding, Linting, sites_of
from tests.stores.small_world import NOW, loaded


def test_bands_from_the_strictest(tmp_path: Path) -> None:
    linting = Linting(loaded(tmp_path), NOW)
    assert [band.name for band in linting.bands] == ["garden", "meadow", "staff"]
    assert [site.host for site in sites_of(linting.bands[0])] == ["kids.test", "video.test"]


def test_a_finding_names_its_place() -> None:
    assert str(Finding(Where("bands/a.yaml", 3), "hm")) == "bands/a.yaml:3: hm"
