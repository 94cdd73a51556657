"""Places in the folded text lead back to the original, in any spelling."""

from __future__ import annotations

from bisect import bisect_right

from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.normal import ZWNJ, fold
from hedgerow.core.origins import Origins, _first_longer, normalise


@settings(deadline=None)
@given(
    st.text(alphabet="ab \u200bđёÉ\n…", max_size=60),
    st.sampled_from(["cá cược", "ca\u0301 c\u01b0o\u031b\u0323c", "ｋ", "straße", "قـمار", "K\u200bL"]),
    st.sampled_from(["", " x", "…", " y" * 3000]),
)
def test_places_lead_back_to_the_original(before: str, word: str, after: str) -> None:
    text = f"{before}| {word} |{after}"
    folded, needle = fold(text), fold(word)
    at = folded.index(f"| {needle} |") + 2
    start, end = Origins(text).span(at, at + len(needle))
    assert fold(text[start:end]) == needle
    assert len(text[start:end].split()) == len(needle.split())


def test_places_far_in_a_long_text() -> None:
    text = "đó là  một câu. " * 5000 + "CÁ   CƯỢC đây" + " và nữa" * 500
    folded = fold(text)
    at = folded.index("cá cược")
    start, end = Origins(text).span(at, at + 7)
    assert text[start:end] == "CÁ   CƯỢC"


def test_places_in_text_without_spaces() -> None:
    text = "漢字" * 30_000 + "赌场" + "漢字" * 10
    at = fold(text).index("赌场")
    start, end = Origins(text).span(at, at + 2)
    assert text[start:end] == "赌场"


def test_places_in_the_reading_without_zwnj() -> None:
    text = f"a{ZWNJ}b{ZWNJ}c می{ZWNJ}خواهم"
    normal = normalise(text)
    at = normal.readings[0].index("میخواهم")
    start, end = normal.span(0, at, at + 7)
    assert text[start:end] == f"می{ZWNJ}خواهم"
    at = normal.readings[1].index("می خواهم")
    start, end = normal.span(1, at, at + 8)
    assert text[start:end] == f"می{ZWNJ}خواهم"


@given(st.text("ab é\u200b\u0301ﬁß İ½\n\u3000ｗа", max_size=40), st.integers(0, 50))
def test_the_first_longer_beginning_is_found_by_few_folds(text: str, offset: int) -> None:
    sizes = [len(fold(text[:size])) for size in range(len(text) + 1)]
    assert _first_longer(text, offset) == bisect_right(sizes, offset)
