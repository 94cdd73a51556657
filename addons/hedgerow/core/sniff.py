"""What a response really is: its media type by declaration and first bytes; page or part.

A subset of the WHATWG MIME Sniffing standard, on the safe side: what a browser might show as a page is a page.
"""

from __future__ import annotations

import re

from hedgerow.core.decode import looks_like_text
from hedgerow.core.filetype import essence, file_type
from hedgerow.core.model import Kind

__all__ = ["essence", "file_type", "is_json", "is_readable", "is_static", "is_xml", "kind_of", "sniff"]

_UNKNOWN = frozenset({"", "*/*", "unknown/unknown", "application/unknown"})
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?[\t\n\x0c\r ]*(?:<!--|<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|"
    rb"title|b|body|br|p|meta|link|center|form|img|span|ul|svg:?)[\s>/])",
    re.IGNORECASE,
)
_XML_START = re.compile(rb"(?:\xef\xbb\xbf)?[\t\n\x0c\r ]*<\?xml[\s?]")
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"wOF2", "font/woff2"),
    (b"wOFF", "font/woff"),
    (b"\x00\x01\x00\x00\x00", "font/ttf"),
    (b"OTTO", "font/otf"),
    (b"OggS", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\x00asm", "application/wasm"),
)
_SNIFFED_AWAY = frozenset({"application/octet-stream", "binary/octet-stream", "application/x-download"})


def sniff(declared: str, head: bytes) -> str:
    """The canonical media type of a response declared as ``declared`` whose decoded body begins with ``head``."""
    media_type = essence(declared)
    if media_type in _UNKNOWN or media_type in _SNIFFED_AWAY or media_type == "text/plain":
        return _by_bytes(media_type, head)
    if media_type != "image/svg+xml" and media_type.split("/")[0] in ("image", "audio", "video", "font"):
        # A page sent as a picture: without `nosniff` a browser may show it.
        return "text/html" if _HTML_START.match(head) else media_type
    return media_type


def _by_bytes(media_type: str, head: bytes) -> str:
    if media_type != "text/plain":
        if _HTML_START.match(head):
            return "text/html"
        if _XML_START.match(head):
            return "application/xml"
    if not (media_type == "text/plain" and looks_like_text(head)):
        for magic, found in _MAGIC:
            if head.startswith(magic):
                return found
        if head[4:8] == b"ftyp":
            return "video/mp4"
        if head[:4] == b"RIFF":
            return {b"WEBP": "image/webp", b"AVI ": "video/avi"}.get(head[8:12], "audio/wave")
    if media_type in _SNIFFED_AWAY:
        return "application/octet-stream"
    utf16 = head[:2] in (b"\xfe\xff", b"\xff\xfe")
    return "text/plain" if utf16 or looks_like_text(head) else "application/octet-stream"


_STATIC = frozenset(
    "avif bmp css flac gif gz ico iso jpeg jpg js m3u8 m4a m4s map mjs mov mp3 mp4 mpd oga ogg ogv otf png ts ttf vtt "
    "wasm wav webm webmanifest webp woff woff2 zip".split()
)


def is_static(path: str) -> bool:
    """True when the path ends as things do that have no words: pictures, sound, styles, programs."""
    return path.rpartition(".")[2].lower() in _STATIC


_JSON = frozenset({"application/json", "application/x-ndjson", "text/event-stream"})


def is_json(media_type: str) -> bool:
    return media_type in _JSON or media_type.endswith("+json")


def is_xml(media_type: str) -> bool:
    return media_type == "application/xml" or media_type.endswith("+xml")


_TEXT_PARTS = frozenset({"text/css", "text/javascript", "text/event-stream", "text/vtt", "text/x-component"})


def is_readable(media_type: str) -> bool:
    """True when the words judge can read it: HTML, XML, plain text, JSON; never scripts and styles."""
    if media_type in ("text/css", "text/javascript"):
        return False
    return media_type.startswith("text/") or is_json(media_type) or is_xml(media_type)


def kind_of(media_type: str) -> Kind:
    """Page, or part of one: what a browser can never show as a document of its own is a part. "" is not known yet."""
    if not media_type:
        return Kind.UNKNOWN
    if media_type in _TEXT_PARTS or is_json(media_type):
        return Kind.PART
    if media_type.startswith("text/") or media_type in ("application/pdf", "multipart/x-mixed-replace"):
        return Kind.PAGE
    return Kind.PAGE if is_xml(media_type) and media_type != "image/svg+xml" else Kind.PART
