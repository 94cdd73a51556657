"""Shared by all tests: the real data, where a machine has it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data() -> Path:
    """The unpacked real data (HEDGEROW_DATA); tests that ask for it skip where there is none."""
    folder = Path(os.environ.get("HEDGEROW_DATA") or "../data")
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder}; set HEDGEROW_DATA")
    return folder
