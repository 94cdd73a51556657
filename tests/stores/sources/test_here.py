"""Sources that lie on this machine."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hedgerow.stores.sources.here import held_here
from tests.stores.sourcehouse import fetched


def test_a_file_a_folder_and_nothing(tmp_path: Path) -> None:
    source = replace(fetched(tmp_path / "x", "ours", "").source, urls=(), path="ours.txt")
    assert held_here(source, tmp_path) is None
    (tmp_path / "ours.txt").write_text("a.example\nb.example\n")
    os.utime(tmp_path / "ours.txt", (86_400, 86_400))
    held = held_here(source, tmp_path)
    assert held is not None and held.names == 2 and held.fetched == datetime(1970, 1, 2, tzinfo=UTC)
    (tmp_path / "many").mkdir()
    (tmp_path / "many" / "a.txt").write_text("a.example")
    folder = replace(source, path="many")
    first = held_here(folder, tmp_path)
    (tmp_path / "many" / "a.txt").rename(tmp_path / "many" / "b.txt")  # its name is its category
    second = held_here(folder, tmp_path)
    assert first is not None and second is not None and first.version != second.version
