"""Shared by all tests: the real data, where a machine has it; and names that a report can carry."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data() -> Path:
    """The unpacked real data (HEDGEROW_DATA); tests that ask for it skip where there is none."""
    folder = Path(os.environ.get("HEDGEROW_DATA") or "../data")
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder}; set HEDGEROW_DATA")
    return folder


def pytest_make_parametrize_id(val: object) -> str | None:
    """A long text is named by its beginning, length and checksum: megabytes of names went through every report."""
    if not isinstance(val, str | bytes) or len(val) <= 200:
        return None
    whole = val if isinstance(val, bytes) else val.encode("utf-8", "surrogatepass")
    return f"{ascii(val[:20])}...{len(val)}-{zlib.crc32(whole):08x}"
