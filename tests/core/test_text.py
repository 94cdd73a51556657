"""A body's bytes to its visible text, the whole way; never an exception, never more than the limit."""

from __future__ import annotations

import gzip
import tracemalloc
import unicodedata

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.model import Where
from hedgerow.core.text import Text, visible_text
from hedgerow.core.words import Lexicon, Phrase

PAGE = "<title>Trang</title><p>cá cược</p><script>no</script>"


def said(text: Text) -> list[str]:
    return " ".join(text.letters).split()


@pytest.mark.parametrize(
    "body, content_type, encoding, media_type, words",
    [
        (PAGE.encode(), "text/html", "", "text/html", "Trang cá cược"),
        (PAGE.encode(), "", "", "text/html", "Trang cá cược"),
        (PAGE.encode(), "image/png", "", "text/html", "Trang cá cược"),
        (PAGE.encode(), "application/octet-stream", "", "text/html", "Trang cá cược"),
        (gzip.compress(PAGE.encode()), "text/html", "gzip", "text/html", "Trang cá cược"),
        (gzip.compress(gzip.compress(PAGE.encode())), "text/html", "gzip, gzip", "text/html", "Trang cá cược"),
        (PAGE.encode("utf-16"), "text/html", "", "text/html", "Trang cá cược"),
        (gzip.compress("<p>ставка".encode("cp1251")), "text/html; charset=cp1251", "x-gzip", "text/html", "ставка"),
        (b"plain <b>words", "text/plain", "", "text/plain", "plain <b>words"),
        (b"plain words", "", "", "text/plain", "plain words"),
        ('{"a": "một"}'.encode(), "application/json; charset=utf-8", "", "application/json", "một"),
        (b'{"a": "one"}', "application/problem+json", "", "application/problem+json", "one"),
        (b'<html xmlns="x"><script src="x"/><p>one</p>', "application/xhtml+xml", "", "application/xhtml+xml", "one"),
        (rb'{"a": "b\u0061d"}', "text/html", "", "text/html", r'{"a": "b\u0061d"} bad'),
        (rb'  ["b\u0061d"]', "", "", "text/plain", r'["b\u0061d"] bad'),
        (b"<svg><text>one</text></svg>", "image/svg+xml", "", "image/svg+xml", "one"),
        (b"<rss><item><title>one</title></item></rss>", "text/xml", "", "application/xml", "one"),
        (b"let porn = 1", "text/javascript", "", "text/javascript", ""),
        (b"a{content: 'porn'}", "text/css", "", "text/css", ""),
        (b"\x89PNG\r\n\x1a\n", "image/png", "", "image/png", ""),
        (b"", "text/html", "", "text/html", ""),
    ],
)
def test_visible_text(body: bytes, content_type: str, encoding: str, media_type: str, words: str) -> None:
    text = visible_text(body, content_type, encoding)
    assert (text.media_type, said(text), text.undecodable) == (media_type, words.split(), "")


@pytest.mark.parametrize(
    "body, charset",
    [
        ("cá cược".encode(), "utf-8"),
        (unicodedata.normalize("NFD", "cá cược").encode(), "utf-8"),
        (b"c\xe1 c\xfd\xf5\xf2c", "windows-1258"),  # tones are bytes of their own
        ("cá cược".encode("utf-16"), "utf-8"),
    ],
)
def test_vietnamese_pages_read_the_same_in_every_encoding(body: bytes, charset: str) -> None:
    lexicon = Lexicon.build([Phrase("gambling", "cá cược", "vi", Where("words/gambling.vi.yaml", 1))])
    assert lexicon.scan(visible_text(body, f"text/html; charset={charset}").passages)


@pytest.mark.parametrize("encoding", ["dcb", "gzip, gzip, gzip", "br"])
def test_what_cannot_be_read_is_said(encoding: str) -> None:
    text = visible_text(b"\x00\x01\x02\x03", "text/html", encoding)
    assert text.undecodable
    assert (text.passages, text.inspected) == ((), 0)


@pytest.mark.parametrize("at, seen", [(0, True), (95, True), (96, False), (200, False)])
def test_the_first_limit_bytes_are_read_and_the_rest_is_said_to_be_missing(at: int, seen: bool) -> None:
    body = ("." * at + " word ").ljust(300, ".").encode()
    text = visible_text(body, "text/plain", limit=100)
    assert ("word" in said(text)) is seen
    assert (text.truncated, text.inspected) == (True, 100)


def test_inspected_is_counted_after_decompression() -> None:
    text = visible_text(gzip.compress(b"a" * 5000), "text/plain", "gzip")
    assert (text.inspected, text.truncated) == (5000, False)


def test_a_bomb_costs_memory_for_the_limit_only() -> None:
    body = brotli.compress(b"<p>word</p>" * 20_000_000, quality=1)
    tracemalloc.start()
    text = visible_text(body, "text/html", "br", limit=1 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (text.truncated, text.inspected) == (True, 1 << 20)
    assert peak < 24 << 20


TYPES = ["text/html", "application/json", "text/plain", "image/svg+xml", "", "text/html; charset=utf-16", "x/y"]


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=400), st.sampled_from(TYPES), st.sampled_from(["", "gzip", "br", "zstd", "deflate, gzip"]))
def test_never_raises_whatever_the_bytes(body: bytes, content_type: str, encoding: str) -> None:
    text = visible_text(body, content_type, encoding, limit=300)
    assert text.inspected <= 300
    assert all(passage.text for passage in text.passages)
    assert not (text.passages and text.undecodable)


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=100), st.text(max_size=60), st.text(max_size=30))
def test_never_raises_whatever_the_headers(body: bytes, content_type: str, encoding: str) -> None:
    visible_text(body, content_type, encoding)


@settings(deadline=None)  # the machine may be busy
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=100))
def test_passages_can_always_be_encoded(text: str) -> None:
    for content_type in TYPES[:4]:
        "".join(visible_text(f"<p>{text}".encode(), content_type).letters).encode()
