"""Keyholders in site.yaml: two to nine people, each with a key of their own."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hedgerow.stores.sealed import public_text
from hedgerow.stores.site_keyholders import keyholders
from tests.stores.small_world import root, told

LAN, MINH = (public_text(X25519PrivateKey.generate().public_key().public_bytes_raw()) for _ in range(2))


def read(text: str) -> tuple[dict[str, str], list[str]]:
    found, mistakes = root(text)
    return keyholders(found.get("keyholders")), told(mistakes)


def test_two_people() -> None:
    assert read(f'keyholders: {{"Cô Lan": {LAN}, "Thầy Minh": {MINH}}}') == ({"Cô Lan": LAN, "Thầy Minh": MINH}, [])


def test_nobody() -> None:
    assert read("school: x") == ({}, [])


@pytest.mark.parametrize(
    "text, mistake",
    [
        (f"{{Lan: {LAN}}}", "2 to 9 keyholders expected, not 1: it takes two of them to open"),
        (f"{{Lan: {LAN}, Minh: {LAN}}}", "'Lan' and 'Minh' have one key: each keyholder has their own"),
        (f"{{Lan: {LAN}, Minh: {MINH[:-1]}}}", "no key of `hedgerow identity key make`"),
        (f"{{Lan: {LAN}, Minh: ssh-ed25519}}", "no key of `hedgerow identity key make`"),
        (f"{{Lan: {public_text(bytes(32))}, Minh: {MINH}}}", "a key that anybody could open"),
        (f"[{LAN}, {MINH}]", "'key: value' lines expected"),
    ],
    ids=["one", "one key", "cut off", "another kind", "of anybody", "a list"],  # the keys are others each time
)
def test_mistakes_are_told_and_nothing_is_sealed_to_half_of_them(text: str, mistake: str) -> None:
    found, mistakes = read(f"keyholders: {text}")
    assert found == {} and [mistake in line for line in mistakes] == [True], mistakes
