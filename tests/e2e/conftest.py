"""The whole gateway, as a school runs it, in the lab of network namespaces."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.fixtures import explicit, gateway, lab, mode, pupil, teen, transparent, watch

__all__ = ["explicit", "gateway", "lab", "mode", "pupil", "teen", "transparent", "watch"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("net")
