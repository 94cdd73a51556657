"""Names are counted as the formats read them: not lines, not exceptions, by the source's own category."""

from __future__ import annotations

from pathlib import Path

from hedgerow.stores.formats import Options
from hedgerow.stores.sources.listing import count_names


def test_names_are_counted_not_lines(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("# head\na.example\nb.example\n\nx?y\n")
    (tmp_path / "b.txt").write_text("||a.example^\n@@||b.example^\n##.ad\n")
    (tmp_path / "c.csv").write_text("name,kind\na.example,games\nb.example,games\nc.example,\n")
    assert count_names(tmp_path / "a.txt", "domains", Options()) == {"": 2}
    assert count_names(tmp_path / "b.txt", "adblock", Options()) == {"": 1}
    assert count_names(tmp_path / "c.csv", "csv", Options("name", "kind")) == {"games": 2, "": 1}


def test_of_a_folder_each_file_is_a_category(tmp_path: Path) -> None:
    (tmp_path / "adult.txt").write_text("a.example\n")
    (tmp_path / "games.txt").write_text("b.example\nc.example\n")
    assert count_names(tmp_path, "domains", Options()) == {"adult": 1, "games": 2}
