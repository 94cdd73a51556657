"""Content codings: what is read, what is undecodable, and that no body costs more than its limit."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.decode import DECODERS, codings, looks_like_text, unpack

PAGE = b"<p>badword in a page that is long enough to be worth its compression</p>" * 4
LIMIT = 1 << 20


def raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data)[2:-4]


@pytest.mark.parametrize(
    "encoding, body",
    [
        ("", PAGE),
        ("identity", PAGE),
        ("gzip", gzip.compress(PAGE)),
        ("GZip ", gzip.compress(PAGE)),
        ("gzip;q=1", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", raw_deflate(PAGE)),
        ("br", brotli.compress(PAGE)),
        ("zstd", zstandard.compress(PAGE)),
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
        ("br, gzip", gzip.compress(brotli.compress(PAGE))),
        ("gzip,,identity", gzip.compress(PAGE)),
        ("gzip", PAGE),  # the header lies
        ("", gzip.compress(PAGE)),  # nothing said
        ("utf-8", PAGE),  # no coding at all: browsers read it plain
        ("gzip", gzip.compress(PAGE) + b"trailing garbage"),
        ("gzip", gzip.compress(PAGE[:100]) + gzip.compress(PAGE[100:])),
        ("zstd", zstandard.compress(PAGE[:100]) + zstandard.compress(PAGE[100:])),
    ],
)
def test_read_whole(encoding: str, body: bytes) -> None:
    unpacked = unpack(body, encoding, LIMIT)
    assert (unpacked.data, unpacked.truncated, unpacked.error) == (PAGE, False, "")


@pytest.mark.parametrize(
    "encoding, body", [("gzip", gzip.compress(PAGE)), ("deflate", zlib.compress(PAGE)), ("br", brotli.compress(PAGE))]
)
def test_a_truncated_body_gives_what_decodes(encoding: str, body: bytes) -> None:
    unpacked = unpack(body[:-9], encoding, LIMIT)
    assert unpacked.data.startswith(b"<p>badword")
    assert not unpacked.error


@pytest.mark.parametrize(
    "encoding, body, reason",
    [
        ("dcb", brotli.compress(PAGE), "unknown content coding 'dcb'"),
        ("compress", b"\x1f\x9d\x90\x00\x01", "unknown content coding 'compress'"),
        ("gzip", b"\x00\x01\x02\x03", "gzip: broken data"),
        ("br", b"\xff\x00\x01\x02", "br: broken data"),
        ("zstd", b"\x00\x00\x00\x00\x00", "zstd: "),
        ("gzip", gzip.compress(PAGE)[:6], "gzip: the data ends too early"),
        ("gzip, gzip, gzip", PAGE, "more than 2 layers"),
        ("x" * 99, b"\x00", "unknown content coding 'xxx"),
    ],
)
def test_undecodable_says_why(encoding: str, body: bytes, reason: str) -> None:
    unpacked = unpack(body, encoding, LIMIT)
    assert unpacked.data == b""
    assert unpacked.error.startswith(reason)
    assert len(unpacked.error) < 120


def test_an_empty_body_is_empty_and_fine() -> None:
    assert [unpack(b"", name, LIMIT).error for name in ("", *DECODERS)] == [""] * (len(DECODERS) + 1)


BOMB = b"\0" * (48 << 20)


@pytest.mark.parametrize(
    "encoding, body",
    [
        ("gzip", gzip.compress(BOMB)),
        ("deflate", zlib.compress(BOMB)),
        ("deflate", raw_deflate(BOMB)),
        ("br", brotli.compress(BOMB, quality=1)),
        ("zstd", zstandard.compress(BOMB)),
        ("gzip, gzip", gzip.compress(gzip.compress(BOMB))),
        ("gzip", gzip.compress(b"\0" * 4096) * 20_000),  # many small members
    ],
)
def test_a_bomb_costs_no_more_than_its_limit(encoding: str, body: bytes) -> None:
    tracemalloc.start()
    unpacked = unpack(body, encoding, LIMIT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(unpacked.data), unpacked.truncated) == (LIMIT, True)
    assert peak < 6 * LIMIT + len(body)


@pytest.mark.parametrize("size, truncated", [(LIMIT - 1, False), (LIMIT, False), (LIMIT + 1, True)])
@pytest.mark.parametrize("encoding", ["", "gzip", "br", "zstd"])
def test_the_limit_is_exact(encoding: str, size: int, truncated: bool) -> None:
    body = b"a" * size
    packed = {"": bytes, "gzip": gzip.compress, "br": brotli.compress, "zstd": zstandard.compress}[encoding](body)
    unpacked = unpack(packed, encoding, LIMIT)
    assert (len(unpacked.data), unpacked.truncated) == (min(size, LIMIT), truncated)


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=300), st.sampled_from(["", "gzip", "br", "zstd", "deflate", "gzip, br", "x", "é,\0"]))
def test_never_raises_and_never_exceeds(body: bytes, encoding: str) -> None:
    unpacked = unpack(body, encoding, 200)
    assert len(unpacked.data) <= 200
    assert not (unpacked.error and unpacked.data)


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=2000), st.integers(0, 60))
def test_damage_is_survived(content: bytes, at: int) -> None:
    for name, packed in (("gzip", gzip.compress(content)), ("br", brotli.compress(content))):
        damaged = bytearray(packed)
        damaged[at % len(damaged)] ^= 0x55
        assert len(unpack(bytes(damaged), name, 500).data) <= 500


def test_codings() -> None:
    assert codings(" GZIP ;q=0.5, identity,, BR") == ("gzip", "br")


def test_looks_like_text() -> None:
    assert looks_like_text("tiếng Việt\r\n".encode())
    assert not looks_like_text(b"PK\x03\x04")
