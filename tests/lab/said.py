"""Phrases of the school's own list, and pages that say them: in every coding and form a page can have.

The phrases mean nothing anywhere, so that a word rule fires on them and on nothing else.
"""

from __future__ import annotations

import gzip
import json
import unicodedata
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
    "late": (UTF_8, "", page("pond" * 75_000 + " " + ALL)),
    **{coding: (UTF_8, coding.removesuffix("-raw"), pack(PAGE)) for coding, pack in CODINGS.items()},
    "says-gzip-is-plain": (UTF_8, "gzip", PAGE),
    "truncated-gzip": (UTF_8, "gzip", gzip.compress(page(ALL + " pond" * 3000, ALL))[:-8]),
}


def _cp1258(text: str) -> bytes:
    """Vietnamese as windows-1258 writes it: a letter, then its tone."""
    return b"".join(_letter(char) for char in text)


def _letter(char: str) -> bytes:
    try:
        return char.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", char)
        tone = next(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
        return (unicodedata.normalize("NFC", parts.replace(tone, "")) + tone).encode("cp1258")


FOREIGN = {"ru": "квакошмыг", "fa": "قورپشک", "vi": "nhái bén trượt ván", "ja": "蛙跳躍祭"}
"""Phrases of the list that weigh enough to close a page alone; nobody ever wrote them."""
AROUND = {
    "ru": "Наша школа стоит у большого пруда, где весной много лягушек. {} Потом все идут домой обедать.",
    "fa": "مدرسه ما کنار رودخانه بزرگ است و بچه ها در بهار آنجا بازی می کنند {} و بعد به خانه می روند",
    "vi": "Trường của chúng em ở cạnh một hồ nước rất lớn, {} mùa xuân có nhiều ếch nhái và chim chóc.",
    "ja": "私たちの学校は大きな池のそばにあります。{}春には蛙がたくさんいます。",
}
_LEGACY = {"windows-1251": "ru", "koi8-r": "ru", "windows-1256": "fa", "windows-1258": "vi", "shift_jis": "ja"}


def foreign(charset: str, phrase: bool = True) -> bytes:
    """A sentence of that charset's language in it, with the listed phrase or without."""
    language = _LEGACY[charset]
    text = AROUND[language].format(FOREIGN[language] if phrase else "")
    if charset == "windows-1256":
        text = text.replace("ی", "ي").replace("ک", "ك")  # it has the Arabic letters only
    return _cp1258(text) if charset == "windows-1258" else text.encode(charset)


def _html(head: bytes, text: bytes) -> bytes:
    return (
        b"<!doctype html><html><head>" + head + b"<title>origin-ok</title></head><body><p>" + text + b"</body></html>"
    )


def _charsets(phrase: bool) -> dict[str, Body]:
    """D08 and D13: declared in the header, by meta, by the XML declaration, wrongly, not at all."""
    made: dict[str, Body] = {}
    for charset, language in _LEGACY.items():
        text = foreign(charset, phrase)
        meta = b'<meta charset="%b">' % charset.encode()
        old = b'<meta http-equiv=Content-Type content="text/html; charset=%b">' % charset.encode()
        xml = b'<?xml version="1.0" encoding="%b"?>' % charset.encode()
        made[f"{charset}-header"] = (f"text/html; charset={charset}", "", _html(b"", text))
        made[f"{charset}-meta"] = (HTML, "", _html(meta, text))
        made[f"{charset}-old-meta"] = (HTML, "", _html(old, text))
        made[f"{charset}-meta-against-header"] = (UTF_8, "", _html(meta, text))
        made[f"{charset}-plain"] = (f"text/plain; charset={charset}", "", b"origin-ok " + text)
        made[f"{charset}-xml"] = ("application/xhtml+xml", "", xml + _html(b"", text))
        if language != "ja":
            made[f"{charset}-sniffed"] = (HTML, "", _html(b"", text))
            made[f"{charset}-called-utf-8"] = (UTF_8, "", _html(b"", text))
    return made


SVG = f"<svg xmlns='http://www.w3.org/2000/svg'><title>origin-ok</title><text>say {ALL} now</text></svg>".encode()
XHTML = f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>origin-ok {ALL}</p></body></html>'
CLOSED |= {
    **_charsets(True),
    "svg": ("image/svg+xml", "", SVG),
    "xhtml": ("application/xhtml+xml", "", XHTML.encode()),
    "xml": ("application/xml", "", f"<a><b>origin-ok</b><c>{ALL}</c></a>".encode()),
    "html-as-plain": ("text/plain", "", PAGE),
    "json-api": ("application/vnd.api+json", "", json.dumps({"data": {"text": "origin-ok " + ALL}}).encode()),
    "json-escaped": (
        "application/json",
        "",
        b'{"a": "origin-ok ' + "".join(f"\\u{ord(c):04x}" for c in ALL).encode() + b'"}',
    ),
    "gzip-unannounced": (UTF_8, "", gzip.compress(PAGE)),
    "gzip-garbage": (UTF_8, "gzip", gzip.compress(PAGE) + b"garbage behind the end"),
    "gzip-two-members": (UTF_8, "gzip", gzip.compress(PAGE[:70]) + gzip.compress(PAGE[70:])),
    "identity": (UTF_8, "identity", PAGE),
    "gzip-br-mix": (UTF_8, "br, gzip", gzip.compress(brotli.compress(PAGE))),
}
AS_IMAGE: Body = ("image/png", "", PAGE)
OPEN: dict[str, Body] = {
    "one-mention": (UTF_8, "", page(f"once {PHRASES[0]}")),
    "many-of-one": (UTF_8, "", page(f"{PHRASES[0]} " * 9)),
    "inside-words": (UTF_8, "", page(" and ".join(f"x{phrase}x" for phrase in PHRASES))),
    "script": (UTF_8, "", page(f"<script>var a = '{ALL}'</script>")),
    **{f"{name}-harmless": body for name, body in _charsets(False).items()},
    "css": ("text/css", "", f"/* origin-ok {ALL} */".encode()),
    "javascript": ("text/javascript", "", f"// origin-ok {ALL}".encode()),
}


INNOCENT = {
    "en": "Scunthorpe, Essex, Sussex, Penistone; analysis by a therapist; cocktail, sextant, Moby-Dick, chicken breast",
    "fa": "کسب و کار، کیک، کیف، کسی که کوسه را دید، جنسیت و جنس پارچه، سکسکه، کشتی نوح، پسته و پستانداران",
    "ar": "الجنسية والتجنيس، كسوف الشمس، كسرى، المكسيك، سكسونيا",
    "kk": "Сексен сегіз, сексеуіл, секірді, құмарлық, амандық, көтерілді, анаша айтты, қотан, бөксең",
    "ru": "Оскорблять не надо: хлебушек, страховка, застрахуй, подстрахуй, употребляя, скипидар, команда, мандарин",
    "vi": "Các bạn lớn học lồng ghép; lon nước, buổi sáng, con cá, đồng hồ, công viên, điếm canh, đường đi lối lại",
}
"""Ordinary words that hold a short bad one, or look like one without their marks."""

SILENT = {
    "script": f"<script>var words = '{ALL}'</script>",
    "json-script": f'<script type="application/json">{{"words": "{ALL}"}}</script>',
    "next-data": f'<script id="__NEXT_DATA__" type="application/json">{{"a": ["{ALL}"]}}</script>',
    "style": f"<style>a:after {{ content: '{ALL}' }}</style>",
    "template": f"<template><p>{ALL}</p></template>",
    "comment": f"<!-- {ALL} -->",
    "attribute": f'<div data-words="{ALL}" class="{ALL}"></div>',
}


def body(name: str) -> Body:
    return {**CLOSED, **OPEN, "as-image": AS_IMAGE}[name]
