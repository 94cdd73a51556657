from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.pages.drawings import DRAWINGS
from hedgerow.pages.frame import POLICY, SMALL_POLICY, document, small_document
from hedgerow.pages.style import STYLE


@given(st.text(max_size=60))
def test_what_stands_inside_is_never_a_template(text: str) -> None:
    assert text in document("en", "ltr", "{text}", text, "block")


def test_the_style_stands_in_the_page_as_it_is_hashed() -> None:
    assert f"<style>{STYLE}</style>" in document("en", "ltr", "", "", "block")
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in POLICY


@pytest.mark.parametrize("kind", [*DRAWINGS, "portal"])
@pytest.mark.parametrize(
    "outside", ["http:", "https:", "url(", "@import", "<script", "javascript:", " onload=", "src="]
)
def test_no_outside_asset_and_no_script(kind: str, outside: str) -> None:
    assert outside not in document("en", "ltr", "x", "", kind)


def test_title_and_banner_are_text_and_the_body_is_html() -> None:
    made = document("fa", "rtl", "<b>{x}</b>", "<p>{y}</p>", "help", "<i>", "young")
    assert '<html lang="fa" dir="rtl">' in made
    assert '<body class="help"><header class="banner">&lt;i&gt;</header>' in made
    assert '<main class="young"><svg ' in made
    assert "<h1>&lt;b&gt;{x}&lt;/b&gt;</h1><p>{y}</p></main>" in made
    assert "banner" not in document("en", "ltr", "", "", "help").partition("</style>")[2]


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_small_page_holds_text_and_nothing_to_click(title: str, code: str) -> None:
    made = small_document("fa", "rtl", title, code)
    style = made.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in SMALL_POLICY and "sandbox" in SMALL_POLICY
    assert made.count("<") == small_document("fa", "rtl", "", code and "x").count("<")
