"""The little Markdown of our texts as HTML."""

from __future__ import annotations

import pytest

from hedgerow.stores.markdown import to_html


@pytest.mark.parametrize(
    "text, html",
    [
        ("# One\n\nTwo\nthree\n", "<h1>One</h1>\n<p>Two three</p>"),
        ("## A\n### B", "<h2>A</h2>\n<h3>B</h3>"),
        ("- a\n- **b** c\n\nd", "<ul><li>a</li><li><strong>b</strong> c</li></ul>\n<p>d</p>"),
        ("a `b: <c>` d", '<p>a <code dir="ltr">b: &lt;c&gt;</code> d</p>'),
        ("para\n- item", "<p>para</p>\n<ul><li>item</li></ul>"),
        ("#hash", "<p>#hash</p>"),
        ("", ""),
        (
            "| A | B |\n|---|---|\n| 1 | 2 |",
            '<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
            "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
        ),
        ("| 1 | 2 |", "<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"),
        ("|---|---|", "<table><tbody></tbody></table>"),
    ],
)
def test_blocks(text: str, html: str) -> None:
    assert to_html(text) == html


def test_a_text_inside_a_page_begins_one_level_deeper() -> None:
    assert to_html("# A\n## B", top=2) == "<h2>A</h2>\n<h3>B</h3>"


@pytest.mark.parametrize("text", ["<script>x</script>", "# <b>", "- \"'&", "| <i> |", "**<u>**", "[a](javascript:x)"])
def test_nothing_becomes_a_tag(text: str) -> None:
    html = to_html(text)
    assert not any(tag in html for tag in ("<script", "<b>", "<i>", "<u>", "<a", "\"'"))
