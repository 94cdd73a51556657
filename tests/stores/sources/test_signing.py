"""Keys and the frame of a signed file."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.stores.sources.signing import (
    START,
    BundleFault,
    check,
    fingerprint,
    new_keys,
    private_key,
    public_key,
    shown,
    sign,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes([1] * 32))


def framed(content: bytes) -> io.BytesIO:
    file = io.BytesIO(bytes(START) + content)
    sign(file, KEY)
    return file


def test_a_pair_signs_and_checks(tmp_path: Path) -> None:
    public = new_keys(tmp_path / "district.key")
    key = private_key(tmp_path / "district.key")
    assert (tmp_path / "district.key").stat().st_mode & 0o777 == 0o600
    assert shown(public_key(public.read_text())) == shown(key.public_key())
    assert len(fingerprint(key.public_key())) == 16


def test_keys_are_not_overwritten_and_not_shared(tmp_path: Path) -> None:
    new_keys(tmp_path / "k")
    with pytest.raises(BundleFault, match="exists"):
        new_keys(tmp_path / "k")
    (tmp_path / "k").chmod(0o644)
    with pytest.raises(BundleFault, match="others may read"):
        private_key(tmp_path / "k")


@pytest.mark.parametrize("content", [b"", b"x", b"-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_private_key(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "k").write_bytes(content)
    (tmp_path / "k").chmod(0o600)
    with pytest.raises(BundleFault, match="is no key"):
        private_key(tmp_path / "k")


@pytest.mark.parametrize("text", ["", "hedgerow-lists-key:", "hedgerow-lists-key:AAAA", "A" * 44, "hedgerow1abc"])
def test_what_is_no_public_key(text: str) -> None:
    with pytest.raises(BundleFault, match="no public key"):
        public_key(text)


def test_the_content_is_left_to_be_read() -> None:
    file = framed(b"content")
    check(file, KEY.public_key())
    assert file.read() == b"content"


@given(st.integers(0, START + 9), st.integers(1, 255))
def test_no_byte_can_be_altered(at: int, by: int) -> None:
    altered = bytearray(framed(b"0123456789").getvalue())
    altered[at] ^= by
    with pytest.raises(BundleFault):
        check(io.BytesIO(bytes(altered)), KEY.public_key())


@pytest.mark.parametrize("length", [0, 5, START - 1, START, START + 9])
def test_nothing_can_be_cut_off(length: int) -> None:
    with pytest.raises(BundleFault):
        check(io.BytesIO(framed(b"0123456789").getvalue()[:length]), KEY.public_key())


def test_another_key_is_told_by_its_fingerprint() -> None:
    with pytest.raises(BundleFault, match=fingerprint(KEY.public_key())):
        check(framed(b"x"), OTHER.public_key())
