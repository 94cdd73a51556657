from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.pages.frame import PAGE, POLICY, STYLE, document, fill


@given(st.text(max_size=60))
def test_a_part_is_text_even_with_braces(text: str) -> None:
    assert fill("<{a}|{b}>", {"a": text, "b": "{a}"}) == f"<{text}|{{a}}>"


def test_a_part_nobody_gave_is_our_bug() -> None:
    with pytest.raises(KeyError):
        fill("{missing}", {})


def test_the_style_stands_in_the_page_as_it_is_hashed() -> None:
    assert f"<style>{STYLE}</style>" in document("en", "ltr", "", "", "block")
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in POLICY


@pytest.mark.parametrize("outside", ["http://", "https://", "url(", "@import", "<script", "javascript:", " on"])
def test_no_outside_asset_and_no_script(outside: str) -> None:
    if outside == " on":
        assert not any(f" on{event}=" in PAGE for event in ("click", "load", "error"))
    else:
        assert outside not in PAGE


def test_title_and_banner_are_text_and_the_body_is_html() -> None:
    made = document("fa", "rtl", "<b>{x}</b>", "<p>{y}</p>", "help", "<i>")
    assert '<html lang="fa" dir="rtl">' in made
    assert '<body class="help"><p class="banner" role="status">&lt;i&gt;' in made
    assert "<h1>&lt;b&gt;{x}&lt;/b&gt;</h1><p>{y}</p></main>" in made
    assert "banner" not in document("en", "ltr", "", "", "help").partition("</style>")[2]
