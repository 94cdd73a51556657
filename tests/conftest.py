"""Shared by all tests: the real data, where a machine has it; names a report can carry; skips that .ci/run fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.no_skips import pytest_runtest_makereport, pytest_terminal_summary

__all__ = ["data", "pytest_make_parametrize_id", "pytest_runtest_makereport", "pytest_terminal_summary"]

settings.register_profile("busy", deadline=None)  # by the clock, and others compute beside it
settings.load_profile("busy")


@pytest.fixture(autouse=True)
def same_umask() -> Iterator[None]:
    """Commands run in this process may change it, and a name server of a later test could not read its files."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture(scope="session")
def data() -> Path:
    """The unpacked real data (HEDGEROW_DATA); tests that ask for it skip where there is none."""
    folder = Path(os.environ.get("HEDGEROW_DATA") or "../data")
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder}; set HEDGEROW_DATA")
    return folder


def pytest_make_parametrize_id(val: object) -> str | None:
    """A long text is named by its beginning and length: megabytes of names went through every report.

    gzip writes the time into its data: the processes of one run must find the same names."""
    if isinstance(val, bytes) and val.startswith(b"\x1f\x8b"):
        return "gzip"
    if isinstance(val, str | bytes) and len(val) > 200:
        return f"{ascii(val[:20])}...{len(val)}"
    return None
