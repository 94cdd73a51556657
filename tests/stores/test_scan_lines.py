"""Lines of texts: what each is taken for, and what is said of one that holds none."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.core.model import Channel
from hedgerow.stores import scan_lines as module
from hedgerow.stores.scan_lines import BadLine, Line, scan_lines


def read(*lines: str | bytes) -> list[Line | BadLine]:
    raw = b"\n".join(line.encode() if isinstance(line, str) else line for line in lines)
    return list(scan_lines(io.BytesIO(raw)))


@pytest.mark.parametrize(
    "row, channel",
    [
        ({"text": "a"}, Channel.PAGE),
        ({"text": "a", "kind": "page"}, Channel.PAGE),
        ({"text": "a", "kind": "lesson"}, Channel.PAGE),  # a kind nobody knows is no reason to judge more strictly
        ({"text": "a", "kind": "post"}, Channel.POSTED),
        ({"text": "a", "kind": "comment"}, Channel.POSTED),
        ({"text": "a", "kind": "search"}, Channel.SEARCH),
        ({"text": "a", "kind": "chat"}, Channel.MESSAGE),
        ({"search": "a"}, Channel.SEARCH),
        ({"html": "<p>a"}, Channel.PAGE),
        ({"text": "a", "html": None}, Channel.PAGE),
    ],
)
def test_what_a_line_is(row: dict[str, object], channel: Channel) -> None:
    (line,) = read(json.dumps({"id": 7, **row}))
    assert isinstance(line, Line) and (line.number, line.id, line.said.channel) == (1, 7, channel)


@pytest.mark.parametrize("name", ["a", 1, None, ["x"], {"y": 1.5}, True])
def test_any_id_comes_back(name: object) -> None:
    (line,) = read(json.dumps({"id": name, "text": "a"}))
    assert isinstance(line, Line) and line.id == name


@pytest.mark.parametrize(
    "line, problem",
    [
        ("{", "no JSON: "),
        ("[1]", "a JSON object expected"),
        ('{"id": 1}', "one of text, html, search expected, found none"),
        ('{"text": "a", "search": "b"}', "found text and search"),
        ('{"text": 5}', "'text' must be a string"),
        (b'{"text": "\xff"}', "not UTF-8"),
        ('{"text": "a", "n": ' + "9" * 10_000 + "}", "no JSON that can be read"),
        ("[" * 100_000, "no JSON that can be read"),
    ],
)
def test_a_line_without_text_is_told_and_the_next_is_read(line: str | bytes, problem: str) -> None:
    first, second = read(line, '{"text": "good"}')
    assert isinstance(first, BadLine) and first.number == 1 and problem in first.problem
    assert isinstance(second, Line) and second.number == 2


def test_byte_order_mark_and_empty_lines() -> None:
    bad, good = read(b'\xef\xbb\xbf{"text"', "", "  ", '{"text": "a"}')
    assert isinstance(bad, BadLine) and isinstance(good, Line) and good.number == 4


def test_a_line_without_an_end_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 100)
    good, bad = read('{"text": "a"}', "x" * 101, '{"text": "b"}')
    assert isinstance(good, Line) and isinstance(bad, BadLine) and "longer than 100 bytes" in bad.problem


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    for line in scan_lines(io.BytesIO(data)):
        assert isinstance(line, Line | BadLine)
