"""Sealing a secret to named keyholders, so that any two of them together open it and nobody alone: not one keyholder,
not the machine that sealed it.

The secret is encrypted under a number that exists only in shares (Shamir 1979, threshold two, modulo 2^255 - 19); each
share is sealed to one keyholder's X25519 key (RFC 7748) through HKDF-SHA256 (RFC 5869) and ChaCha20-Poly1305 (RFC
8439). The ephemeral key is used for one sealing and forgotten, so every derived key is new and its nonce may be zero.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PRIME = 2**255 - 19
_NONCE = bytes(12)
_PREFIX = "hedgerow1"
_CHECK = 4
NEEDED = 2
"""How many keyholders open what is sealed."""


class SealError(ValueError):
    """A key or a sealed text cannot be used. The message says which, and never what is in it."""


@dataclass(frozen=True, slots=True)
class Share:
    """One keyholder's part: the point of the line, and its value sealed to them."""

    point: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret only two keyholders open. ``shares`` are named by the fingerprint of each keyholder's key."""

    ephemeral: bytes
    shares: Mapping[str, Share]
    box: bytes


def public_text(key: bytes) -> str:
    """A public key as it stands in site.yaml: a slip of the hand is noticed by its checksum."""
    return _PREFIX + base64.b32encode(key + _checksum(key)).decode().rstrip("=").lower()


def public_key(text: str) -> bytes:
    """The key in ``text``. Raises SealError when it is mistyped, or a point that gives every secret away."""
    try:
        body = text.strip().removeprefix(_PREFIX).upper()
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except ValueError as error:
        raise SealError("no key of `hedgerow identity key make`") from error
    key, check = raw[:32], raw[32:]
    if len(raw) != 32 + _CHECK or check != _checksum(key) or public_text(key) != text.strip().lower():
        raise SealError("no key of `hedgerow identity key make`: a character is wrong or missing")
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(key))
    except ValueError as error:
        raise SealError("a key that anybody could open") from error
    return key


def fingerprint(key: bytes) -> str:
    """16 hexadecimal digits that name a public key."""
    return hashlib.sha256(key).hexdigest()[:16]


def seal(secret: bytes, holders: Iterable[bytes], about: bytes) -> Sealed:
    """``secret`` for any two of ``holders`` (public keys); ``about`` stands beside it in plain and is bound to it.

    Raises SealError with fewer than two different keys.
    """
    keys = list(dict.fromkeys(holders))
    if len(keys) < NEEDED:
        raise SealError("two keyholders are needed")
    number, slope = secrets.randbelow(_PRIME), secrets.randbelow(_PRIME)
    ephemeral = X25519PrivateKey.generate()
    ours = ephemeral.public_key().public_bytes_raw()
    shares = {}
    for point, key in enumerate(keys, 1):
        value = ((number + slope * point) % _PRIME).to_bytes(32, "big")
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(key))
        sealed = _cipher(shared, ours + key, b"hedgerow-share-1").encrypt(_NONCE, value, about)
        shares[fingerprint(key)] = Share(point, sealed)
    box = _cipher(number.to_bytes(32, "big"), ours, b"hedgerow-box-1").encrypt(_NONCE, secret, about)
    return Sealed(ours, shares, box)


def unseal(sealed: Sealed, holders: Iterable[X25519PrivateKey], about: bytes) -> bytes:
    """The secret, from two keyholders' private keys. Raises SealError when it was sealed to others, or changed."""
    points: dict[int, int] = {}
    for private in holders:
        key = private.public_key().public_bytes_raw()
        share = sealed.shares.get(fingerprint(key))
        if share is not None:
            points[share.point] = _share(sealed.ephemeral, share, private, key, about)
    if len(points) < NEEDED:
        raise SealError(f"sealed to the keys {', '.join(sealed.shares)}: two of them are needed, {len(points)} given")
    number = _meet(*list(points.items())[:NEEDED])
    try:
        cipher = _cipher(number.to_bytes(32, "big"), sealed.ephemeral, b"hedgerow-box-1")
        return cipher.decrypt(_NONCE, sealed.box, about)
    except InvalidTag as error:
        raise SealError("what is sealed was changed") from error


def to_json(sealed: Sealed) -> dict[str, object]:
    """As JSON can hold it."""
    shares = {name: [share.point, _text(share.sealed)] for name, share in sealed.shares.items()}
    return {"ephemeral": _text(sealed.ephemeral), "shares": shares, "box": _text(sealed.box)}


def from_json(found: Any) -> Sealed:
    """What ``to_json`` gave. Raises SealError on anything else."""
    try:
        shares = {str(name): Share(int(point), _raw(text)) for name, (point, text) in found["shares"].items()}
        return Sealed(_raw(found["ephemeral"]), shares, _raw(found["box"]))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SealError("nothing that Hedgerow sealed") from error


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _share(ephemeral: bytes, share: Share, private: X25519PrivateKey, key: bytes, about: bytes) -> int:
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(ephemeral))
        value = _cipher(shared, ephemeral + key, b"hedgerow-share-1").decrypt(_NONCE, share.sealed, about)
    except (InvalidTag, ValueError) as error:
        raise SealError("what is sealed was changed") from error
    return int.from_bytes(value, "big")


def _meet(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Where the line through two points meets the axis: the number."""
    (x1, y1), (x2, y2) = one, other
    return (y1 * x2 - y2 * x1) * pow(x2 - x1, -1, _PRIME) % _PRIME


def _cipher(secret: bytes, salt: bytes, info: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), 32, salt, info).derive(secret))


def _checksum(key: bytes) -> bytes:
    return hashlib.sha256(b"hedgerow-key" + key).digest()[:_CHECK]
