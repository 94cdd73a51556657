"""A name in a cell of a table."""

from __future__ import annotations

import pytest

from hedgerow.stores.formats import Found, LineError
from hedgerow.stores.formats.values import category_of, value
from tests.stores.formats.reading import told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.example", "a.example"),
        (" A.example ", "a.example"),
        ("https://a.example/X/", "a.example/x"),
        ("||a.example^", "a.example"),
        ("@@||a.example^", "@@a.example"),
        ("|https://a.example^", "=a.example"),
        ("", "! an empty field"),
        ("\udcff", "! bytes that are not UTF-8"),
        ("x" * 5_000, "! a line of more than 4096 characters"),
    ],
)
def test_a_cell(text: str, expected: str) -> None:
    (row,) = value(7, text, "games")
    assert (row.line, told(row)) == (7, expected)
    assert not isinstance(row, Found) or row.category == "games"


def test_a_category_is_a_word() -> None:
    assert category_of(" games ") == "games"
    for text in ("x" * 201, "\udcff"):
        with pytest.raises(LineError):
            category_of(text)
