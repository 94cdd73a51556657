"""Combinations: near enough, in any order or the given one, one word for each group."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.combining import windows
from hedgerow.core.matching import Spot


def spots(text: str, words: str) -> list[Spot]:
    """Where any of these words stand in ``text``, which has single spaces."""
    found, start = [], 0
    for word in text.split(" "):
        if word in words.split():
            found.append(Spot(start, start + len(word), 0))
        start += len(word) + 1
    return found


def found(text: str, groups: list[str], within: int, ordered: bool = False) -> list[str]:
    return [
        " ".join(text[spot.start : spot.end] for spot in window)
        for window in windows(text, [spots(text, group) for group in groups], within, ordered)
    ]


@pytest.mark.parametrize(
    "text, groups, within, expected",
    [
        ("buy weed", ["buy", "weed"], 0, ["buy weed"]),
        ("weed buy", ["buy", "weed"], 0, ["buy weed"]),
        ("buy some weed", ["buy", "weed"], 0, []),
        ("buy some weed", ["buy", "weed"], 1, ["buy weed"]),
        ("buy or sell weed", ["buy sell", "weed hash"], 0, ["sell weed"]),
        ("buy weed buy weed", ["buy", "weed"], 0, ["buy weed", "buy weed"]),
        ("buy weed weed", ["buy", "weed"], 3, ["buy weed"]),
        ("buy a b c d weed x buy", ["buy", "weed"], 1, ["buy weed"]),
        ("a b c", ["a", "b", "c"], 1, ["a b c"]),
        ("a x b x c", ["a", "b", "c"], 2, []),
        ("a x b x c", ["a", "b", "c"], 3, ["a b c"]),
        ("d c b a", ["a", "b", "c", "d"], 2, ["a b c d"]),
        ("a", ["a", "a"], 5, []),
        ("a a", ["a", "a"], 5, ["a a"]),
        ("a b", ["a", "a b"], 5, ["a b"]),
        ("b a", ["a", "a b"], 5, ["a b"]),
    ],
)
def test_in_any_order(text: str, groups: list[str], within: int, expected: list[str]) -> None:
    assert found(text, groups, within) == expected


@pytest.mark.parametrize(
    "text, groups, within, expected",
    [
        ("buy weed", ["buy", "weed"], 0, ["buy weed"]),
        ("weed buy", ["buy", "weed"], 0, []),
        ("weed buy weed", ["buy", "weed"], 0, ["buy weed"]),
        ("buy buy x weed", ["buy", "weed"], 1, ["buy weed"]),
        ("a b x x a b c", ["a", "b", "c"], 1, ["a b c"]),
        ("a c b", ["a", "b", "c"], 9, []),
    ],
)
def test_in_order(text: str, groups: list[str], within: int, expected: list[str]) -> None:
    assert found(text, groups, within, ordered=True) == expected


def test_what_is_far_apart_is_not_counted_out() -> None:
    text = "buy " + "x" * 10_000 + " weed"
    assert found(text, ["buy", "weed"], 5) == []


@given(st.lists(st.sampled_from("abcx"), max_size=14), st.integers(0, 4), st.booleans())
def test_two_groups_are_found_where_they_stand(words: list[str], within: int, ordered: bool) -> None:
    """The two pointers find something exactly where trying all pairs does."""
    text = " ".join(words)
    pairs = itertools.product(
        [n for n, word in enumerate(words) if word == "a"], [n for n, word in enumerate(words) if word in "bc"]
    )
    near = [abs(one - other) - 1 <= within and (one < other or not ordered) for one, other in pairs]
    assert bool(found(text, ["a", "b c"], within, ordered)) == any(near)


@given(st.lists(st.sampled_from("abcx"), max_size=12), st.integers(0, 4))
def test_three_groups_are_found_where_they_stand(words: list[str], within: int) -> None:
    text = " ".join(words)
    places = [[n for n, word in enumerate(words) if word == letter] for letter in "abc"]
    near = [max(three) - min(three) - 1 <= within for three in itertools.product(*places)]
    assert bool(found(text, ["a", "b", "c"], within)) == any(near)
