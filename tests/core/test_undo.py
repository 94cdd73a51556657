"""Codings undone as bytes come: the same as all at once, in bounded pieces, and bombs are told."""

from __future__ import annotations

import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.undo import Broken, Undo
from tests.lab.streams import packed

CODINGS = {
    "gzip": "gzip",
    "gzip-whole": "gzip",
    "deflate": "deflate",
    "raw": "deflate",
    "br": "br",
    "zstd": "zstd",
    "": "",
}


@given(st.sampled_from(list(CODINGS)), st.lists(st.binary(min_size=1, max_size=60), max_size=12), st.integers(1, 30))
def test_any_pieces(coding: str, pieces: list[bytes], size: int) -> None:
    coded = b"".join(packed(coding, pieces))
    undo = Undo(CODINGS[coding])
    made = b"".join(part for at in range(0, len(coded), size) for part in undo.feed(coded[at : at + size]))
    assert made == b"".join(pieces)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw", "br", "zstd"])
def test_what_was_flushed_is_said_at_once(coding: str) -> None:
    undo = Undo(CODINGS[coding])
    pieces = [f"data: bit {number}\n\n".encode() for number in range(20)]
    for piece, coded in zip(pieces, packed(coding, pieces), strict=False):
        assert b"".join(undo.feed(coded)) == piece


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
@pytest.mark.parametrize("size", [65_536, 65_537, 131_072, 1_000_000])
def test_full_pieces_leave_nothing_behind(coding: str, size: int) -> None:
    data = b"pond" * (size // 4) + b"frog"[: size % 4]
    undo = Undo(coding)
    first, *more = packed(coding, [data])
    made = b"".join(undo.feed(first))
    assert len(made) == size
    assert b"".join(part for piece in more for part in undo.feed(piece)) == b""


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [
        ("gzip", zlib.compress(b"\0" * 50_000_000, 9, 31)),
        ("br", brotli.compress(b"\0" * 50_000_000)),
        ("zstd", zstandard.compress(b"\0" * 50_000_000)),
    ],
)
def test_a_bomb_is_broken_off(coding: str, bomb: bytes) -> None:
    made = 0
    with pytest.raises(Broken):
        for piece in Undo(coding).feed(bomb):
            made += len(piece)
            assert len(piece) <= 4 << 20
    assert made <= 8 << 20


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_what_is_no_such_coding_is_broken(coding: str) -> None:
    with pytest.raises(Broken):
        list(Undo(coding).feed(b"data: plain text and no coding at all\n\n" * 9))


@pytest.mark.parametrize(
    ("coding", "reads"), [("", True), ("identity", True), ("br", True), ("gzip, gzip", False), ("dcb", False)]
)
def test_what_cannot_be_read_is_known_before(coding: str, reads: bool) -> None:
    assert (Undo(coding).why_not == "") is reads


@given(st.sampled_from(["gzip", "deflate", "br", "zstd"]), st.lists(st.binary(max_size=50), max_size=5))
def test_only_broken_is_raised(coding: str, pieces: list[bytes]) -> None:
    undo = Undo(coding)
    try:
        for piece in pieces:
            list(undo.feed(piece))
    except Broken as broken:
        assert str(broken)
