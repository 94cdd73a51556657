"""The portal as the lab's gateway runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import chromium
from tests.lab.fixtures import explicit, gateway, lab, mode, pupil, transparent

__all__ = ["chromium", "explicit", "gateway", "lab", "mode", "pupil", "transparent"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and "gateway" in getattr(item, "fixturenames", ()):
            item.add_marker("net")
