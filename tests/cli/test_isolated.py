"""A copy of the gateway on a network of its own really blocks, really allows, and contacts nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgerow.cli import isolated
from hedgerow.cli.common import Place, home


@pytest.fixture
def place(school: Path) -> Place:
    return Place(school / "local", home() / "blocklists", school / "state")


@pytest.mark.net
@pytest.mark.skipif(not isolated.available(), reason="this machine lets us make no network namespace")
def test_a_copy_on_its_own_network_blocks_and_allows(place: Place) -> None:
    lines: list[str] = []
    assert isolated.show(place, lines.append), lines
    assert any("block (403)" in line for line in lines)
    assert any("allowed (200 from the site itself)" in line for line in lines)
    assert lines[-1] == "  the blocked site was not contacted"


def test_a_machine_that_lets_us_make_no_network_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "_WAYS", (("false",),))
    lines: list[str] = []
    assert isolated.show(place, lines.append) is False
    assert "lets us make no network of our own" in lines[0]
    assert not isolated.available()
