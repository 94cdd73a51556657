"""The signed token in a warning's form: it lets one person past one rule on one site, for ten minutes of reading.

HMAC-SHA256 (RFC 2104) over canonical JSON, compared in constant time. The token stands in a hidden form field,
never in a URL or a cookie, and names the person by a keyed hash: a page that is still open when its site begins to pass
unread (relax) may send it to the site. What it grants is kept by ``stores.grants``. Keys live in ``state/keys``, 0600,
apart from the CA; the last key still verifies after a rotation, so that no open page dies.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

_KEY_BYTES = 32
_FORM_SECONDS = 600
_MAX_TOKEN = 2048
_CODE = "unlock"


@dataclass(frozen=True, slots=True)
class Continue:
    """What a token says: who may go on past which rule, where. ``kind`` is "warn" or "help"."""

    person: str
    site: str
    digest: str
    band: str
    kind: str
    issued: int = (
        0  # seconds of the wall clock, set by ``sign``: what is granted counts from here, however often it is sent
    )
    at: str = ""  # the site whose page holds the form, where that is another one: a translator's; "" = ``site``


class Tokens:
    """Signs and verifies; one object a process."""

    def __init__(self, folder: Path) -> None:
        self._keys = _read_keys(folder)

    def sign(self, granted: Continue, now: float) -> str:
        """A token that verifies until ``now`` + 10 minutes (seconds of the wall clock)."""
        key, nonce = self._keys[0], secrets.token_hex(8)
        whose = _whose(key, nonce, granted.person)
        fields = [whose, granted.site, granted.digest, granted.band, granted.kind, granted.at]
        payload = json.dumps([*fields, int(now), nonce], separators=(",", ":")).encode()
        return _text(payload) + "." + _text(_mac(key, payload))

    def sign_code(self, person: str, now: float) -> str:
        """A token for the form of an unlock code: it says who got it, and lets nobody past anything."""
        return self.sign(Continue(person, "", "", "", _CODE), now)

    def verify_code(self, token: str, person: str, now: float) -> bool:
        """True when ``sign_code`` made it for this person in the last 10 minutes. Never raises on hostile input."""
        found = self.verify(token, person, "", now)
        return found is not None and found.kind == _CODE

    def verify(self, token: str, person: str, site: str, now: float) -> Continue | None:
        """What the token grants this person now, sent from a page of this site, or None.

        Never raises on hostile input.
        """
        if len(token) > _MAX_TOKEN:
            return None
        payload_text, _, mac_text = token.partition(".")
        payload, mac = _bytes(payload_text), _bytes(mac_text)
        good = [key for key in self._keys if hmac.compare_digest(_mac(key, payload), mac)]
        if not payload or not good:
            return None
        who, where, digest, band, kind, at, issued, nonce = json.loads(payload)  # ours: the signature holds
        fresh = issued <= now + 1 and now - issued <= _FORM_SECONDS
        mine = hmac.compare_digest(who, _whose(good[0], nonce, person))
        same = hmac.compare_digest((at or where).encode(), site.encode())
        return Continue(person, where, digest, band, kind, issued, at) if fresh and mine and same else None


def rotate(folder: Path) -> None:
    """Make a new key; the present one becomes the old one and verifies until the next rotation."""
    current, old = folder / "token.key", folder / "token.old.key"
    if current.exists():
        current.replace(old)
    _write_key(current)


def _read_keys(folder: Path) -> tuple[bytes, ...]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    current = folder / "token.key"
    if not current.exists():
        _write_key(current)
    paths = (current, folder / "token.old.key")
    return tuple(path.read_bytes() for path in paths if path.exists())


def _write_key(path: Path) -> None:
    """Create the file whole or not at all: two workers starting together must end with one key."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_KEY_BYTES))
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _mac(key: bytes, payload: bytes) -> bytes:
    return hmac.new(key, b"hedgerow-continue-2|" + payload, hashlib.sha256).digest()


def _whose(key: bytes, nonce: str, person: str) -> str:
    """The person as a token names them: another hash in each, so that no site learns an address or knows one again."""
    said = "\0".join(("hedgerow-person-1", nonce, person)).encode("utf-8", "surrogatepass")
    return hmac.new(key, said, hashlib.sha256).hexdigest()[:32]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return b""
