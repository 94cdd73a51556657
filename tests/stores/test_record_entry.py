"""An entry's line: what we write we read back, and whatever else stands in the file raises nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.stores.record_entry import Entry, bounded, bounded_detail, cut, decode, encode

JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.dictionaries(st.text(), v))


@settings(max_examples=30, deadline=None)
@given(who=st.text(), what=st.text(), detail=st.dictionaries(st.text(), JSON))
def test_what_is_written_is_read_back_on_one_line(who: str, what: str, detail: dict[str, object]) -> None:
    entry = Entry(7, "2026-11-23T10:00:00.000+00:00", "grant", who, what, "why", detail, 2, 5, "ab" * 32)
    raw = encode(entry.body(), "cd" * 32)
    line = decode(raw)
    assert line and line.entry == entry and line.sound and line.mac == "cd" * 32
    assert raw.count(b"\n") == 1 and raw.endswith(b"\n") and raw.isascii()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"a b c\n",
        b"a b {}\n",
        b"a b null\n",
        b"\xff\xfe b {}\n",
        b'a b {"number": "1"}\n',
        b"a b " + b"[" * 100_000 + b"\n",
        encode(Entry(1, "t", "grant", "w", "x").body().replace('"number":1', '"number":true, "more":1'), "m"),
        encode(Entry(1, "t", "grant", "w", "x").body().replace('"who":"w"', '"who":["w"]'), "m"),
        encode(Entry(1, "t", "grant", "w", "x").body().replace('"detail":{}', '"detail":[]'), "m"),
    ],
)
def test_what_is_no_entry_is_none(raw: bytes) -> None:
    assert decode(raw) is None


def test_texts_are_cut_and_say_so() -> None:
    assert bounded("who", "a" * 200) == "a" * 200 and len(bounded("who", "a" * 201)) == 200
    assert cut("a" * 300, 100).endswith("a [cut]")


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.text(max_size=20), st.integers(0, 200_000).map(lambda n: "\x00" * n), max_size=5))
def test_a_detail_always_fits(detail: dict[str, object]) -> None:
    assert len(json.dumps(bounded_detail(detail))) <= 101_000


def test_a_detail_of_any_kind_is_taken() -> None:
    assert bounded_detail({"path": __import__("pathlib").Path("/a"), "n": 1, "s": ["x"]}) == {
        "path": "/a",
        "n": 1,
        "s": ["x"],
    }
    many = bounded_detail({f"key{number}": "x" * 100 for number in range(5000)})
    assert len(json.dumps(many)) <= 101_000
