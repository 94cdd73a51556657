"""Bytes of a body to bounded, visible text: codings undone, type sniffed, characters decoded, markup removed.

Nothing here raises, whatever the bytes: what cannot be read is said in ``Text.undecodable``, which a band judges.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hedgerow.core.charset import decode
from hedgerow.core.decode import unpack
from hedgerow.core.html import html_passages
from hedgerow.core.jsontext import json_passages
from hedgerow.core.model import Passage
from hedgerow.core.slices import documents
from hedgerow.core.sniff import file_type, is_json, is_readable, is_xml, kind_of, sniff
from hedgerow.core.tags import strip_tags

__all__ = ["Text", "file_type", "kind_of", "sniff", "visible_text"]

DEFAULT_LIMIT = 2 * 1024 * 1024
"""Bytes of decoded body that are read; the scan limit published in ``deploy/LIMITS.md``."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a body says."""

    passages: tuple[Passage, ...] = ()  # what goes to ``Lexicon.scan``; hits point into it
    media_type: str = ""  # canonical, sniffed
    undecodable: str = ""  # why the body could not be read
    truncated: bool = False  # only the first ``limit`` bytes were read
    inspected: int = 0  # bytes after decompression

    @property
    def letters(self) -> tuple[str, ...]:
        """The texts of ``passages``, as ``Lexicon.may_find`` takes them."""
        return tuple(passage.text for passage in self.passages)


def visible_text(body: bytes, content_type: str, content_encoding: str = "", *, limit: int = DEFAULT_LIMIT) -> Text:
    """The text a reader of this body sees, from at most ``limit`` bytes of it after decompression."""
    plain = unpack(body, content_encoding, limit)
    if plain.error:
        return Text(media_type=sniff(content_type, b""), undecodable=plain.error)
    media_type = sniff(content_type, plain.data[:1024])
    if not is_readable(media_type):
        return Text(media_type=media_type, truncated=plain.truncated)
    passages = _read(plain.data, content_type, media_type)
    return Text(passages, media_type, "", plain.truncated, len(plain.data))


def _read(data: bytes, content_type: str, media_type: str) -> tuple[Passage, ...]:
    if is_json(media_type):
        return _plainly(json_passages(decode(data, content_type, markup=False)))
    if is_xml(media_type):
        return _plainly((strip_tags(decode(data, content_type)),))
    markup = media_type == "text/html"
    text = decode(data, content_type, markup=markup)
    # Programs read JSON that was sent as a page: its escapes must not hide words.
    inside = json_passages(text) if text[:64].lstrip()[:1] in ("{", "[") else ()
    if not markup:
        return (*_plainly((text,)), *_plainly(inside))
    return (*(passage for part in documents(text) for passage in html_passages(part)), *_plainly(inside))


def _plainly(texts: Iterable[str]) -> tuple[Passage, ...]:
    return tuple(Passage(text) for text in texts if text)
