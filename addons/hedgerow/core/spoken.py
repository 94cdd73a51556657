"""What the attributes of an HTML page say, with the place of each: descriptions, labels, documents in documents."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from selectolax.lexbor import LexborHTMLParser

from hedgerow.core.charset import decode
from hedgerow.core.model import Place
from hedgerow.core.tags import strip_tags

_NAMES = ("alt", "title", "placeholder", "aria-label", "label")
_SPOKEN = (
    f"{','.join(f'[{name}]' for name in _NAMES)},input[value],meta[content],"
    'iframe,frame,object[data],embed[src],[href^="data:" i]'
)
_META_NAMES = frozenset(
    {"description", "keywords", "og:title", "og:description", "twitter:title", "twitter:description"}
)
_ADDRESSES = ("src", "data", "href")

_MOST_DOCUMENTS = 16
_LARGEST_DOCUMENT = 128 * 1024
"""Characters of a ``data:`` address that are read: a whole page fits, and sixteen take no longer than one page."""

_DATA = re.compile(r"[\s\x00]*data:", re.IGNORECASE)
_UNSEEN = {ord(char): None for char in "\t\r\n"}
"""What browsers leave out of an address before they look at it."""


def spoken(tree: LexborHTMLParser) -> Iterator[tuple[Place, str]]:
    """Texts of attributes, in the order of the page."""
    documents = 0
    for node in tree.css(_SPOKEN):
        tag, attributes = node.tag, node.attributes
        for name in _NAMES:
            if said := attributes.get(name):
                yield (Place.LINK if tag == "a" and name == "title" else Place.ALT), said
        if tag == "meta":
            named = (attributes.get("name") or attributes.get("property") or "").lower()
            if named in _META_NAMES and (said := attributes.get("content")):
                yield Place.META, said
        elif tag == "input" and (said := attributes.get("value")):
            yield Place.ALT, said
        if srcdoc := attributes.get("srcdoc"):
            yield Place.BODY, strip_tags(srcdoc)
        for name in _ADDRESSES:
            address = attributes.get(name)
            if address and documents < _MOST_DOCUMENTS and _DATA.match(address):
                documents += 1
                yield Place.BODY, document(address)


def document(address: str) -> str:
    """What a ``data:`` address (RFC 2397) shows as a page; "" when it is no text. Nothing raises."""
    kind, comma, rest = address[:_LARGEST_DOCUMENT].translate(_UNSEEN).partition(",")
    media, *parameters = kind.strip().lower().removeprefix("data:").split(";")
    if not comma or (media.strip() and not media.strip().startswith("text/") and not media.strip().endswith("xml")):
        return ""
    data = unquote_to_bytes(rest)
    if "base64" in (parameter.strip() for parameter in parameters):
        data = _from_base64(data)
    return strip_tags(decode(data, kind[5:]))


def _from_base64(data: bytes) -> bytes:
    whole = data[: len(data) // 4 * 4] if len(data) % 4 == 1 else data + b"=" * (-len(data) % 4)
    try:
        return base64.b64decode(whole)
    except binascii.Error:
        return b""
