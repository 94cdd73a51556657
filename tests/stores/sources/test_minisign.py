"""Detached signatures in minisign's format, made here by a second hand from its description."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hedgerow.stores.sources.minisign import SignatureFault, public_key, verify

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NUMBER = b"\x01\x02\x03\x04\x05\x06\x07\x08"


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def key(number: bytes = NUMBER, private: Ed25519PrivateKey = PRIVATE) -> str:
    return encoded(b"Ed" + number + private.public_key().public_bytes_raw())


def signed(content: bytes, prehashed: bool = True, comment: str = "timestamp:1", number: bytes = NUMBER) -> str:
    what = hashlib.blake2b(content).digest() if prehashed else content
    signature = PRIVATE.sign(what)
    whole = PRIVATE.sign(signature + comment.encode())
    line = encoded((b"ED" if prehashed else b"Ed") + number + signature)
    return f"untrusted comment: x\n{line}\ntrusted comment: {comment}\n{encoded(whole)}\n"


@pytest.mark.parametrize("prehashed", [True, False])
def test_a_good_signature_of_either_kind(tmp_path: Path, prehashed: bool) -> None:
    (tmp_path / "list").write_bytes(b"a.example\n")
    verify(tmp_path / "list", signed(b"a.example\n", prehashed), public_key(key()))


@pytest.mark.parametrize(
    "signature, told",
    [
        (signed(b"other\n"), "does not fit the file"),
        (signed(b"a.example\n").replace("timestamp:1", "timestamp:2"), "does not fit"),
        (signed(b"a.example\n", number=b"12345678"), "another key"),
        ("", "four lines"),
        ("a\nb\nc\nd\n", "four lines"),
        ("a\n!!\ntrusted comment: x\nAA==\n", "no base64"),
        (f"a\n{encoded(b'x' * 74)}\ntrusted comment: x\nAA==\n", "neither Ed nor ED"),
    ],
)
def test_every_other_one_is_refused(tmp_path: Path, signature: str, told: str) -> None:
    (tmp_path / "list").write_bytes(b"a.example\n")
    with pytest.raises(SignatureFault, match=told):
        verify(tmp_path / "list", signature, public_key(key()))


@pytest.mark.parametrize("text", ["", "RW", "!!", encoded(b"XX" + bytes(40))])
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(SignatureFault):
        public_key(text)
