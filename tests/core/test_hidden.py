"""Where words may show only through leet and splits."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.hidden import spelled_out, suspects, together, unveiled, unveiled_once
from hedgerow.core.normal import fold


@pytest.mark.parametrize(
    "text, word",
    [
        ("c4sino", "casino"),
        ("c4s1no!", "casino"),
        ("ca-si-no", "casino"),
        ("0nline b3tting", "online betting"),
        ("online_b3tting", "online betting"),
        ("c.a.s.i.n.o,", "casino"),
        ("play ca$ino", "casino"),
        ("po1e", "pole"),
    ],
)
def test_what_is_hidden_shows(text: str, word: str) -> None:
    folded = fold(f"ordinary words before it {text} and behind")
    (window,) = suspects(folded)
    assert any(word in other for other in unveiled(folded[slice(*window)]))


@pytest.mark.parametrize(
    "text", ["casino", "two words", "", "music as in opera", "сегодня, 5 июня", "hôm nay (2024) đi"]
)
def test_ordinary_text_hides_nothing(text: str) -> None:
    assert suspects(fold(text)) == []


@given(
    st.text("casino é4- 赌ж", max_size=300),
    st.sampled_from(["c4sino", "c-a-s-i-n-o", "c a s i n o"]),
    st.text("bé ", max_size=300),
)
def test_windows_hold_the_whole_of_it(before: str, disguise: str, behind: str) -> None:
    text = fold(f"{before} . {disguise} . {behind}")
    windows = suspects(text)
    assert any(disguise in text[start:end] for start, end in windows)
    assert windows == sorted(windows) and all(0 <= start < end <= len(text) for start, end in windows)
    assert disguise in together(text, windows)


def test_a_page_full_of_them_is_linear() -> None:
    for piece in ("c4sino ", "a-", "a b c ", "x4" * 50 + " ", "é-"):
        started = time.process_time()
        text = piece * (2 * 2**20 // len(piece.encode()))
        whole = together(text, suspects(text))
        assert list(unveiled(whole)) and spelled_out(whole) in (True, False)
        assert time.process_time() - started < 2


@given(st.lists(st.text("cas1n0!|l-. é4", max_size=30), max_size=6).map("\n".join))
def test_once_is_all_of_it(text: str) -> None:
    lines = {line for other in unveiled(text) for line in other.split("\n")}
    assert {*unveiled_once(text).split("\n"), ""} == {*lines, ""}
    assert len(unveiled_once(text)) <= len("\n".join(unveiled(text)))
