"""Literals in bytes: which stand there, and every place of a few."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core import literals
from hedgerow.core.literals import Literals, Meanings, places


def both(keys: list[bytes]) -> tuple[Literals, Literals]:
    """Searched by Hyperscan, and by the automaton that very long lists get."""
    with pytest.MonkeyPatch.context() as patch:
        few = Literals(keys)
        patch.setattr(literals, "MOST_KEYS", 0)
        return few, Literals(keys)


BYTES = st.binary(min_size=1, max_size=8)
TEXT = st.text("ab ж.", min_size=1, max_size=9).map(str.encode)


@given(st.lists(TEXT | BYTES, min_size=1, max_size=4, unique=True), st.text("ab ж.", max_size=60).map(str.encode))
def test_which_stand_there(keys: list[bytes], data: bytes) -> None:
    expected = {n for n, key in enumerate(keys) if key in data}
    for found in both(keys):
        assert set(found.numbers(data)) == expected
        assert set(pickle.loads(pickle.dumps(found)).numbers(data)) == expected


@given(st.lists(TEXT, min_size=1, max_size=4, unique=True), st.text("ab ж.", max_size=60).map(str.encode))
def test_all_places(keys: list[bytes], data: bytes) -> None:
    expected = [(at + len(key), n) for n, key in enumerate(keys) for at in range(len(data)) if data.startswith(key, at)]
    assert sorted(place for _, ends in places(dict(enumerate(keys)), data) for place in ends) == sorted(expected)


def test_nothing_stands_nowhere() -> None:
    assert not Literals([]).numbers(b"x") and not list(places({}, b""))


def test_threads_share_one() -> None:
    shared = Literals([b"needle in hay"])
    text = b"hay " * 5_000 + b"needle in hay"
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(shared.numbers, [text] * 40))
    assert found == [[0]] * 40


def test_what_a_literal_stands_for() -> None:
    meanings = Meanings({b"one": [7], b"two": [3, 9, 7], b"three": [1]})
    assert meanings.standing(b"one and two") == {3, 7, 9} and meanings.standing(b"three") == {1}
    assert meanings.standing(b"nothing") == Meanings({}).standing(b"one") == set()
    assert pickle.loads(pickle.dumps(meanings)).standing(b"two") == {3, 7, 9}
