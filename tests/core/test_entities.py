"""Character references: as the standard library reads them."""

from __future__ import annotations

import html
import time
from html.entities import html5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.entities import unescape

PIECES = [
    "&",
    "#",
    "x",
    "X",
    "amp",
    "lt",
    ";",
    "9",
    "41",
    "not",
    "notin",
    "notit",
    "A",
    "AMP",
    "sup1",
    " ",
    "1f600",
    "é",
]


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_as_the_standard_library(text: str) -> None:
    assert unescape(text) == html.unescape(text)


@pytest.mark.parametrize("after", ["", ";", "x", " "])
def test_every_name(after: str) -> None:
    text = " ".join(f"&{name}{after}" for name in html5)
    assert unescape(text) == html.unescape(text)


@pytest.mark.parametrize("piece", ["&", "&a", "&lt", "&#1", "&#97;", "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "&#x1F600;"])
def test_two_megabytes_take_a_quarter_of_a_second(piece: str) -> None:
    text = piece * (2**21 // len(piece))
    started = time.process_time()
    unescape(text)
    assert time.process_time() - started < 1
