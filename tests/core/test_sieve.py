"""Any of the keys, or none: the same as looking for each by hand."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core import sieve
from hedgerow.core.sieve import Sieve

BYTES = st.text("abé\u0438\u06cc\U0001f50e", max_size=40).map(str.encode)


@given(st.lists(BYTES.map(lambda key: key[:9]), max_size=5), BYTES)
def test_holds(keys: list[bytes], text: bytes) -> None:
    assert Sieve(keys).holds(text) == any(key in text for key in keys if key)


@pytest.mark.parametrize("keys", [(), (b"",)])
def test_nothing_to_look_for(keys: tuple[bytes, ...]) -> None:
    assert not Sieve(keys).holds(b"anything")


def test_any_byte_can_stand_in_a_key() -> None:
    for code in range(256):
        key = bytes((code, 65))
        assert Sieve((key,)).holds(b"x" + key)
        assert Sieve((key,)).holds(b"x") is (code == 0), "a NUL cannot be looked for: everything is let through"


def test_too_many_keys_let_everything_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieve, "MOST_KEYS", 2)
    assert Sieve((b"a", b"b", b"c")).holds(b"x")
    assert not Sieve((b"a", b"b")).holds(b"x")


def test_several_threads_search_at_once() -> None:
    shared, faults = Sieve((b"abc", b"xyz")), []

    def search(text: bytes, expected: bool) -> None:
        for _ in range(300):
            if shared.holds(text) is not expected:
                faults.append(text[:3])

    texts = [(b"-" * 50_000, False), (b"-" * 50_000 + b"xyz", True)]
    threads = [threading.Thread(target=search, args=text) for text in texts * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
