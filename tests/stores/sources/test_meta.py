"""``meta.json``: what is written is read again; what is no such file is told, whatever stands in it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hedgerow.stores.sources.meta import FileFacts, Meta, Refusal, Version, read_meta, write_meta

VERSION = Version("0123456789ab", 5.0, {"a.txt": FileFacts("https://a.example/x", "0" * 64, 7, '"e"', "Mon")}, {"": 3})
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["fetched", "current", "x"]), inner),
    max_leaves=8,
)


def test_nothing_is_known_at_first(tmp_path: Path) -> None:
    assert read_meta(tmp_path) == Meta()


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    meta = Meta(9.0, VERSION, VERSION, Refusal("empty", 8.0, "x", True), "undone", 3.0)
    write_meta(tmp_path, meta)
    assert read_meta(tmp_path) == meta and meta.current and meta.current.names == 3
    assert (tmp_path / "meta.json").stat().st_mode & 0o777 == 0o600


@given(st.binary(max_size=50) | JSON.map(lambda value: repr(value).encode()))
def test_what_is_no_such_file_is_told(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "meta.json").write_bytes(content)
        try:
            read_meta(Path(folder))
        except OSError as error:
            assert "damaged" in str(error)
