"""Where words may show only through leet and splits."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.hidden import framed, in_characters, spelled_out, suspects, together, unveiled, unveiled_once
from hedgerow.core.normal import fold
from hedgerow.core.spacing import spaced


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
    data = framed(fold(f"ordinary words before it {text} and behind"))
    (window,) = suspects(data)
    assert any(word in other for other in unveiled(data[slice(*window)]))


@pytest.mark.parametrize(
    "text", ["casino", "two words", "", "music as in opera", "сегодня, 5 июня", "hôm nay (2024) đi"]
)
def test_ordinary_text_hides_nothing(text: str) -> None:
    assert suspects(framed(fold(text))) == []


@given(
    st.text("casino é4- 赌ж", max_size=300),
    st.sampled_from(["c4sino", "c-a-s-i-n-o", "c a s i n o"]),
    st.text("bé ", max_size=300),
)
def test_windows_hold_the_whole_of_it(before: str, disguise: str, behind: str) -> None:
    text = fold(f"{before} . {disguise} . {behind}")
    data = framed(text)
    windows = list(in_characters(data, suspects(data)))
    assert any(disguise in text[start:end] for start, end in windows)
    assert windows == sorted(windows) and all(0 <= start < end <= len(text) for start, end in windows)
    assert disguise.encode() in together(data, suspects(data))
    assert together(data, suspects(data)).decode() == "\n".join(text[start:end] for start, end in windows)


@pytest.mark.parametrize("letter", ["é", "ж", "赌", "🎰"])
@pytest.mark.parametrize("more", range(4))
def test_no_letter_is_cut(letter: str, more: int) -> None:
    text = f"{'x' * more}{letter * 99}c4sino{letter * 99}"
    data = framed(text)
    ((start, end),) = windows = list(in_characters(data, suspects(data)))
    assert together(data, suspects(data)).decode() == text[start:end] and "c4sino" in text[start:end]
    assert windows != [(0, len(text))] and list(unveiled(together(data, suspects(data))))


def test_a_page_full_of_them_is_linear() -> None:
    for piece in ("c4sino ", "a-", "a b c ", "x4" * 50 + " ", "é-"):
        started = time.process_time()
        text = piece * (2 * 2**20 // len(piece.encode()))
        data = framed(text)
        whole = together(data, suspects(data))
        assert list(unveiled(whole)) and spelled_out(whole) in (True, False)
        assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "text, out",
    [
        ("a b c d", True),
        ("1 2 3 4 5 a b c", True),
        ("c. a. s. i. n. o", True),
        ("к а з и н о", True),
        ("1 2 3 4 5 6 7 8", False),
        ("1 2 3 4 5 next", False),
        ("+ + + + + +", False),
        ("a b c", False),
        ("a casino b c d", False),
    ],
)
def test_letters_in_a_row(text: str, out: bool) -> None:
    assert spelled_out(text.encode()) is out


@given(st.text("ab12é赌+ .-", max_size=30))
def test_no_row_is_missed(text: str) -> None:
    folded = fold(text.translate(dict.fromkeys(map(ord, "-.")))) if text else ""
    rows = re.findall(r"(?<!\S)[^\W_](?: +[^\W_]){3,}(?!\S)", folded)
    assert spelled_out(folded.encode()) is any(sum(map(str.isalpha, row)) > 2 for row in rows)


@given(st.lists(st.text("cas1n0!|l-. é4", max_size=30), max_size=6).map("\n".join))
def test_once_is_all_of_it_that_is_not_read_anyhow(text: str) -> None:
    """Signs are spaces to who seeks whole words."""
    data = text.encode()
    once = unveiled_once(data)
    lines = {line for other in unveiled(data) for line in other.split("\n")}
    anyhow = set(spaced(text).split())
    assert {*once.split("\n"), ""} <= {*lines, ""} and len(once) <= len("\n".join(unveiled(data)))
    assert {word for line in lines for word in spaced(line).split()} <= anyhow | set(spaced(once).split())
