"""Media types by declaration and bytes; page or part."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.model import Kind
from hedgerow.core.sniff import is_readable, kind_of, sniff

HTML = b"<!doctype html><title>x</title>"


@pytest.mark.parametrize(
    "declared, head, media_type",
    [
        ("text/html; charset=utf-8", HTML, "text/html"),
        ("TEXT/HTML", b"", "text/html"),
        ("", HTML, "text/html"),
        ("", b"\xef\xbb\xbf  \n<HTML>", "text/html"),
        ("", b"<!-- comment", "text/html"),
        ("", b"<abbr>", "text/plain"),
        ("nonsense", HTML, "text/html"),
        ("*/*", HTML, "text/html"),
        ("application/octet-stream", HTML, "text/html"),
        ("image/png", HTML, "text/html"),  # a page sent as a picture
        ("video/mp4", b"  <script>", "text/html"),
        ("image/png", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("image/svg+xml", b"<svg><a>", "image/svg+xml"),
        ("", b"\x89PNG\r\n\x1a\n\0", "image/png"),
        ("", b"RIFF\0\0\0\0WEBPVP8", "image/webp"),
        ("", b"\0\0\0\x18ftypmp42", "video/mp4"),
        ("", b"MZ\x90\0", "application/x-msdownload"),
        ("application/octet-stream", b"MZ\x90\0", "application/x-msdownload"),
        ("text/plain", b"MZ\x90\0\x03", "application/x-msdownload"),
        ("text/plain", b"BMW is a maker of cars", "text/plain"),
        ("text/plain", HTML, "text/plain"),  # browsers do not look again
        ("text/plain", b"\xff\xfea\0", "text/plain"),
        ("", b"plain words", "text/plain"),
        ("", b"\0\x01\x02", "application/octet-stream"),
        ("application/octet-stream", b"plain words", "application/octet-stream"),
        ("", b"<?xml version='1.0'?>", "application/xml"),
        ("text/xml", b"", "application/xml"),
        ("application/json", HTML, "application/json"),
        ("application/x-javascript", HTML, "text/javascript"),
    ],
)
def test_sniff(declared: str, head: bytes, media_type: str) -> None:
    assert sniff(declared, head) == media_type


@pytest.mark.parametrize(
    "media_type, kind, readable",
    [
        ("", Kind.UNKNOWN, False),
        ("text/html", Kind.PAGE, True),
        ("application/xhtml+xml", Kind.PAGE, True),
        ("application/xml", Kind.PAGE, True),
        ("text/plain", Kind.PAGE, True),
        ("application/pdf", Kind.PAGE, False),
        ("image/svg+xml", Kind.PART, True),
        ("image/png", Kind.PART, False),
        ("text/css", Kind.PART, False),
        ("text/javascript", Kind.PART, False),
        ("font/woff2", Kind.PART, False),
        ("video/mp4", Kind.PART, False),
        ("application/json", Kind.PART, True),
        ("application/ld+json", Kind.PART, True),
        ("text/event-stream", Kind.PART, True),
        ("application/octet-stream", Kind.PART, False),
    ],
)
def test_page_or_part_and_readable(media_type: str, kind: Kind, readable: bool) -> None:
    assert (kind_of(media_type), is_readable(media_type)) == (kind, readable)


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=60), st.binary(max_size=60))
def test_never_raises(text: str, head: bytes) -> None:
    assert sniff(text, head)
