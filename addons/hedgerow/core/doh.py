"""Is this request a question to a name server over HTTPS (DoH)? Told by its form, for no list knows all of them.

Standards: RFC 8484 (``application/dns-message``; ``?dns=`` with a message in base64url), RFC 1035 4.1.1 (the header of
a message), and the JSON form that public name servers share (``/resolve?name=``, ``application/dns-json``).
"""

from __future__ import annotations

import base64
import binascii
import re

from hedgerow.core.query import first, pairs

CATEGORY = "doh"
"""The category whose rules decide about such a request, whoever is asked."""
MEDIA_TYPES = ("application/dns-message", "application/dns-json", "application/dns-udpwireformat")
_JSON_PATH = re.compile(r".*/(?:resolve|dns-query)/?")
_JSON_KEYS = frozenset({"name", "type", "cd", "do", "ct", "edns_client_subnet", "random_padding", "ecs"})
_MESSAGE = re.compile(r"(?:^|[&;])(?:d|%[46]4)(?:n|%[46]e)(?:s|%[57]3)=([^&;]{22,})", re.IGNORECASE)
"""The field ``dns``, also written in percent; the shortest message is 17 bytes, 23 letters."""
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})+\.?")
_MOST_FIELDS = 32
_LONGEST = 2_048  # characters of a message looked at: a question of 255 bytes with padding is far shorter


def asks_names(path: str, query: str, *media_types: str) -> bool:
    """True for a canonical path, a raw query and the media types sent and asked for (Content-Type, Accept)."""
    told = " ".join(media_types).lower()
    if "dns" in told and any(kind in told for kind in MEDIA_TYPES):
        return True
    if any(_is_question(first(found[1])) for found in _MESSAGE.finditer(query)):
        return True
    return _JSON_PATH.fullmatch(path) is not None and _is_json_question(query)


def _is_json_question(query: str) -> bool:
    if query.count("&") > _MOST_FIELDS:  # no form of a page's is as long; nobody hides a name behind a thousand fields
        return "name=" in query
    fields = [(first(key).lower(), value) for key, value in pairs(query)]
    asked = [first(value) for key, value in fields if key == "name"]
    return {key for key, _ in fields} <= _JSON_KEYS and len(asked) == 1 and _HOST.fullmatch(asked[0]) is not None


def _is_question(text: str) -> bool:
    """A DNS message in base64url: a query with one question and no answer."""
    text = text[:_LONGEST].rstrip("=")
    try:
        raw = base64.b64decode(
            text[: len(text) & ~3] if len(text) % 4 == 1 else text + "=" * (-len(text) % 4), b"-_", True
        )
    except (binascii.Error, ValueError):
        return False
    return len(raw) >= 17 and raw[2] & 0xF8 == 0 and raw[4:8] == b"\0\1\0\0"
