"""Hyperscan's answers are those of the plain search."""

from __future__ import annotations

import re
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.sieve import Marks, Signs

WORDS = st.binary(min_size=1, max_size=3).filter(lambda key: b"\0" not in key)


@given(st.lists(WORDS, min_size=1, max_size=8, unique=True), st.binary(max_size=60))
def test_which_stand_there(keys: list[bytes], text: bytes) -> None:
    marks = Marks(keys, literal=True, once=True)
    assert sorted(marks.numbers(text)) == [number for number, key in enumerate(keys) if key in text]


@given(st.text("ab<", max_size=60))
def test_each_match_in_order(text: str) -> None:
    wanted = [0 if match[0] == "<a" else 1 for match in re.finditer("<a|<b", text)]
    assert Marks([b"<a", b"<b"]).numbers(text.encode()) == wanted


@given(st.binary(max_size=60), st.integers(1, 5))
def test_where_matches_end(text: bytes, most: int) -> None:
    wanted = [match.end() for match in re.finditer(rb"[a-f]\x80", text)]
    assert Signs([rb"[a-f]\x80"]).ends(text, most) == wanted[:most]


@pytest.mark.parametrize("one", [Marks([b"abc"], literal=True), Signs([b"abc"])], ids=["marks", "signs"])
def test_in_several_threads(one: Marks | Signs) -> None:
    wrong: list[int] = []

    def ask(times: int) -> None:
        text = b"x" * 20_000 + b"abc" * times
        for _ in range(50):
            found = one.numbers(text) if isinstance(one, Marks) else one.ends(text, 1_000)
            if len(found) != times:
                wrong.append(times)

    threads = [threading.Thread(target=ask, args=(times,)) for times in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
