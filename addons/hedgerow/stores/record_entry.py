"""One entry of the change record, and its line: ``hash mac body``, where ``body`` is one line of JSON.

``hash`` is SHA-256 (FIPS 180-4) over ``mac body``; the body carries the hash of the line before, so that no line
can be changed, taken out or moved without every later line changing. ``mac`` is HMAC-SHA256 (RFC 2104) under a key
that exists for this one entry only (``stores.record_key``). JSON escapes whatever is not ASCII: no text forges a line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS = ("policy", "list", "grant", "floor", "recipient", "identity", "report", "relax", "record")
"""What an entry can be about; ``record`` is the record itself: a new key, a gap that was found."""

FIRST = "0" * 64
"""What the first entry names as the hash before it."""

_LONGEST = {"who": 200, "what": 500, "why": 1000}
_LONGEST_DETAIL = 100_000
_CUT = " [cut]"


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: who did what, when and why. ``time`` is ISO 8601 in UTC, by the machine's clock."""

    number: int  # from 1, without gaps
    time: str
    kind: str
    who: str
    what: str
    why: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)
    epoch: int = 1  # which starting key its MAC descends from
    step: int = 0  # how many steps from it
    before: str = FIRST

    def body(self) -> str:
        """Canonical JSON: the same entry always gives the same text."""
        return json.dumps({name: getattr(self, name) for name in _FIELDS}, sort_keys=True, separators=(",", ":"))


_FIELDS = ("number", "time", "kind", "who", "what", "why", "detail", "epoch", "step", "before")


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it lies in the file."""

    entry: Entry
    body: str
    mac: str
    hash: str

    @property
    def sound(self) -> bool:
        """True when the hash fits what stands in the line. Anybody can make such a line: it says nothing of who."""
        return self.hash == line_hash(self.mac, self.body)


def line_hash(mac: str, body: str) -> str:
    return hashlib.sha256(f"{mac} {body}".encode()).hexdigest()


def encode(body: str, mac: str) -> bytes:
    return f"{line_hash(mac, body)} {mac} {body}\n".encode()


def decode(raw: bytes) -> Line | None:
    """The line, or None when it is torn or no entry at all. Never raises on what somebody else wrote."""
    try:
        digest, mac, body = raw.decode("ascii").removesuffix("\n").split(" ", 2)
        entry = Entry(**json.loads(body))
        right = isinstance(entry.number, int) and isinstance(entry.epoch, int) and isinstance(entry.step, int)
        texts = (entry.time, entry.kind, entry.who, entry.what, entry.why, entry.before)
        if not (right and isinstance(entry.detail, dict) and all(isinstance(text, str) for text in texts)):
            return None
    except (ValueError, TypeError, RecursionError):
        return None
    return Line(entry, body, mac, digest)


def bounded(name: str, text: str) -> str:
    """``text`` cut to what the field ``name`` may hold: a flood of words must not fill the record."""
    return cut(text, _LONGEST[name])


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - len(_CUT)] + _CUT


def bounded_detail(detail: Mapping[str, object]) -> dict[str, object]:
    """``detail`` as JSON can hold it, at most 100,000 characters: long texts are cut, the longest first of all."""
    plain: dict[str, object] = json.loads(json.dumps({str(key): value for key, value in detail.items()}, default=str))
    if len(json.dumps(plain)) <= _LONGEST_DETAIL:
        return plain
    share = _LONGEST_DETAIL // (6 * max(1, len(plain)))  # one character takes up to six in JSON
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in plain.items()}
    return {cut(key, 100): cut(text, share) for key, text in list(texts.items())[:100] if share > len(_CUT)}
