"""Lines of files that may hold anything."""

from __future__ import annotations

import io

import pytest

from hedgerow.stores.formats.lines import lines
from tests.stores.formats.reading import read, told


def test_bytes_that_are_no_text_spoil_one_line_only() -> None:
    rows = read("domains", b"\xef\xbb\xbfa.example\r\n\xff\xfe.example\nb.example")
    assert [(row.line, told(row)) for row in rows] == [
        (1, "a.example"),
        (2, "! bytes that are not UTF-8"),
        (3, "b.example"),
    ]


def test_a_comment_may_be_in_any_encoding() -> None:
    assert [told(row) for row in read("domains", b"# caf\xe9\na.example # caf\xe9\n")] == ["a.example"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_without_end_is_one_mistake_and_holds_no_memory(end: str) -> None:
    text = f"a.example{end}{'x' * 3_000_000}{end}b.example{end}{'y' * 4096}{end}{'z' * 4097}"
    found = list(lines(io.BytesIO(text.encode())))
    assert [number for number, _ in found] == [1, 2, 3, 4, 5]
    assert max(len(line) for _, line in found) < 4096 + (1 << 17)
    rows = {row.line: told(row) for row in read("domains", text)}
    assert rows[1] == "a.example" and rows[3] == "b.example" and "too long" in rows[4]
    assert rows[2] == rows[5] == "! a line of more than 4096 characters"


def test_lines_across_the_pieces_that_are_read() -> None:
    names = [f"n{number}.é.example" for number in range(30_000)]
    text = "\r\n".join(names)
    assert [line for _, line in lines(io.BytesIO(text.encode()))] == names
