"""Compressed streams within bounds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.stores.formats import FormatError
from hedgerow.stores.formats.packed import Budget, Unpacked, check_ratio

PACKERS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "xz": lzma.compress, "bzip2": bz2.compress}


def unpacked(kind: str, data: bytes, most: int = 1 << 30) -> bytes:
    with Unpacked(io.BytesIO(data), kind, Budget(most)) as stream:
        return stream.read()


@pytest.mark.parametrize("kind", PACKERS)
@given(contents=st.lists(st.binary(max_size=200), min_size=1, max_size=3), zeros=st.integers(0, 9))
def test_streams_in_a_row_are_one(kind: str, contents: list[bytes], zeros: int) -> None:
    data = b"".join(map(PACKERS[kind], contents)) + bytes(zeros)
    assert unpacked(kind, data) == b"".join(contents)


@pytest.mark.parametrize("kind", PACKERS)
@given(data=st.data())
def test_what_is_cut_off_is_refused(kind: str, data: st.DataObject) -> None:
    whole = PACKERS[kind](b"a.example\n" * 9)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(FormatError, match="ends in the middle"):
        unpacked(kind, whole[:cut])


@pytest.mark.parametrize("kind", PACKERS)
@given(data=st.binary(max_size=80))
def test_whatever_comes_is_refused_in_our_own_words(kind: str, data: bytes) -> None:
    for begin in (b"", PACKERS[kind](b"a.example\n" * 9)[:15]):
        with pytest.raises(FormatError):
            unpacked(kind, begin + data + b"\xff")


def test_an_xz_header_that_asks_for_all_memory_is_refused() -> None:
    data = bytearray(lzma.compress(b"a.example"))
    end = 12 + data[12] * 4  # of the block's header, before its checksum (xz-file-format 3.1)
    assert data[14] == 0x21  # LZMA2; behind it the dictionary's size
    data[16] = 40  # 4 GB
    data[end : end + 4] = zlib.crc32(data[12:end]).to_bytes(4, "little")
    with pytest.raises(FormatError, match="[Mm]emory"):
        unpacked("xz", bytes(data))


def test_the_budget_is_spent_once() -> None:
    budget = Budget(25)
    for _ in range(2):
        Unpacked(io.BytesIO(gzip.compress(b"x" * 10)), "gzip", budget).read()
    with pytest.raises(FormatError, match="more bytes"):
        Unpacked(io.BytesIO(gzip.compress(b"x" * 10)), "gzip", budget).read()


def test_small_files_may_grow_as_they_like() -> None:
    check_ratio(1 << 20, 1)
    check_ratio(1 << 30, 1 << 27)
    with pytest.raises(FormatError, match="200 times"):
        check_ratio(1 << 30, 1 << 20)
