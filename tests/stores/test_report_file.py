"""What the disk does to reports: full, locked, linked elsewhere, pulled out from under a commit."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgerow.stores import report_file
from hedgerow.stores.report_model import Context, ReportsUnavailable
from hedgerow.stores.reports import ReportStore


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReportStore]:
    monkeypatch.setattr(report_file, "_BUSY_SECONDS", 0.1)
    made = ReportStore(tmp_path / "reports.sqlite")
    yield made
    made.close_file()


def test_a_commit_is_on_the_disk_and_deleted_words_are_overwritten(store: ReportStore) -> None:
    with store.file.reading() as connection:
        settings = [connection.execute(f"pragma {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
        assert settings == ["wal", 2]  # FULL
        assert connection.execute("pragma secure_delete").fetchone()[0] == 1


def test_a_full_disk_promises_nothing_and_loses_nothing(store: ReportStore) -> None:
    kept = store.new("help", "before", Context())
    with store.file.reading() as connection:
        pages = connection.execute("pragma page_count").fetchone()[0]
        connection.execute(f"pragma max_page_count = {pages}")
    with pytest.raises(ReportsUnavailable, match="full"):
        for number in range(100):
            store.new("help", f"{number} " + "x" * 3000, Context())
    assert store.outcome(kept) is not None
    with store.file.reading() as connection:
        connection.execute("pragma max_page_count = 1000000")
    assert store.new("help", "after", Context())


def test_a_locked_file_is_no_long_wait(store: ReportStore, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "reports.sqlite", isolation_level=None)
    other.execute("begin exclusive")
    began = time.monotonic()
    with pytest.raises(ReportsUnavailable, match="locked"):
        store.new("help", "", Context())
    assert time.monotonic() - began < 2
    other.execute("rollback")
    other.close()
    assert store.new("help", "", Context())


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("kept")
    (tmp_path / "reports.sqlite").symlink_to(tmp_path / "victim")
    with pytest.raises(ReportsUnavailable):
        ReportStore(tmp_path / "reports.sqlite")
    assert (tmp_path / "victim").read_text() == "kept"


def test_a_file_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "reports.sqlite"
    path.touch(0o644)
    ReportStore(path).close_file()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's command could take the file away from the service")
def test_what_roots_command_makes_belongs_to_the_service(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    store = ReportStore(tmp_path / "reports.sqlite")
    store.new("help", "", Context())
    assert {path.stat().st_uid for path in tmp_path.iterdir()} == {65534}
    assert len(list(tmp_path.iterdir())) == 3
    store.close_file()
