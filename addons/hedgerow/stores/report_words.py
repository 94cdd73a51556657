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


def same_again(person: str, printed: bytes) -> str:
    """What is kept of a person with a report: it is the same for the same report only. "" for nobody.

    ``person`` is a secret of the portal's process already; of two different reports of one device nothing is alike.
    """
    return hashlib.blake2b(printed, key=person.encode()[:64], digest_size=8).hexdigest() if person else ""


def fingerprint(kind: str, text: str, context: Context) -> bytes:
    """What makes two reports the same: kind, page and words, however they were spaced or capitalised."""
    words = " ".join(text.casefold().split())
    return hashlib.blake2b("\0".join((kind, context.host, context.path, words)).encode(), digest_size=16).digest()
