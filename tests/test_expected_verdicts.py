"""tests/e2e/expected.yaml and the shipped bands say the same: neither is changed without the other."""

from __future__ import annotations

import pytest
import yaml

from hedgerow.core.hosts import parents
from tests.shipped import ROOT, action, resolved


def expected() -> list[dict[str, str]]:
    text = (ROOT / "tests/e2e/expected.yaml").read_text()
    found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes text of everything
    assert isinstance(found, list)
    return found


def test_the_expected_verdicts_are_many_and_mostly_not_literal() -> None:
    lines = expected()
    assert len(lines) >= 240
    assert len({line["category"] for line in lines}) >= 16
    assert sum(line["kind"] == "literal" for line in lines) <= 50


@pytest.mark.parametrize("band", ["ages-8-10", "ages-14-17"])
def test_the_expected_verdicts_agree_with_the_bands(band: str) -> None:
    """A changed default must be a changed promise: nobody moves one without seeing the other."""
    categories = {name: str(action(rule)) for name, rule in resolved(band, "categories").items()}
    categories["unknown"] = str(action(resolved(band, "unknown")["page"]))
    sites = resolved(band, "sites")
    wrong = []
    for line in expected():
        host = line["url"].split("//")[1].split("/")[0].lower()
        by_site = [str(action(sites[p])) for p in parents(host) if p in sites]
        if line[band] != (by_site or [categories[line["category"]]])[0]:
            wrong.append(line)
    assert wrong == []
