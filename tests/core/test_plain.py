"""No stranger's text ends a line, colours a terminal or turns it round (I30)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.plain import plain, plain_json


@pytest.mark.parametrize(
    "text, shown",
    [
        ("bets.example", "bets.example"),
        ("a\r\n2026-11-23 INFO all is well", r"a\x0d\x0a2026-11-23 INFO all is well"),
        ("\x1b[2J\x1b]0;title\x07", r"\x1b[2J\x1b]0;title\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("a\u2028b\u2029c\x85d\x0be", r"a\u2028b\u2029c\x85d\x0be"),
        ("\u202egpj.exe\u2066", r"\u202egpj.exe\u2066"),
        ("ze\u200bro\ufeff\U000e0041", r"ze\u200bro\ufeff\U000e0041"),
        ("می\u200cخواهم \u200fپرنده", "می\u200cخواهم \u200fپرنده"),
        ("Trường học, мектеп", "Trường học, мектеп"),
        ("\ud800", r"\ud800"),
    ],
)
def test_plain(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_megabyte_is_cut_and_told() -> None:
    shown = plain("a" * 2**20)
    assert shown.startswith("a" * 4096 + " [") and shown.endswith(f"[{2**20 - 4096} characters more]")


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_one_line_that_can_be_printed(text: str) -> None:
    shown = plain(text)
    assert len(shown.splitlines()) <= 1 and "\x1b" not in shown
    shown.encode()


@settings(max_examples=50, deadline=None)
@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_keeps_its_meaning(value: object) -> None:
    shown = plain_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(shown) == value
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in shown)
