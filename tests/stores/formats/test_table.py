"""CSV and its like."""

from __future__ import annotations

import pytest

from hedgerow.stores.formats import FormatError, Found
from tests.stores.formats.reading import read, told

URLHAUS = """################################################################
# abuse.ch URLhaus Database Dump (CSV - recent URLs only)      #
################################################################
#
# id,dateadded,url,url_status,threat
"3412345","2026-11-23 08:01:05","http://192.0.2.7:37215/i","online","malware_download"
"3412344","2026-11-23 08:01:05","http://a.example/x?y=z","online","malware_download"
"3412343","2026-11-23 08:01:05","https://b.example/a,b/","online","phishing"
"""


def test_a_header_in_the_last_comment() -> None:
    rows = read("csv", URLHAUS, field="url", category_field="threat")
    assert [(row.line, told(row), row.category if isinstance(row, Found) else "") for row in rows] == [
        (6, "192.0.2.7/i", "malware_download"),
        (7, "~ a query cannot be listed, only a path", ""),
        (8, "b.example/a,b", "phishing"),
    ]


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("rank,name\n1,a.example\n2,B.example\n", "name", ["a.example", "b.example"]),
        ("1,a.example\n2,b.example\n", "2", ["a.example", "b.example"]),
        ("name;what\na.example;x\n", "name", ["a.example"]),
        ("1\ta.example\n", "2", ["a.example"]),
        ("a.example\tx,y,z\nb.example\tx\n", "1", ["a.example", "b.example"]),
        ("\ufeffname,what\r\na.example,x\r\n", "name", ["a.example"]),
        ('"name","what"\n"a.example","a ""b"", c"\n', "name", ["a.example"]),
        ("name\na.example\n\n  \n# b.example\n||c.example^\n", "name", ["a.example", "c.example"]),
        ("a,name\nx\n,y.example\n,\n", "name", ["! only 1 columns", "y.example", "! an empty field"]),
        ('name,what\n"a.example,x\nb.example,x\n', "name", ["! 'a.example,x': host with", "b.example"]),
        ("name\n" + "x" * 17_000 + "\na.example\n", "name", ["! a line of more than 16384 characters", "a.example"]),
        ("name\na\0.example\n", "name", ["! 'a\ufffd.example': a character"]),
        ("", "name", []),
    ],
)  # fmt: skip
def test_tables(text: str, field: str, expected: list[str]) -> None:
    shown = [told(row) for row in read("csv", text, field=field)]
    assert len(shown) == len(expected)
    assert all(one.startswith(begin) for one, begin in zip(shown, expected, strict=True)), shown


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "say in which field"),
        ({"field": "url"}, "has no field 'url'"),
        ({"field": "a", "category_field": "b"}, "no field"),
    ],
)
def test_a_field_that_is_not_there(options: dict[str, str], words: str) -> None:
    with pytest.raises(FormatError, match=words):
        read("csv", "a,c\nx.example,y\n", **options)
