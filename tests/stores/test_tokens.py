from __future__ import annotations

import base64
import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.stores.tokens import Continue, Tokens, rotate

GRANTED = Continue("10.8.0.7", "forum.example", "abcd1234", "ages-14-17", "warn")


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(tmp_path_factory.mktemp("keys"))


def test_a_token_verifies_for_its_person_and_site(tokens: Tokens) -> None:
    token = tokens.sign(GRANTED, 1000.0)
    assert tokens.verify(token, "10.8.0.7", "forum.example", 1300.0) == replace(GRANTED, issued=1000)


def test_a_token_for_a_site_inside_another_is_sent_from_the_outer_one(tokens: Tokens) -> None:
    inside = replace(GRANTED, at="archive.example")
    token = tokens.sign(inside, 1000.0)
    assert tokens.verify(token, "10.8.0.7", "archive.example", 1300.0) == replace(inside, issued=1000)
    assert tokens.verify(token, "10.8.0.7", "forum.example", 1300.0) is None


@pytest.mark.parametrize(
    "person, site, now",
    [
        ("10.8.0.8", "forum.example", 1001.0),  # another person
        ("10.8.0.7", "other.example", 1001.0),  # another site
        ("10.8.0.7", "forum.example", 1601.0),  # the form was left open too long
        ("10.8.0.7", "forum.example", 900.0),  # issued in the future: the clock was set back
    ],
)
def test_a_token_is_refused_elsewhere(tokens: Tokens, person: str, site: str, now: float) -> None:
    assert tokens.verify(tokens.sign(GRANTED, 1000.0), person, site, now) is None


def test_every_flipped_bit_is_refused(tokens: Tokens) -> None:
    payload, mac = tokens.sign(GRANTED, 1000.0).split(".")
    raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    for bit in range(0, len(raw) * 8, 7):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        forged = base64.urlsafe_b64encode(bytes(changed)).rstrip(b"=").decode() + "." + mac
        assert tokens.verify(forged, "10.8.0.7", "forum.example", 1001.0) is None


def test_an_unsigned_or_foreign_token_is_refused(tokens: Tokens, tmp_path: Path) -> None:
    payload = json.dumps(["10.8.0.7", "forum.example", "abcd1234", "ages-14-17", "warn", 1000, "00"]).encode()
    bare = base64.urlsafe_b64encode(payload).rstrip(b"=").decode()
    foreign = Tokens(tmp_path / "other").sign(GRANTED, 1000.0)
    for token in (bare, bare + ".", foreign, "", ".", "x" * 100_000):
        assert tokens.verify(token, "10.8.0.7", "forum.example", 1001.0) is None


@given(st.text(max_size=300))
def test_hostile_text_never_raises(tokens: Tokens, text: str) -> None:
    assert tokens.verify(text, "10.8.0.7", "forum.example", 1001.0) is None


def test_the_old_key_still_verifies_after_one_rotation(tmp_path: Path) -> None:
    token = Tokens(tmp_path).sign(GRANTED, 1000.0)
    rotate(tmp_path)
    assert Tokens(tmp_path).verify(token, "10.8.0.7", "forum.example", 1001.0) == replace(GRANTED, issued=1000)
    rotate(tmp_path)
    assert Tokens(tmp_path).verify(token, "10.8.0.7", "forum.example", 1001.0) is None


def test_the_key_is_for_its_owner_only(tmp_path: Path) -> None:
    Tokens(tmp_path)
    assert stat.S_IMODE((tmp_path / "token.key").stat().st_mode) == 0o600


def test_the_token_of_a_code_lets_nobody_past_a_warning(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    token = tokens.sign_code("p", 1000.0)
    assert tokens.verify_code(token, "p", 1500.0) and not tokens.verify_code(token, "q", 1500.0)
    assert not tokens.verify_code(token, "p", 1700.0) and tokens.verify(token, "p", "x.test", 1000.0) is None
    assert not tokens.verify_code(tokens.sign(Continue("p", "", "d", "b", "warn"), 1000.0), "p", 1000.0)


def test_a_token_says_to_nobody_whose_it_is(tokens: Tokens) -> None:
    """It may reach the site, once the site passes unread; and two of them do not say that they are one person's."""
    whose = set()
    for token in (tokens.sign(GRANTED, 1000.0), tokens.sign_code("10.8.0.7", 1000.0), tokens.sign(GRANTED, 1000.0)):
        payload = token.partition(".")[0]
        said = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        assert b"10.8.0.7" not in said
        whose.add(json.loads(said)[0])
    assert len(whose) == 3
