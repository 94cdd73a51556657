"""Literals in bytes: every place, by Hyperscan and by the automaton."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core import literals
from hedgerow.core.literals import Literals


def both(keys: list[bytes]) -> tuple[Literals, Literals]:
    """Searched by Hyperscan, and by the automaton that very long lists get."""
    with pytest.MonkeyPatch.context() as patch:
        few = Literals(keys)
        patch.setattr(literals, "MOST_KEYS", 0)
        return few, Literals(keys)


BYTES = st.binary(min_size=1, max_size=8)
LONG = st.text("ab ж.", min_size=6, max_size=9).map(str.encode)


@given(st.lists(LONG, min_size=1, max_size=4, unique=True), st.text("ab ж.", max_size=60).map(str.encode))
def test_all_places(keys: list[bytes], data: bytes) -> None:
    expected = [(at + len(key), n) for n, key in enumerate(keys) for at in range(len(data)) if data.startswith(key, at)]
    for found in both(keys):
        assert sorted(place for _, ends in found.find(data) for place in ends) == sorted(expected)
        assert found.stand(data) == bool(expected)
        assert found.stand(data, {0}) == any(number == 0 for _, number in expected)
        assert found.all(data) == {keys[number] for _, number in expected}


@given(st.lists(BYTES, min_size=1, max_size=4, unique=True), st.binary(max_size=40))
def test_any_bytes_are_taken(keys: list[bytes], data: bytes) -> None:
    for found in both(keys):
        assert found.stand(data) <= any(key in data for key in keys)
        assert found.stand(keys[0])


@pytest.mark.parametrize(
    "text, word, stem",
    [(b"ass", 1, 1), (b"class", 0, 0), (b"assess", 0, 1), (b"(ass)", 1, 1), ("ä".encode() + b"ass", 1, 1), (b"", 0, 0)],
)
def test_short_words_are_whole(text: bytes, word: int, stem: int) -> None:
    assert len(Literals([b"ass"]).all(text)) == word
    assert len(Literals([b"ass"], {0}).all(text)) == stem


def test_nothing_stands_nowhere() -> None:
    assert not Literals([]).stand(b"x") and not list(Literals([]).find(b""))


def test_threads_share_one() -> None:
    shared = Literals([b"needle in hay"])
    text = b"hay " * 5_000 + b"needle in hay"
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(shared.all, [text] * 40))
    assert found == [{b"needle in hay"}] * 40


def test_patterns_are_escaped() -> None:
    assert re.search(literals._pattern(b"a.b*(c)", False), b"a.b*(c)")
    assert not re.search(literals._pattern(b"a.b*(c)", False), b"axbbc")
