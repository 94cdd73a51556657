"""Bytes to characters as browsers do it: byte order mark, header, declaration in the text, then a good guess.

Labels are those of the WHATWG Encoding standard (https://encoding.spec.whatwg.org/#names-and-labels); a label it
does not know is ignored, never an error. Every decoder replaces what it cannot read.
"""

from __future__ import annotations

import codecs
import re

from hedgerow.core.charset_labels import codec

_PRESCAN = 4096
"""Bytes searched for a declaration; the standard asks for 1,024, real pages put it later."""

_META = re.compile(rb"""<meta\b[^>]{0,500}?charset\s{0,20}=\s{0,20}["']?\s{0,20}([\w.:-]{1,40})""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml\b[^>]{0,200}?encoding\s{0,20}=\s{0,20}["']([\w.:-]{1,40})["']""", re.IGNORECASE)
_CSS = re.compile(rb'@charset "([\w.:-]{1,40})"')
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(data: bytes, content_type: str = "", *, markup: bool = True) -> str:
    """``data`` as text; never raises. ``markup``: look for ``<meta charset>`` and the XML declaration."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    declared = from_header(content_type) or (_from_text(data) if markup else "")
    if declared and declared != "utf-8":
        return data.decode(declared, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(data, error, declared, markup)


def from_header(content_type: str) -> str:
    """The Python codec a Content-Type header names, "" when none or one nobody knows."""
    match = _HEADER.search(content_type)
    return codec(match[1]) if match else ""


def _from_text(data: bytes) -> str:
    head = data[:_PRESCAN]
    if head[:1] == b"<" and head[1:2] == b"\0" or head[:4] == b"\r\0\n\0":
        return "utf-16-le"
    if head[:2] == b"\0<":
        return "utf-16-be"
    if b"<!--" in head:
        head = _COMMENT.sub(b"", head)
    match = _XML.match(head.lstrip()) or _META.search(head) or _CSS.match(head)
    name = codec(match[1].decode("ascii", "replace")) if match else ""
    # The standard: a declaration that could be read as ASCII cannot be true when it says UTF-16.
    return "utf-8" if name.startswith("utf-16") else name


def _not_utf8(data: bytes, error: UnicodeDecodeError, declared: str, markup: bool) -> str:
    """Broken UTF-8: a cut last character, a few bad bytes, or another encoding altogether."""
    text = data.decode("utf-8", "replace")
    if error.start >= len(data) - 3:
        return text
    multibyte = sum(1 for char in text if char > "\x7f") - text.count("�")
    if text.count("�") <= multibyte // 4:
        return text  # UTF-8 with damage: another decoder would make it worse
    inside = _from_text(data) if markup else ""
    if inside and inside != "utf-8":
        return data.decode(inside, "replace")
    return data.decode(guess(data), "replace")


_GUESSES = (
    ("windows-1251", "оеаинтсрвлкмдпуіяәқ"),
    ("koi8-r", "оеаинтсрвлкмдпу"),
    ("windows-1256", "اینرمهدلوتبكيسش"),
    ("windows-1258", ""),
)
_HIGH_WORD = re.compile(rb"[\x80-\xff]{3,}")
_VIETNAMESE_MARKS = re.compile(rb"[a-zA-Z\xe2\xea\xf4\xe3\xf5\xfd\xc2\xca\xd4\xc3\xd5\xdd][\xcc\xec\xde\xd2\xf2]")


def guess(data: bytes) -> str:
    """The likeliest legacy encoding of ``data``, by how common its letters would be; else windows-1252."""
    high = bytes(byte for byte in data[:8192] if byte > 0x7F)
    # Other scripts write whole words above ASCII, Western languages single letters.
    words = sum(map(len, _HIGH_WORD.findall(data[:8192]))) * 2 > len(high)
    best, best_share = "windows-1252", 0.55
    for name, common in _GUESSES:
        if not common:
            share = _vietnamese_share(data[:8192], high)
        elif words:
            text = high.decode(name, "replace")
            share = sum(map(text.count, common)) / max(len(text), 1)
        else:
            continue
        if share > best_share:
            best, best_share = name, share
    return best


def _vietnamese_share(head: bytes, high: bytes) -> float:
    """windows-1258 writes tones as bytes of their own after the vowel: that is what no Western text does often."""
    marks = len(_VIETNAMESE_MARKS.findall(head))
    return 0.56 if high and marks >= 3 and marks / len(high) > 0.2 else 0.0
