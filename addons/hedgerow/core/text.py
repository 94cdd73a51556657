"""Bytes of a body to bounded, visible text: codings undone, type sniffed, characters decoded, markup removed.

Nothing here raises, whatever the bytes: what cannot be read is said in ``Text.undecodable``, which a band judges.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hedgerow.core.charset import decode
from hedgerow.core.decode import unpack
from hedgerow.core.html import Said, html_said
from hedgerow.core.jsontext import json_passages
from hedgerow.core.sniff import file_type, is_json, is_readable, is_xml, kind_of, sniff
from hedgerow.core.tags import strip_tags

__all__ = ["Text", "file_type", "kind_of", "sniff", "visible_text"]

DEFAULT_LIMIT = 2 * 1024 * 1024
"""Bytes of decoded body that are read; the scan limit published in ``deploy/LIMITS.md``."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a body says. ``letters`` are enough to see that nothing is in it; ``passages`` are found when asked for."""

    letters: tuple[str, ...] = ()  # the letters of ``passages``; white space may lack where blocks meet
    media_type: str = ""  # canonical, sniffed
    undecodable: str = ""  # why the body could not be read
    truncated: bool = False  # only the first ``limit`` bytes were read
    inspected: int = 0  # bytes after decompression
    separated: Callable[[], tuple[str, ...]] | None = field(default=None, compare=False, repr=False)

    @property
    def passages(self) -> tuple[str, ...]:
        """What goes to ``Lexicon.scan``; hits point into it. HTML: title, visible text, text of attributes."""
        return self.letters if self.separated is None else self.separated()


def visible_text(body: bytes, content_type: str, content_encoding: str = "", *, limit: int = DEFAULT_LIMIT) -> Text:
    """The text a reader of this body sees, from at most ``limit`` bytes of it after decompression."""
    plain = unpack(body, content_encoding, limit)
    if plain.error:
        return Text(media_type=sniff(content_type, b""), undecodable=plain.error)
    media_type = sniff(content_type, plain.data[:1024])
    if not is_readable(media_type):
        return Text(media_type=media_type, truncated=plain.truncated)
    letters, separated = _read(plain.data, content_type, media_type)
    return Text(letters, media_type, "", plain.truncated, len(plain.data), separated)


def _read(data: bytes, content_type: str, media_type: str) -> Said:
    if is_json(media_type):
        return json_passages(decode(data, content_type, markup=False)), None
    if is_xml(media_type):
        text = strip_tags(decode(data, content_type))
        return ((text,) if text else ()), None
    markup = media_type == "text/html"
    text = decode(data, content_type, markup=markup)
    # Programs read JSON that was sent as a page: its escapes must not hide words.
    inside = json_passages(text) if text[:64].lstrip()[:1] in ("{", "[") else ()
    if markup:
        letters, separated = html_said(text)
        return (*letters, *inside), separated and (lambda: (*separated(), *inside))
    return (*filter(None, (text,)), *inside), None
