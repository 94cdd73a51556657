"""The record's starting keys: sealed to the keyholders, so that the machine cannot know its own past keys again.

Without keyholders a starting key lies in ``state/keys/record-start-<epoch>.key``, where whoever is root finds it: the
MACs then say nothing about root. Once site.yaml names keyholders, what lies there is sealed to them and destroyed, and
a new starting key takes over that was never on the disk in plain; other keyholders get a new one again. Two of them
open it, as they do an identity: one administrator who is a keyholder too must not be able to write the past anew.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hedgerow.stores.pseudonyms import destroy
from hedgerow.stores.record import Record
from hedgerow.stores.record_key import Key, commitment, decode_key
from hedgerow.stores.sealed import Sealed, SealError, fingerprint, from_json, public_key, seal, to_json, unseal


def entrust(record: Record, holders: Mapping[str, str]) -> bool:
    """Seal what lies open and begin a new key, when ``holders`` (name to public key) are not the present one's.

    True when a new key began. Does nothing without holders. Raises OSError and SealError.
    """
    if not holders or not record.key_file.exists():
        return False
    for path in _plain(record):
        epoch = int(path.stem.rpartition("-")[2])
        _store(record, epoch, bytes.fromhex(path.read_text()), holders)
        destroy(path)
    if _holders_of(record) == {fingerprint(public_key(text)) for text in holders.values()}:
        return False
    _begin(record, holders)
    return True


def _begin(record: Record, holders: Mapping[str, str]) -> None:
    secret = secrets.token_bytes(32)

    def follow(key: Key) -> Key:
        _store(record, key.epoch + 1, secret, holders)
        return Key(key.epoch + 1, 0, secret, key.entries, key.last)

    detail = {"commitment": commitment(secret), "keyholders": dict(holders)}
    names = ", ".join(holders)
    record.append("record", "Hedgerow", f"a new key of the record, sealed to {names}", "", detail, follow=follow)


def starts(record: Record) -> dict[int, bytes]:
    """The starting keys that lie open: those of a school without keyholders."""
    return {int(path.stem.rpartition("-")[2]): bytes.fromhex(path.read_text()) for path in _plain(record)}


def opened(record: Record, one: X25519PrivateKey, other: X25519PrivateKey) -> dict[int, bytes]:
    """The starting keys that these two keyholders open; those sealed to others are left out. Raises OSError."""
    found = {}
    for path in sorted(record.log.parent.glob("start-*.sealed")):
        epoch = int(path.stem.rpartition("-")[2])
        try:
            found[epoch] = unseal(_read(path), (one, other), _about(epoch))
        except SealError:
            continue
    return found


def _plain(record: Record) -> Iterator[Path]:
    return (path for path in sorted(record.key_file.parent.glob("record-start-*.key")) if path.stem[13:].isdigit())


def _holders_of(record: Record) -> set[str]:
    """The fingerprints to whom the starting key in use is sealed; empty when it is not."""
    key = decode_key(record.key_file.read_bytes())
    path = record.log.parent / f"start-{key.epoch if key else 0}.sealed"
    try:
        return set(_read(path).shares) if path.exists() and not _was_plain(path) else set()
    except SealError:
        return set()


def _was_plain(path: Path) -> bool:
    """A key that once lay open is no secret, sealed or not."""
    return bool(json.loads(path.read_bytes()).get("lay-open"))


def _store(record: Record, epoch: int, secret: bytes, holders: Mapping[str, str]) -> None:
    open_before = (record.key_file.parent / f"record-start-{epoch}.key").exists()
    sealed = seal(secret, map(public_key, holders.values()), _about(epoch))
    content = {**to_json(sealed), "lay-open": open_before}
    record.store(record.log.parent / f"start-{epoch}.sealed", json.dumps(content).encode())


def _read(path: Path) -> Sealed:
    """Raises SealError."""
    try:
        return from_json(json.loads(path.read_bytes()))
    except ValueError as error:
        raise SealError(f"{path} is damaged") from error


def _about(epoch: int) -> bytes:
    return f"hedgerow record start {epoch}".encode()
