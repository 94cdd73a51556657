"""Why something passed without being read: the closed set behind the blind-spot score (deploy/WATCHING.md)."""

from __future__ import annotations

import enum

from hedgerow.core.sniff import is_readable


class Unread(enum.StrEnum):
    """A metric label. One request has one reason at most, so that the share of those not read stays below one."""

    # connections passed on as they are
    PROTECTED = "protected"  # a helpline
    NO_DECRYPT = "no-decrypt"  # banks, health, updates
    NAMES_ONLY = "names-only"  # a network whose devices carry no certificate of ours
    RELAXED = "relaxed"  # `hedgerow relax`
    # answers, and what was sent
    POLICY = "policy"  # the band does not have this site's words read
    PICTURE = "type-picture"
    MEDIA = "type-media"  # sound and film
    CODE = "type-code"  # scripts, styles, letters: parts of pages
    OTHER = "type-other"  # files: no text in them that we read
    STREAM = "stream"
    UNDECODABLE = "undecodable"
    REST = "rest"  # of a page, what stands behind the part that is read
    POSTED = "posted"  # an upload that is no text
    POSTED_REST = "posted-rest"  # of an upload, what followed the part that is read
    MESSAGE = "message"  # of a WebSocket, in a form that is no text


PASSED = frozenset({Unread.PROTECTED, Unread.NO_DECRYPT, Unread.NAMES_ONLY, Unread.RELAXED})
"""Reasons of whole connections: nothing but the name was seen."""

OPENED, HANDSHAKE = "opened", "handshake"
OUTCOMES = (OPENED, HANDSHAKE, *sorted(PASSED))
"""What became of a connection: opened (or never encrypted), refused by the device, or passed on and why."""

_CODE = ("javascript", "ecmascript", "css", "font", "wasm", "manifest", "json", "xml")


def by_type(media: str) -> Unread:
    """The reason for a body of this type that is not read. ``media`` is lower case, without parameters."""
    kind = media.partition("/")[0]
    if kind == "image":
        return Unread.PICTURE
    if kind in ("audio", "video"):
        return Unread.MEDIA
    if kind == "font" or is_readable(media) or any(word in media for word in _CODE):
        return Unread.CODE
    return Unread.OTHER
