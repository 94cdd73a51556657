"""Percent-encoded text as a person would read it: queries, form bodies, paths. Lenient, linear, never raises.

A filter cannot know how the origin decodes, so where two readings are possible both are given, one a line.
Standards: https://url.spec.whatwg.org/#urlencoded-parsing, ECMA-262 annex B.2.1 (``%uXXXX``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import unquote_to_bytes

_ESCAPE = re.compile(r"%(?:[0-9A-Fa-f]{2}|[uU][0-9A-Fa-f]{4})")
_LONG_ESCAPE = re.compile(r"%[uU]([0-9A-Fa-f]{4})")
_SEPARATOR = re.compile(r"[&;]")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LAYERS = 3  # encodings of encodings: %2520 has two
_MOST_FIELDS = 1_024  # decoded one by one; further ones together, so that a million fields cost no more than one
_BOMS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
# What pages in our five languages were written in before UTF-8; every byte has a meaning in the last.
_LEGACY = ("windows-1251", "windows-1256", "windows-1258", "latin-1")


def pairs(query: str) -> list[tuple[str, str]]:
    """Keys and values as written, split at ``&`` and ``;``. A field without ``=`` is a value without a key."""
    fields = [field for field in _SEPARATOR.split(query) if field]
    return [(key, value) if equals else ("", key) for key, equals, value in (field.partition("=") for field in fields)]


def values(query: str, *keys: str) -> list[str]:
    """All readings of all values of the keys, also written ``key[]``, ``key[0]`` or percent-encoded."""
    found = [value for name, value in pairs(query) if bare_key(name) in keys]
    return [reading for value in found for reading in readable(value, plus=True)]


def bare_key(key: str) -> str:
    """A percent-encoded key in its likeliest reading, without the ``[]`` or ``[0]`` of a list."""
    return first(key).partition("[")[0]


def query_words(query: str) -> str:
    """The readable text of all keys and values of a raw query, one reading a line."""
    lines = readings(part for field in pairs(query) for part in field if part)
    return "\n".join(line for line in map(str.strip, lines) if line)


def readings(fields: Iterable[str]) -> Iterator[str]:
    """The readings of each form field; of fields past the thousandth together, one a line."""
    rest = iter(fields)
    for field in islice(rest, _MOST_FIELDS):
        yield from readable(field, plus=True)
    yield from readable("\n".join(rest), plus=True)


def first(text: str) -> str:
    """The likeliest reading of one percent-encoded key."""
    return readable(text, plus=True)[0]


def readable(text: str, *, plus: bool = False) -> tuple[str, ...]:
    """The readings of one percent-encoded text, likeliest first: at least one.

    ``plus``: "+" is a blank, as in forms. Escapes inside escapes are decoded up to three layers deep.
    """
    if text.isascii() and "%" not in text:
        return (text.replace("+", " ") if plus else text,)
    found = _decode(text.replace("+", " ") if plus else text)
    for _ in range(_LAYERS - 1):
        if not any("%" in reading for reading in found):
            break
        found = tuple(again for reading in found for again in _once_more(reading, plus))[:8]
    return tuple(dict.fromkeys(found))


def _once_more(reading: str, plus: bool) -> tuple[str, ...]:
    if not _ESCAPE.search(reading):
        return (reading,)
    return _decode(reading.replace("+", " ") if plus else reading)


def _decode(text: str) -> tuple[str, ...]:
    unlong = _LONG_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return decode_bytes(unquote_to_bytes(wire_bytes(unlong)))


def wire_bytes(text: str) -> bytes:
    """The bytes of text that came over the wire, where bytes that are no UTF-8 stand as ``surrogateescape`` left them.

    Surrogate pairs (of ``%uXXXX``) become one character, other lone surrogates U+FFFD.
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def decode_bytes(raw: bytes) -> tuple[str, ...]:
    """The readings of bytes of no declared charset: UTF-8, legacy ones if that is not valid, UTF-16 where it may be.

    Invalid UTF-8 is still read as such first: origins do, and one stray byte must not hide a word.
    """
    if (bom := _BOMS.get(raw[:2])) is not None:
        return (raw[2:].decode(bom, "replace"),)
    wide = ("utf-16-be", "utf-16-le") if len(raw) % 2 == 0 and _CONTROL.search(raw) else ()
    try:
        narrow: tuple[str, ...] = (raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8"),)
    except UnicodeDecodeError:
        narrow = tuple(raw.decode(charset, "replace") for charset in ("utf-8", *_LEGACY))
    return (*narrow, *(raw.decode(charset, "replace") for charset in wide))
