"""The reader of archives gives what Python's own gives for a whole one, and refuses one that is not."""

from __future__ import annotations

import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.stores.formats import FormatError
from hedgerow.stores.formats.tars import Slice, entries, is_tar

NAMES = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), min_size=1, max_size=150).filter(
    lambda name: not name.endswith("/")  # tarfile writes such a name as a folder, and takes a slash away
)
FORMATS = [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]


def packed(files: dict[str, bytes], format: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@given(st.dictionaries(NAMES, st.binary(max_size=1100), max_size=4), st.sampled_from(FORMATS))
def test_what_was_packed_comes_out(files: dict[str, bytes], format: int) -> None:
    data = packed(files, format)
    expected = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            if member.isreg() and (content := archive.extractfile(member)):
                expected[member.name.rstrip("/")] = content.read()
    found = {entry.name: data[entry.start : entry.start + entry.size] for entry in entries(io.BytesIO(data), len(data))}
    assert {name.rstrip("/"): content for name, content in found.items()} == expected
    assert not files or is_tar(data[:512])


@given(st.integers(0, 3071))
def test_an_archive_that_is_cut_off_is_never_a_short_one(length: int) -> None:
    data = packed({"a": b"a.example\n" * 60, "b": b"b.example\n"}, tarfile.PAX_FORMAT)[:length]
    files = entries(io.BytesIO(data), len(data))
    if length < 2560 + 512:  # two headers, two and one blocks, and the first block of zeros
        with pytest.raises(FormatError):
            list(files)


@pytest.mark.parametrize("head", [b"", b"a.example\n" * 60, bytes(512), b"x" * 512, b"\xff" * 512])
def test_a_list_is_no_archive(head: bytes) -> None:
    assert not is_tar(head[:512])


@given(st.binary(max_size=60), st.integers(0, 60), st.integers(0, 60), st.lists(st.integers(0, 60), max_size=5))
def test_a_slice_is_a_file_of_its_own(data: bytes, start: int, size: int, reads: list[int]) -> None:
    size = min(size, max(0, len(data) - start))
    slice, plain = Slice(io.BytesIO(data), start, size), io.BytesIO(data[start : start + size])
    for count in reads:
        assert slice.read(count) == plain.read(count)
        assert slice.seek(count) == plain.seek(count)
