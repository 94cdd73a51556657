"""Phrases of the school's own list, and pages that say them: in every coding and form a page can have.

The phrases mean nothing anywhere, so that a word rule fires on them and on nothing else.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable

import brotli
import zstandard

PHRASES = ("quibblesnatch", "bad wibblefrotz", "frumblequat", "snorkelbib")
OTHERS = {
    "vi": ("đánh quặc", "hoà quẩng"),
    "fa": ("می‌قلنبم فشک", "قمبار"),
    "kk": ("құңқай ойнағыш", "қазінақ"),
    "ru": ("кракозяблик", "плохая хрямка"),
}
"""Phrases as senseless in the other languages, one of which closes a page."""

ALL = " and ".join(PHRASES)
HTML, UTF_8 = "text/html", "text/html; charset=utf-8"


def page(text: str, title: str = "A page") -> bytes:
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><p>origin-ok {text}</p></body></html>".encode()
    )


def _inside(text: str, between: str) -> str:
    """Each phrase with something in the middle of its longest word."""
    return " and ".join(phrase[:-4] + between + phrase[-4:] for phrase in text.split(" and "))


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PAGE = page(f"say {ALL} now")
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate-raw": _raw_deflate,
    "br": brotli.compress,
    "zstd": zstandard.compress,
    "gzip, gzip": lambda data: gzip.compress(gzip.compress(data)),
    "br, gzip": lambda data: gzip.compress(brotli.compress(data)),
}

Body = tuple[str, str, bytes]  # content type, content coding, bytes
CLOSED: dict[str, Body] = {
    "html": (UTF_8, "", PAGE),
    "no-charset": (HTML, "", PAGE),
    "no-type": ("", "", PAGE),
    "octet-stream": ("application/octet-stream", "", PAGE),
    "bogus-charset": ("text/html; charset=bogus", "", PAGE),
    "utf-16": ("text/html; charset=utf-16le", "", PAGE.decode().encode("utf-16-le")),
    "utf-16-bom": (HTML, "", PAGE.decode().encode("utf-16")),
    "upper": (UTF_8, "", page(ALL.upper())),
    "title": (UTF_8, "", page("nothing", ALL)),
    "entities": (UTF_8, "", page("".join(f"&#{ord(c)};" for c in ALL))),
    "inline-tags": (UTF_8, "", page(_inside(ALL, "<b></b>"))),
    "comments": (UTF_8, "", page(_inside(ALL, "<!-- -->"))),
    "wbr": (UTF_8, "", page(_inside(ALL, "<wbr>"))),
    "zero-width": (UTF_8, "", page(_inside(ALL, "\u200b"))),
    "soft-hyphen": (UTF_8, "", page(_inside(ALL, "&shy;"))),
    "alt-text": (UTF_8, "", page(f'<img alt="{ALL}">')),
    "plain": ("text/plain; charset=utf-8", "", ("origin-ok " + ALL).encode()),
    "json": ("application/json", "", json.dumps({"a": [{"b": "origin-ok " + ALL}]}).encode()),
    "late": (UTF_8, "", page("pond " * 60_000 + ALL)),
    **{coding: (UTF_8, coding.removesuffix("-raw"), pack(PAGE)) for coding, pack in CODINGS.items()},
    "says-gzip-is-plain": (UTF_8, "gzip", PAGE),
    "truncated-gzip": (UTF_8, "gzip", gzip.compress(page(ALL + " pond" * 3000, ALL))[:-8]),
}
AS_IMAGE: Body = ("image/png", "", PAGE)
OPEN: dict[str, Body] = {
    "one-mention": (UTF_8, "", page(f"once {PHRASES[0]}")),
    "many-of-one": (UTF_8, "", page(f"{PHRASES[0]} " * 9)),
    "inside-words": (UTF_8, "", page(" and ".join(f"x{phrase}x" for phrase in PHRASES))),
    "script": (UTF_8, "", page(f"<script>var a = '{ALL}'</script>")),
    "css": ("text/css", "", f"/* origin-ok {ALL} */".encode()),
    "javascript": ("text/javascript", "", f"// origin-ok {ALL}".encode()),
}


def body(name: str) -> Body:
    return {**CLOSED, **OPEN, "as-image": AS_IMAGE}[name]
