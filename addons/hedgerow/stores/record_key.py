"""The record's key: each entry has its own, and the one before it is gone (forward integrity).

A key gives the MAC of one entry and the next key (HMAC-SHA256, RFC 2104), and is then overwritten: whoever takes over
the machine today finds no key with which yesterday's entries could be written anew (Bellare and Yee 1997, Schneier and
Kelsey 1999). Whoever holds the *starting* key can compute all of them, and so verify all of them: it belongs with a
keyholder, not on the machine (``stores.record_start``).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, replace

from hedgerow.stores.record_entry import FIRST


@dataclass(frozen=True, slots=True)
class Key:
    """The key of the next entry, and what stands before that entry."""

    epoch: int
    step: int
    secret: bytes
    entries: int = 0  # how many the record has
    last: str = FIRST  # hash of the last

    def mac(self, purpose: str, text: str) -> str:
        """64 hexadecimal digits; ``purpose`` keeps an entry's MAC from passing as the head's."""
        return hmac.digest(self.secret, f"{purpose}\0{text}".encode(), "sha256").hex()

    def after(self, entries: int, last: str) -> Key:
        """The key of the entry that follows; this one must be forgotten."""
        return replace(self.next(), entries=entries, last=last)

    def next(self) -> Key:
        return replace(self, step=self.step + 1, secret=hmac.digest(self.secret, b"next", "sha256"))

    def encode(self) -> bytes:
        values = {"epoch": self.epoch, "step": self.step, "secret": self.secret.hex()}
        return json.dumps({**values, "entries": self.entries, "last": self.last}).encode()


def decode_key(raw: bytes) -> Key | None:
    """The key, or None when the file is damaged: a new starting key is then made, and verification says so."""
    try:
        found = json.loads(raw)
        numbers = (found["epoch"], found["step"], found["entries"])
        secret = bytes.fromhex(found["secret"])
        if not all(isinstance(number, int) for number in numbers) or len(secret) != 32:
            return None
        return Key(found["epoch"], found["step"], secret, found["entries"], str(found["last"]))
    except (ValueError, TypeError, KeyError):
        return None


def commitment(secret: bytes) -> str:
    """What an entry may say of a starting key before anybody has it."""
    return hashlib.sha256(b"hedgerow-record-start\0" + secret).hexdigest()
