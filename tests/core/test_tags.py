"""The text between tags, without a tree."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.tags import strip_tags


@pytest.mark.parametrize(
    "text, expected",
    [
        ("<p>one</p>two", "one two"),
        ("bad<b></b>word", "badword"),
        ("bad<!-- > -->word", "badword"),
        ("<a><![CDATA[one & <two>]]></a>", "one & <two>"),
        ("<script>no</script>one", "one"),
        ("<script src='x'/>one", "one"),  # XHTML closes it
        ("<script>no", ""),
        ("<style>no</STYLE>one", "one"),
        ("<item><title>one</title><link>two</link></item>", "one two"),
        ("<media:title>one</media:title><x>two</x>", "one two"),
        ("<?xml version='1.0'?><!DOCTYPE x>one", "one"),
        ("a < b and c", "a < b and c"),
        ("<p one", ""),
        ("<<!-- -->p>one", "<p>one"),  # what stands around a comment is no tag together
        ("<<b>p>one", "<p>one"),
        ("<p<!-- -->one>two", "one>two"),
        ("&lt;b&gt;bad&lt;/b&gt;", "<b>bad</b>"),
    ],
)
def test_strip_tags(text: str, expected: str) -> None:
    assert strip_tags(text).split() == expected.split()


@settings(deadline=None)  # the machine may be busy
@given(st.text(alphabet="<>/!-abp &;#x\"'=[]CDATA ", max_size=200))
def test_any_markup_is_survived(text: str) -> None:
    strip_tags(text)


PIECES = [
    "<b>x</b>",
    "<p>",
    "<!-->",
    "<!>",
    "<script>",
    "<script></script",
    "</script ",
    "<![CDATA[",
    "<a b='",
    "&a",
    "&lt",
]


@pytest.mark.parametrize("start", ["", "<script>", "<style>x"])
@pytest.mark.parametrize("piece", PIECES)
def test_two_megabytes_take_a_quarter_of_a_second(start: str, piece: str) -> None:
    """With room for a slow machine: end tags that never end took the square of their number, minutes in one call."""
    text = start + piece * (2**21 // len(piece))
    started = time.process_time()
    strip_tags(text)
    assert time.process_time() - started < 1
