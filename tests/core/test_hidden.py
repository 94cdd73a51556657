"""Words that show only through leet and splits."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.hidden import MOST_PLACES, Hidden
from hedgerow.core.normal import fold

WORDS = ("casino", "online betting", "weed")
HIDDEN = Hidden(WORDS)


def shown(text: str) -> list[str]:
    folded = fold(text)
    found = HIDDEN.places(folded, lambda: {word for word in WORDS if word in folded})
    return [folded[start:end] for start, end in found]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("c4sino", ["c4sino"]),
        ("a C A S I N O here", ["c a s i n o"]),
        ("ca-si-no", ["ca-si-no"]),
        ("«é» 0nline b3tting", ["0nline b3tting"]),
        ("c_a_s_i_n_o", ["c_a_s_i_n_o"]),
        ("casino 0nl1ne betting", ["0nl1ne betting"]),
        ("play cas1no, ca$ino", ["cas1no", "ca$ino"]),
    ],
)
def test_shows(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    ["casino", "an online betting casino", "w33d", "", "ordinary text", "casinos and casino", "music as in opera"],
)
def test_shows_nothing_new(text: str) -> None:
    assert not shown(text)


@given(
    st.text("casino é4-", max_size=12),
    st.sampled_from(["c4sino", "c-a-s-i-n-o", "c a s i n o"]),
    st.text("bé ", max_size=3),
)
def test_places_are_where_it_stands(before: str, disguise: str, behind: str) -> None:
    text = fold(f"{before} . {disguise} . {behind}")
    assert any(text[start:end] == disguise for start, end in HIDDEN.places(text, set))


@given(st.text("casino 4-", max_size=12))
def test_what_it_says_no_to_holds_no_word(text: str) -> None:
    """With everything that splits taken out and figures read as letters, the word stands there or it does not."""
    joined = text.translate(str.maketrans("4", "a", " -"))
    assert not shown(text) or ("casino" in joined and "casino" not in fold(text))


def test_a_page_full_of_them_is_bounded() -> None:
    started = time.process_time()
    assert len(HIDDEN.places("c4sino " * 300_000, set)) == MOST_PLACES
    assert len(HIDDEN.places("music as in opera " * 100_000, set)) == 0
    assert time.process_time() - started < 2
