"""Letters in a row: which words they are."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.parting import MOST, Cutter, parted

WORDS = set(
    "drugs drugs* in london ab cd ef gh ij buy weed for sale a i an here there закладку в москве купить kokai*".split()
)


def known(text: str) -> set[str]:
    words = text.split()
    return {one for one in WORDS if one in words or (one.endswith("*") and any(w[:5] == one[:-1] for w in words))}


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ("buyweedhere", "buy weed here"),
        ("weedforsale", "weed for sale"),
        ("therezzweed", "there zz weed"),  # not "here", and what is unknown stays together
        ("купитьзакладкувмоскве", "купить закладку в москве"),
        ("drugsinlondon", "drugs in london"),  # no ending: a word that is known
        ("abcdefghijk", ""),  # an alphabet is no words of two letters
        ("buykokainomhere", "buy kokainom here"),  # an ending that nobody learned
        ("weedqqqqqq", "weed qqqqqq"),
        ("qqqqqqqq", ""),  # nothing to go by
        ("weed", ""),  # too little to be several words
        ("", ""),
    ],
)
def test_the_words_of_a_row(letters: str, words: str) -> None:
    assert Cutter(known).cut(letters) == words


@given(st.lists(st.sampled_from(sorted(one for one in WORDS if "*" not in one)), min_size=1, max_size=40))
def test_no_letter_is_lost(words: list[str]) -> None:
    letters = "".join(words)
    found = parted(letters, known)
    assert "".join(found) == letters
    assert len(found) <= len(words), "never more pieces than the words it was made of"
    if min(map(len, words)) > 2:
        assert "".join(found[0]) in words and len(found) > len(words) // 3, "and not as it was"


@given(st.text(alphabet="abcxyzбуя", max_size=300))
def test_any_letters_come_back(letters: str) -> None:
    assert Cutter(known).cut(letters).replace(" ", "") in ("", letters)


@pytest.mark.parametrize("padding", ["ab" * 40, "zqxj" * 30, "abcdefghij" * 8])
def test_an_alphabet_beside_words_hides_only_what_is_near(padding: str) -> None:
    message = "buyweedhere" * 9
    assert Cutter(known).cut(padding + message).split().count("weed") >= 5
    assert Cutter(known).cut(message + padding).split().count("weed") >= 5


def test_what_is_behind_the_most_that_is_cut_stays_as_it_is() -> None:
    found = Cutter(known).cut("weed" * (MOST // 4) + "buyweed").split()
    assert found[-2:] == ["weed", "buyweed"] and len(found) == MOST // 4 + 1


def test_a_page_of_many_rows_is_cut_as_long_as_there_is_time() -> None:
    cutter = Cutter(known)
    rows = [bool(cutter.cut(f"buyweed{number:05}")) for number in range(MOST)]
    assert rows[: MOST // 12] == [True] * (MOST // 12) and not any(rows[MOST // 12 + 1 :])


def test_the_same_row_again_takes_nothing_of_that_time() -> None:
    cutter = Cutter(known)
    assert {cutter.cut("buyweed") for _ in range(MOST)} == {"buy weed"}
    assert cutter.cut("weedforsale") == "weed for sale"


def test_a_megabyte_of_letters_is_no_work() -> None:
    letters = "weedforsale" * 100_000
    begin = time.perf_counter()
    assert Cutter(known).cut(letters)
    assert time.perf_counter() - begin < 2
