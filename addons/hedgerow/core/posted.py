"""What was typed into a form: urlencoded, multipart, JSON and plain bodies to text. Bounded, lenient, never raises.

The caller has already undone the content encoding and cut the body at its limit; all work here is linear in the
body's length. Standards: https://url.spec.whatwg.org/#urlencoded-parsing, RFC 7578 (multipart), RFC 8259 (JSON).
Values are read, names of fields are not (a form may ask for "sex"). Binary forms (protobuf, gRPC) are not read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from hedgerow.core.model import Channel, Typed
from hedgerow.core.query import decode_bytes, pairs, readings, wire_bytes

_MOST_FIELDS = 256  # Typed values; the text of further fields is joined into one more
_MOST_PARTS = 4_096
_LAYERS = 3  # JSON written inside a JSON string or a form field, multipart inside multipart
# A JSON string, and whether it is a key. Read by pattern, not parsed: depth costs nothing, and a body that is cut, or
# guarded by ")]}'", gives its strings all the same. Possessive, and matching up to the end: linear whatever the body.
_JSON_STRING = re.compile(r'"((?:[^"\\]++|\\.|\\\Z)*+)(?:"|\Z)(\s*+:)?', re.DOTALL)
_WORD = re.compile(r"[^\s!-/:-@\[-`{-~]")  # more than white space and ASCII punctuation
_LOOKS_JSON = re.compile(r"\s*[\[{]")
_LOOKS_FORM = re.compile(r"[^\s=&;]+=\S*")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]++|\\.)*+)"|([^;]*))')
# Never a Python codec by any name a client sends: some are no charsets, and "punycode" takes quadratic time.
_CHARSET = re.compile(r"utf-?(?:8|16(?:le|be)?)|(?:windows-|cp)125[0-8]|koi8-[ru]|iso-8859-\d{1,2}|us-ascii")


def posted(content_type: str, body: bytes) -> tuple[Typed, ...]:
    """The text a person may have typed into a request body, one value a field (channel POSTED).

    ``content_type`` is the header as sent, "" when there was none: then the body is read as what it looks like.
    ``body`` is without content encoding.
    """
    texts = (text.strip() for text in _texts(content_type, body, _LAYERS))
    return tuple(Typed(Channel.POSTED, text) for text in bounded(filter(_WORD.search, texts)))


def bounded(texts: Iterable[str]) -> list[str]:
    """Each text once, at most ``_MOST_FIELDS`` of them; what is beyond, together."""
    distinct = list(dict.fromkeys(texts))
    rest = "\n".join(distinct[_MOST_FIELDS:])
    return distinct[:_MOST_FIELDS] + ([rest] if rest else [])


def _texts(content_type: str, body: bytes, layers: int) -> Iterator[str]:
    media_type, parameters = _header(content_type)
    if media_type.startswith("multipart/"):
        yield from _multipart(parameters.get("boundary", ""), body, layers)
    elif media_type == "application/x-www-form-urlencoded":
        yield from _form(body.decode("utf-8", "surrogateescape"), layers)
    elif media_type == "application/json" or media_type.endswith("+json"):
        for text in _readings(parameters, body):
            yield from _json(text, layers) if '"' in text else (text,)
    elif media_type in ("", "application/graphql", "application/xml") or media_type.startswith("text/"):
        for text in _readings(parameters, body):
            yield from _plain(text, layers)


def _header(value: str) -> tuple[str, dict[str, str]]:
    """``text/plain; charset="utf-8"`` -> the value in lower case, and its parameters."""
    parameters = {match[1].lower(): match[2] or match[3] or "" for match in _PARAMETER.finditer(value)}
    return value.partition(";")[0].strip().lower(), {name: text.strip() for name, text in parameters.items()}


def _readings(parameters: dict[str, str], raw: bytes) -> tuple[str, ...]:
    """The body in its declared charset, and as it reads without: a declaration need not be true."""
    charset = parameters.get("charset", "").lower()
    guessed = decode_bytes(raw)
    if not _CHARSET.fullmatch(charset):
        return guessed
    try:
        return tuple(dict.fromkeys((raw.decode(charset, "replace"), *guessed)))
    except LookupError:  # iso-8859-99
        return guessed


def _form(text: str, layers: int) -> Iterator[str]:
    for reading in readings(value or key for key, value in pairs(text)):
        yield from _plain(reading, layers, form=False)


def _plain(text: str, layers: int, *, form: bool = True) -> Iterator[str]:
    """Text as it stands; if the whole of it is JSON its strings instead, if it looks like a form its values too."""
    if layers and _LOOKS_JSON.match(text) and _is_json(text):
        yield from _json(text, layers)
        return
    if form and _LOOKS_FORM.fullmatch(text):
        yield from _form(text, layers)
    yield text


def _json(text: str, layers: int) -> Iterator[str]:
    for match in _JSON_STRING.finditer(text):
        if not match[2]:
            yield from _plain(_unescaped(match[1]), layers - 1, form=False)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _unescaped(literal: str) -> str:
    if "\\" not in literal:
        return literal
    try:
        text = json.loads(f'"{literal}"', strict=False)
    except ValueError:
        return literal
    return wire_bytes(text).decode("utf-8", "replace")  # no lone surrogates


def _multipart(boundary: str, body: bytes, layers: int) -> Iterator[str]:
    if not boundary or not layers:
        yield from decode_bytes(body)
        return
    delimiter = re.compile(rb"(?:\A|\r?\n)--" + re.escape(wire_bytes(boundary)))
    for part in delimiter.split(body, _MOST_PARTS)[1:]:
        yield from _part(part, layers)


def _part(part: bytes, layers: int) -> Iterator[str]:
    blank = _BLANK_LINE.search(part)
    head, content = (part[: blank.start()], part[blank.end() :]) if blank else (b"", part)
    headers = _headers(head)
    content_type = headers.get("content-type", "")
    _, disposition = _header(headers.get("content-disposition", ""))
    is_file = "filename" in disposition or "filename*" in disposition
    yield from _texts(content_type or ("application/octet-stream" if is_file else ""), content, layers - 1)


def _headers(head: bytes) -> dict[str, str]:
    lines = (line.partition(":") for line in head.decode("utf-8", "surrogateescape").splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in lines}
