"""Words that show only through leet and splits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.hidden import Hidden
from hedgerow.core.normal import encoded, fold

WORDS = ("casino", "online betting", "weed")
LEET = ["c4sino", "C A S I N O", "ca-si-no", "0nline b3tting", "c_a_s_i_n_o", "onlinebetting", "casino 0nl1ne betting"]
PLAIN = ["casino", "an online betting casino", "w33d", "", "ordinary text", "casinos and casino"]


def shows(text: str) -> bool:
    folded = fold(text)
    return Hidden(WORDS).shows(encoded(folded), lambda: {word for word in WORDS if word in folded})


@pytest.mark.parametrize("text", LEET)
def test_shows(text: str) -> None:
    assert shows(text)


@pytest.mark.parametrize("text", PLAIN)
def test_shows_nothing_new(text: str) -> None:
    assert not shows(text)


@given(st.text("casino 4-", max_size=12))
def test_what_it_says_no_to_holds_no_word(text: str) -> None:
    """With everything that splits taken out and figures read as letters, the word stands there or it does not."""
    joined = text.translate(str.maketrans("4", "a", " -"))
    assert shows(text) == ("casino" in joined and "casino" not in fold(text))
