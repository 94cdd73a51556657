"""A keyholder's private key: a small file that its passphrase opens, kept by that person and never on the gateway.

The key is encrypted with ChaCha20-Poly1305 (RFC 8439) under scrypt (RFC 7914; N=2^17, r=8, p=1, as OWASP's password
storage sheet advises): trying passphrases costs 128 MB and some tenths of a second each.
"""

from __future__ import annotations

import json
import os
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from hedgerow.stores.sealed import SealError, public_text

SHORTEST_PASSPHRASE = 12
_COST = 2**17
_FORMAT = "hedgerow keyholder 1"


@dataclass(frozen=True, slots=True)
class Keyholder:
    """A person with their key in hand."""

    name: str
    private: X25519PrivateKey

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()


def make(name: str, passphrase: str) -> tuple[Keyholder, bytes]:
    """A new key and the file that holds it. Raises SealError when the passphrase is too short."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise SealError(f"a passphrase of at least {SHORTEST_PASSPHRASE} characters is needed; four words do")
    holder = Keyholder(name, X25519PrivateKey.generate())
    salt, public = secrets.token_bytes(16), public_text(holder.public)
    box = _cipher(passphrase, salt).encrypt(bytes(12), holder.private.private_bytes_raw(), _about(name, public))
    content = {"format": _FORMAT, "name": name, "public": public, "salt": salt.hex(), "key": box.hex()}
    return holder, json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def name_in(content: bytes) -> str:
    """Whose file it is, without its passphrase. Raises SealError."""
    return _read(content)[0]


def unlock(content: bytes, passphrase: str) -> Keyholder:
    """The key in a file of ``make``. Raises SealError when it is no such file or the passphrase is wrong."""
    name, public, salt, box = _read(content)
    try:
        raw = _cipher(passphrase, salt).decrypt(bytes(12), box, _about(name, public))
    except InvalidTag as error:
        raise SealError(f"the passphrase of {name} is wrong") from error
    return Keyholder(name, X25519PrivateKey.from_private_bytes(raw))


def two(holders: Iterable[Keyholder]) -> tuple[Keyholder, Keyholder]:
    """Two different people. Raises SealError: one person with two files of one key is one person."""
    different = {holder.public: holder for holder in holders}
    if len(different) != 2:
        raise SealError("the keys of two keyholders are needed")
    first, second = different.values()
    return first, second


def write_key(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a new file only its owner reads. Raises FileExistsError: a key is never overwritten."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "wb") as file:
        file.write(content)
        os.fsync(file.fileno())


def _read(content: bytes) -> tuple[str, str, bytes, bytes]:
    try:
        found = json.loads(content)
        if found["format"] != _FORMAT:
            raise SealError("no file of `hedgerow identity key make`")
        return str(found["name"]), str(found["public"]), bytes.fromhex(found["salt"]), bytes.fromhex(found["key"])
    except (ValueError, TypeError, KeyError) as error:
        raise SealError("no file of `hedgerow identity key make`") from error


def _cipher(passphrase: str, salt: bytes) -> ChaCha20Poly1305:
    """NFKC: the same passphrase typed on another keyboard is the same."""
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    return ChaCha20Poly1305(Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(typed))


def _about(name: str, public: str) -> bytes:
    return f"{_FORMAT}\0{name}\0{public}".encode()
