"""Detached signatures as minisign makes them: Ed25519 (RFC 8032) over the file, or over its BLAKE2b-512 (RFC 7693).

https://jedisct1.github.io/minisign/#signature-format. A second signature covers the first one and the trusted comment.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_LONGEST = 8192
_TRUSTED = "trusted comment: "


class SignatureFault(ValueError):
    """The signature does not fit, or is none. The message says which."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A publisher's key and its number, which a signature names too."""

    number: bytes
    key: Ed25519PublicKey


def public_key(text: str) -> PublicKey:
    """The key as minisign prints it, ``RW...``. Raises SignatureFault."""
    try:
        raw = _bytes(text, "the key")
    except SignatureFault:
        raw = b""
    if len(raw) != 42 or raw[:2] != b"Ed":
        raise SignatureFault("a minisign key begins with RW and has 56 characters")
    return PublicKey(raw[2:10], Ed25519PublicKey.from_public_bytes(raw[10:]))


def verify(path: Path, signature: str, key: PublicKey) -> None:
    """Raises SignatureFault when the file is not what the key's owner signed, and OSError."""
    lines = signature[:_LONGEST].splitlines()
    if len(lines) < 4 or not lines[2].startswith(_TRUSTED):
        raise SignatureFault("no minisign signature: four lines expected")
    raw, whole = _bytes(lines[1], "the signature"), _bytes(lines[3], "the global signature")
    if len(raw) != 74 or raw[:2] not in (b"Ed", b"ED"):
        raise SignatureFault("no minisign signature: it begins with neither Ed nor ED")
    if raw[2:10] != key.number:
        raise SignatureFault("signed with another key than the one in sources.yaml")
    signed = _hashed(path) if raw[:2] == b"ED" else path.read_bytes()
    try:
        key.key.verify(raw[10:], signed)
        key.key.verify(whole, raw[10:] + lines[2].removeprefix(_TRUSTED).encode())
    except InvalidSignature:
        raise SignatureFault("the signature does not fit the file") from None


def _bytes(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise SignatureFault(f"{what} is no base64") from None


def _hashed(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=64)).digest()
