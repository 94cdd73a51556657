from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.proxy.pages.template import PAGE, STYLE, fill


@given(st.text(max_size=60))
def test_a_part_is_text_even_with_braces(text: str) -> None:
    assert fill("<{a}|{b}>", {"a": text, "b": "{a}"}) == f"<{text}|{{a}}>"


def test_a_part_nobody_gave_is_our_bug() -> None:
    with pytest.raises(KeyError):
        fill("{missing}", {})


def test_the_style_stands_in_the_page_as_it_is_hashed() -> None:
    parts = dict.fromkeys(
        ("language", "direction", "title", "kind", "lead", "why", "message", "actions", "code", "school"), ""
    )
    assert f"<style>{STYLE}</style>" in fill(PAGE, parts)


@pytest.mark.parametrize("outside", ["http://", "https://", "url(", "@import", "<script", "javascript:", " on"])
def test_no_outside_asset_and_no_script(outside: str) -> None:
    if outside == " on":
        assert not any(f" on{event}=" in PAGE for event in ("click", "load", "error"))
    else:
        assert outside not in PAGE
