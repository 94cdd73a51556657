"""The bytes of an index: blocks of rows that end with a name, and a foot that tells half a file from a whole one."""

from __future__ import annotations

import io
import sys
from array import array
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.stores import index_files
from hedgerow.stores.index_files import FORMAT, IndexFault, Mapped, RowBlocks, write_foot, write_rows


def written(path: Path, counts: list[int]) -> Mapped:
    """A file with so many rows for each name; the tag is the row, the line its double, the day its third."""
    starts = [0]
    for count in counts:
        starts.append(starts[-1] + count)
    rows = range(starts[-1])
    columns = (array("I", rows), array("I", (2 * row for row in rows)), array("H", (row % 999 for row in rows)))
    with path.open("wb") as file:
        blocks = write_rows(file, starts, columns)
        write_foot(file, 0, {"format": FORMAT, "byteorder": sys.byteorder, "blocks": blocks})
    return Mapped(path)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=60), st.integers(1, 8))
def test_every_name_finds_its_rows(tmp_path_factory: pytest.TempPathFactory, counts: list[int], block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_files, "_BLOCK_ROWS", block)
        blocks = RowBlocks(written(tmp_path_factory.mktemp("rows") / "x.index", counts))
    row = 0
    for number, count in enumerate(counts):
        assert list(blocks.rows(number)) == [(r, 2 * r, r % 999) for r in range(row, row + count)]
        row += count
    assert [(number, tag) for number, tag, _, _ in blocks.all()] == [
        (number, tag) for tag, number in enumerate(n for n, count in enumerate(counts) for _ in range(count))
    ]
    assert list(blocks.rows(len(counts))) == []


def test_rows_are_many_to_a_block_and_compressed(tmp_path: Path) -> None:
    mapped = written(tmp_path / "x.index", [1] * 20_000)
    assert len(mapped.head["blocks"]) == 5
    assert (tmp_path / "x.index").stat().st_size < 20_000 * 14 / 2


@pytest.mark.parametrize("text", [b"", b"short", b"x" * 200])
def test_what_has_no_foot_is_no_index(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "x.index").write_bytes(text)
    with pytest.raises(IndexFault, match=r"x\.index"):
        Mapped(tmp_path / "x.index")


def test_another_format_is_refused() -> None:
    stream = io.BytesIO()
    write_foot(stream, 0, {"format": FORMAT + 1, "byteorder": sys.byteorder})
    assert stream.getvalue().endswith(b"Hedgerow")
