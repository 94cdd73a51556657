"""One publisher in a namespace of its own for all tests of fetching."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab import net
from tests.lab.listnet import ListNet, shared


@pytest.fixture(scope="session")
def internet() -> ListNet:
    """Skips with a reason where namespaces cannot be made."""
    if reason := net.why_not():
        pytest.skip(reason)
    return shared()


@pytest.fixture
def state(tmp_path: Path, internet: ListNet) -> Path:
    """An empty ``state/lists``; what was asked before is forgotten."""
    internet.asked()
    return tmp_path / "lists"
