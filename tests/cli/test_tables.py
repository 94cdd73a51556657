from __future__ import annotations

import csv
import io

import pytest

from hedgerow.cli.tables import cell, table


@pytest.mark.parametrize(
    "text",
    [
        *(
            "=cmd|'/c calc'!A1",
            "+1",
            "-1+2",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =1",
            "\u00a0=1",
            "\uff1d1",
            "\uff0b1",
        ),
        *("|calc", "%0A", "\uff20A1", "\uff0d1"),
    ],
)
def test_what_begins_like_a_formula_is_text(text: str) -> None:
    """I27."""
    assert cell(text).startswith("'") and "\n" not in cell(text) and "\t" not in cell(text)


def test_other_cells_stay_as_they_are() -> None:
    assert [cell(value) for value in ("https://a.example/?x=1", "Lan", 7, "", "a=b", "7K3M-2QXW")] == [
        *("https://a.example/?x=1", "Lan", "7", "", "a=b", "7K3M-2QXW"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "text", ["a;=1+1;b", 'a;"=1+1";b', "a; +1", "a;;-1", "a;\uff1d1", 'x";"@A1', "a;'=1", "a,=1,b"]
)
def test_in_no_country_a_cell_becomes_a_formula(text: str, delimiter: str) -> None:
    """A file with commas, opened where spreadsheets part cells by semicolons."""
    rows = csv.reader(io.StringIO(table(("a", "b"), [("x", text)])), delimiter=delimiter)
    for found in (one.strip() for row in rows for one in row):
        assert not found.startswith(tuple("=+-@%\uff1d")), found


def test_a_cell_cannot_leave_its_place() -> None:
    evil = 'x";=HYPERLINK("http://evil")\r\n"=1'
    text = table(("a", "b"), [(evil, "y")])
    assert list(csv.reader(io.StringIO(text)))[1][1] == "y"
    assert text.count("\r\n") == 2 and all(line.startswith('"') for line in text.splitlines())
