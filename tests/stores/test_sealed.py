"""What is sealed to keyholders is opened by any two of them, and by nobody else."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hedgerow.stores.sealed import Sealed, SealError, Share, fingerprint, public_key, public_text, seal, unseal

SECRET = b"10.20.3.4"
ABOUT = b"2026-11-23\0abc"
HOLDERS = [X25519PrivateKey.generate() for _ in range(4)]
PUBLIC = [holder.public_key().public_bytes_raw() for holder in HOLDERS]


@pytest.fixture(scope="module")
def sealed() -> Sealed:
    return seal(SECRET, PUBLIC, ABOUT)


@pytest.mark.parametrize("pair", list(itertools.permutations(range(4), 2)))
def test_any_two_open_it(sealed: Sealed, pair: tuple[int, int]) -> None:
    assert unseal(sealed, [HOLDERS[index] for index in pair], ABOUT) == SECRET


@pytest.mark.parametrize("given", [[], [0], [0, 0]])
def test_fewer_than_two_open_nothing(sealed: Sealed, given: list[int]) -> None:
    with pytest.raises(SealError, match="two of them are needed"):
        unseal(sealed, [HOLDERS[index] for index in given], ABOUT)


def test_a_stranger_is_nobody(sealed: Sealed) -> None:
    with pytest.raises(SealError, match="two of them are needed, 1 given"):
        unseal(sealed, [HOLDERS[0], X25519PrivateKey.generate()], ABOUT)


def test_it_is_bound_to_what_stands_beside_it(sealed: Sealed) -> None:
    with pytest.raises(SealError, match="was changed"):
        unseal(sealed, HOLDERS[:2], b"2026-11-23\0another pseudonym")


def test_whatever_is_changed_is_noticed(sealed: Sealed) -> None:
    name = fingerprint(PUBLIC[0])
    share = sealed.shares[name]
    turned = bytes([share.sealed[0] ^ 1]) + share.sealed[1:]
    for forged in (
        replace(sealed, box=sealed.box[:-1] + bytes([sealed.box[-1] ^ 1])),
        replace(sealed, ephemeral=bytes(32)),
        replace(sealed, shares={**sealed.shares, name: replace(share, sealed=turned)}),
        replace(sealed, shares={**sealed.shares, name: Share(share.point + 1, share.sealed)}),
        replace(sealed, shares={**sealed.shares, name: Share(9, share.sealed)}),
    ):
        with pytest.raises(SealError):
            unseal(forged, HOLDERS[:2], ABOUT)


def test_the_same_secret_never_looks_the_same() -> None:
    one, other = seal(SECRET, PUBLIC, ABOUT), seal(SECRET, PUBLIC, ABOUT)
    assert one.box != other.box and one.ephemeral != other.ephemeral
    assert SECRET not in one.box


def test_one_keyholder_is_too_few_and_twice_the_same_is_one() -> None:
    with pytest.raises(SealError, match="two keyholders are needed"):
        seal(SECRET, [PUBLIC[0], PUBLIC[0]], ABOUT)


def test_a_public_key_survives_being_written_down() -> None:
    text = public_text(PUBLIC[0])
    assert text.startswith("hedgerow1") and len(text) == 67
    assert public_key(f" hedgerow1{text[9:].upper()} ") == PUBLIC[0]


@pytest.mark.parametrize("index", [9, 20, 40, 66])
def test_a_slip_of_the_hand_is_noticed(index: int) -> None:
    text = public_text(PUBLIC[0])
    with pytest.raises(SealError):
        public_key(text[:index] + ("a" if text[index] != "a" else "b") + text[index + 1 :])


@pytest.mark.parametrize("text", ["", "hedgerow1", "hedgerow1aaaa", "ssh-ed25519 AAAA", "ключ", "a" * 58])
def test_what_is_no_key_is_told(text: str) -> None:
    with pytest.raises(SealError, match="no key of `hedgerow identity key make`"):
        public_key(text)


@pytest.mark.parametrize("number", [0, 1, 2**255 - 20, 2**255 - 19])  # points of small order: RFC 7748, section 6.1
def test_a_key_that_anybody_could_open_is_refused(number: int) -> None:
    with pytest.raises(SealError, match="anybody could open"):
        public_key(public_text(number.to_bytes(32, "little")))
