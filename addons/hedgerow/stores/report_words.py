"""A child's words as they are kept: cut, on the lines they stand on, without what a terminal would obey."""

from __future__ import annotations

import hashlib
from dataclasses import astuple

from hedgerow.stores.report_model import Context

FIELD_LIMIT = 500
"""Characters of what is not the text itself: a host, a path, how to be found."""


def clean(text: str, limit: int) -> str:
    """Without control characters (no escape reaches a terminal, I30), trimmed and cut; lone surrogates replaced."""
    kept = "".join(
        c if c.isprintable() or c in "\n\u200c\u200d" else " " for c in text[: limit * 2].replace("\r\n", "\n")
    )
    return kept.strip()[:limit].encode("utf-8", "replace").decode()


def short(context: Context) -> Context:
    """Every field on one line and cut."""
    return Context(*(clean(value, FIELD_LIMIT).replace("\n", " ") for value in astuple(context)))


def fingerprint(kind: str, text: str, context: Context) -> bytes:
    """What makes two reports the same: kind, page and words, however they were spaced or capitalised."""
    words = " ".join(text.casefold().split())
    return hashlib.blake2b("\0".join((kind, context.host, context.path, words)).encode(), digest_size=16).digest()
