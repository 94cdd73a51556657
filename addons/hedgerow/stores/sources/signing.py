"""The district's key pair for bundles: Ed25519 (RFC 8032), and the frame that a signed file has.

::

    hedgerow-lists 1\\n     8 bytes: which key     64 bytes: signature     the content

The signature is over the first line and the SHA-512 of the content, so that a file of any size is checked in one
reading, before a byte of it is unpacked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

HEAD = b"hedgerow-lists 1\n"
START = len(HEAD) + 8 + 64
"""Where the content begins."""

_PUBLIC = "hedgerow-lists-key:"


class BundleFault(Exception):
    """The bundle or the key cannot be used; nothing was taken in. The message says why."""


def new_keys(private: Path) -> Path:
    """Make a pair: ``private`` (0600), and the public key beside it as ``<name>.pub``. Raises BundleFault, OSError."""
    key, public = Ed25519PrivateKey.generate(), private.with_name(f"{private.name}.pub")
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for path, content, mode in ((private, pem, 0o600), (public, f"{shown(key.public_key())}\n".encode(), 0o644)):
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
        except FileExistsError:
            raise BundleFault(
                f"{path} exists: name a new file; whoever has the old public key needs the old one"
            ) from None
        with open(descriptor, "wb") as file:
            file.write(content)
    return public


def private_key(path: Path) -> Ed25519PrivateKey:
    """Raises BundleFault, OSError."""
    if path.stat().st_mode & 0o077:
        raise BundleFault(f"{path}: others may read this key; run: chmod 600 {path}")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise BundleFault(f"{path} is no key; `hedgerow lists bundle --new-key FILE` makes one") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BundleFault(f"{path} is a key of another kind; `hedgerow lists bundle --new-key FILE` makes one")
    return key


def public_key(text: str) -> Ed25519PublicKey:
    """The key as ``<name>.pub`` has it. Raises BundleFault."""
    try:
        raw = base64.b64decode(text.strip().removeprefix(_PUBLIC), validate=True)
        if not text.strip().startswith(_PUBLIC) or len(raw) != 32:
            raise ValueError
        return Ed25519PublicKey.from_public_bytes(raw)
    except (binascii.Error, ValueError):
        raise BundleFault(f"no public key: it begins with {_PUBLIC} and lies beside the private one, as .pub") from None


def shown(key: Ed25519PublicKey) -> str:
    """The public key as people hand it on."""
    return _PUBLIC + base64.b64encode(key.public_bytes_raw()).decode()


def fingerprint(key: Ed25519PublicKey) -> str:
    """16 hexadecimal digits, for comparing by telephone."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def sign(file: IO[bytes], key: Ed25519PrivateKey) -> None:
    """Write head and signature before the content, which begins at START."""
    signature = key.sign(_signed(file))
    file.seek(0)
    file.write(HEAD + bytes.fromhex(fingerprint(key.public_key())) + signature)


def check(file: IO[bytes], key: Ed25519PublicKey) -> None:
    """Leaves the file at the beginning of its content. Raises BundleFault unless this key's owner made it so."""
    file.seek(0)
    head = file.read(START)
    if len(head) < START or not head.startswith(HEAD):
        raise BundleFault("is no bundle of lists, or one of a newer Hedgerow")
    number, signature = head[len(HEAD) : len(HEAD) + 8], head[len(HEAD) + 8 :]
    if number.hex() != fingerprint(key):
        raise BundleFault(f"was signed with the key {number.hex()}, not with yours ({fingerprint(key)})")
    try:
        key.verify(signature, _signed(file))
    except InvalidSignature:
        raise BundleFault("was altered after it was signed, or came through broken: fetch it again") from None
    file.seek(START)


def _signed(file: IO[bytes]) -> bytes:
    digest = hashlib.sha512()
    file.seek(START)
    while piece := file.read(1 << 20):
        digest.update(piece)
    return HEAD + digest.digest()
