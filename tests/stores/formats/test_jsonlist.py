"""JSON lists: arrays, objects, a document a line."""

from __future__ import annotations

import pytest

from hedgerow.stores.formats import FormatError, Found
from tests.stores.formats.reading import read, told


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ('["a.example", "B.example"]', "", ["1 a.example", "1 b.example"]),
        ('[\n "a.example",\n "b..example"\n]\n', "", ["2 a.example", "3 ! 'b..example': host"]),
        ('[{"url": "https://a.example/x"},\n{"url": "b.example"}]', "url", ["1 a.example/x", "2 b.example"]),
        ('{"data": {"hosts": [\n"a.example"]}, "more": 7}', "data.hosts", ["2 a.example"]),
        ('{"1": [{"host": "a.example"}],\n"2": [{"host": "b.example"}]}', "*.host", ["1 a.example", "2 b.example"]),
        ('[{"web": {"names": ["a.example", "b.example"]}}]', "web.names", ["1 a.example", "1 b.example"]),
        ('{"name": "a.example"}\n{"name": "b.example"}\n', "name", ["1 a.example", "2 b.example"]),
        ('{"name": "a.example"}\n{"name": \n\n{"name": "b.example"}', "name",
         ["1 a.example", "2 ! is no JSON", "4 b.example"]),
        ('[{"rules": ["||a.example^", "@@||b.example^", "||*c.example"]}]', "rules",
         ["1 a.example", "1 @@b.example", "1 ~ a pattern"]),
        ('[{"url": "a.example"}, {"uri": "b.example"}, 7]', "url",
         ["1 a.example", "1 ! has no field 'url'", "1 ! has no field 'url'"]),
        ('[7, null, true, ["a.example"], ""]', "", ["1 ! is no text"] * 3 + ["1 a.example", "1 ! an empty field"]),
        (r'["http:\/\/a.example\/x"]', "", ["1 a.example/x"]),
        (r'["\ud800.example"]', "", ["1 ! bytes that are not UTF-8"]),
        ("[]", "", []),
        ("", "", []),
    ],
)  # fmt: skip
def test_documents(text: str, field: str, expected: list[str]) -> None:
    shown = [f"{row.line} {told(row)}" for row in read("json", text, field=field)]
    assert len(shown) == len(expected), shown
    assert all(one.startswith(begin) for one, begin in zip(shown, expected, strict=True)), shown


def test_the_category_stands_beside_the_name_or_round_it() -> None:
    text = (
        '[{"group": "games", "sites": [{"name": "a.example"}, {"name": "b.example", "group": "adult"}]}, {"sites": []}]'
    )
    rows = read("json", text, field="sites.name", category_field="group")
    assert [(row.host, row.category) for row in rows if isinstance(row, Found)] == [
        ("a.example", "games"),
        ("b.example", "adult"),
    ]


def test_a_name_stands_in_each_category_of_an_array() -> None:
    text = """[{"name": "a.example", "of": ["games", "adult", "games", null]},
{"name": ["b.example", "bad..name", 7], "of": ["games", "adult"]}, {"name": "c.example", "of": []}]"""
    rows = read("json", text, field="name", category_field="of")
    assert [(row.line, told(row), row.category if isinstance(row, Found) else "") for row in rows] == [
        (1, "a.example", "games"),
        (1, "a.example", "adult"),
        (2, "b.example", "games"),
        (2, "b.example", "adult"),
        (2, "! 'bad..name': host is empty or has an empty label", ""),
        (2, "! is no text", ""),
        (2, "c.example", ""),
    ]


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("[1, 2", "", "no JSON"),
        ("{", "", "no JSON"),
        ('["a.example",]', "", "no JSON"),
        ('["a.example"] x', "", "no JSON"),
        ('{"a" "b"}', "a", "no JSON"),
        ("nonsense", "", "no JSON"),
        ("[" * 100_000, "", "no JSON"),
        ('{"a":' * 100_000, "a", "no JSON"),
        ('[{"name": "a.example"}]', "url", "has no field 'url'"),
        ('{"name": "a.example"}', "", "has no field"),
    ],
)
def test_what_cannot_be_used_at_all(text: str, field: str, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        read("json", text, field=field)
