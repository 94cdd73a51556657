"""What site.yaml leaves out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hedgerow.stores.identities import NetworkRule
from hedgerow.stores.lint_site import nobody_opens
from hedgerow.stores.linting import Linting
from hedgerow.stores.site import Privacy, Site
from tests.stores.small_world import NOW, loaded

NETWORKS = (NetworkRule("pupils", (), "garden"),)


@pytest.mark.parametrize(
    "site, told",
    [
        (Site(), False),  # nobody's school yet
        (Site(networks=NETWORKS), True),
        (Site(networks=NETWORKS, privacy=Privacy(keyholders={"Lan": "x", "Minh": "y"})), False),
    ],
)
def test_a_school_without_keyholders_is_told(tmp_path: Path, site: Site, told: bool) -> None:
    linting = Linting(replace(loaded(tmp_path), site=site), NOW)
    found = list(nobody_opens(linting))
    assert bool(found) is told
    if told:
        assert "nobody can open a pseudonym" in found[0].message and not found[0].refused
