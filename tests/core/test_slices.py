"""Long texts in pieces say what they say whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core import slices
from hedgerow.core.html import html_passages
from hedgerow.core.slices import HALF, SLICE, cut, documents, in_slices, overlapping


@given(st.text("ab<& ", max_size=200), st.sampled_from("<& "), st.integers(2, 30))
def test_pieces_are_the_text(text: str, before: str, size: int) -> None:
    pieces = list(cut(text, before, size))
    assert "".join(pieces) == text and all(len(piece) <= size for piece in pieces)


def test_work_is_done_on_slices() -> None:
    seen: list[int] = []

    def work(text: str) -> str:
        seen.append(len(text))
        return text.upper()

    text = "<p>pond" * 100_000
    assert in_slices(work, text, "<") == text.upper() and max(seen) <= SLICE and len(seen) > 5


def test_no_phrase_is_lost_between_two_pieces() -> None:
    text = " ".join(f"pond{number}" for number in range(120_000))
    pieces = list(overlapping(text))
    assert len(pieces) > 2
    for first, second in zip(pieces, pieces[1:], strict=False):
        shared = second[: len(first) - first.rfind(second[:50])]
        assert len(shared) > 200 and shared.startswith(" ") and first.endswith(shared)
    assert list(overlapping("short")) == ["short"] and len(list(overlapping("x" * 1_000_000))) > 3


FILL = "<p>frogs and ponds</p>\n"
SILENT = ("<script>var hidden = '{}'</script>", "<style>{}</style>", "<!-- {} -->", "<template>{}</template>")
SHOWN = (
    "<textarea>{}</textarea>",
    "<p>{}</p>",
    "<pre>{}</pre>",
    "<noscript>{}</noscript>",
    "<a href='x' title=y>{}</a>",
)


def said(page: str) -> str:
    return "".join(passage.text for part in documents(page) for passage in html_passages(part))


@pytest.mark.parametrize("inside", SILENT)
def test_what_nobody_sees_stays_unseen_across_a_cut(inside: str) -> None:
    """A script of a megabyte: its second half is no text of the page."""
    hidden = inside.format("quibble < snatch " * 70_000)
    page = f"<html><body>{FILL * 9}{hidden}<p>visible behind it</p>{FILL * 9}"
    assert len(page) > 2 * HALF
    text = said(page)
    assert "quibble" not in text and "visible behind it" in text


@pytest.mark.parametrize("inside", SHOWN)
def test_what_is_seen_is_seen_across_a_cut(inside: str) -> None:
    page = f"<html><body>{FILL * 9}{inside.format('quibble and snatch ' * 60_000)}{FILL}"
    assert said(page).count("quibble") == 60_000


@given(st.integers(0, 90))
def test_wherever_it_is_cut(shift: int) -> None:
    before = slices.HALF
    slices.HALF = 400 + shift
    try:
        body = "".join(f"<p>pond{n}<script>quibble()</script> frog{n}</p><!-- snatch -->" for n in range(40))
        text = said(f"<html><body>{body}")
    finally:
        slices.HALF = before
    assert "quibble" not in text and "snatch" not in text
    assert all(f"pond{n}" in text and f"frog{n}" in text for n in range(40))
