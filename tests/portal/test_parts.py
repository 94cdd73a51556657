"""The pieces of the portal's pages: whatever a person or a file says is text, never markup."""

from __future__ import annotations

import pytest

from hedgerow.portal import parts

EVIL = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    "made",
    [
        parts.paragraph(EVIL, EVIL),
        parts.link(EVIL, EVIL, EVIL),
        parts.form(EVIL, EVIL),
        parts.hidden(EVIL, EVIL),
        parts.line(EVIL, EVIL, EVIL),
        parts.text(EVIL, EVIL, EVIL),
    ],
)
def test_nothing_said_is_markup(made: str) -> None:
    assert "<script" not in made and '""' not in made


def test_a_form_needs_no_script() -> None:
    made = parts.form("/a?b=1&c=2", "Send", parts.hidden("to", "/x"))
    assert made.startswith('<form method="post" action="/a?b=1&amp;c=2">') and "<button>Send</button>" in made
    assert '<input type="hidden" name="to" value="/x">' in made


def test_a_line_has_its_label_and_limit() -> None:
    made = parts.line("code", "Your code", limit=40, extra='inputmode="url"', direction="ltr")
    assert '<label for="code">Your code</label>' in made and 'maxlength="40"' in made and 'inputmode="url">' in made
    assert made.count("dir=") == 1 and 'dir="ltr"' in made


def test_choices_are_links() -> None:
    made = parts.choices([("/a", "A & B")])
    assert 'href="/a"' in made and "A &amp; B" in made
