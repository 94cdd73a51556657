"""The string values of JSON: keys left out, escapes read, any depth, cut documents, no exception."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgerow.core.jsontext import json_passages


def values(text: str) -> list[str]:
    return "\n".join(json_passages(text)).split("\n")


@pytest.mark.parametrize(
    "text, expected",
    [
        ('{"key": "one", "list": ["two", {"deep": "three"}], "n": 1}', ["one", "two", "three"]),
        ('{"key" : "one"}', ["one"]),
        ('"alone"', ["alone"]),
        (r'["b\u0061d", "q\"uote", "tab\tx"]', ["bad", 'q"uote', "tab\tx"]),
        (r'["\ud83d\ude00", "\ud83d"]', ["😀", "�"]),
        (r'["\x bad escape"]', [r"\x bad escape"]),
        (r'["\x b\u0061d", "b\u0061d \u12", "\\x"]', [r"\x bad", r"bad \u12", r"\x"]),
        ('["<p>bad<b></b>word</p>"]', ["", "badword", ""]),
        ('["b&#97;d"]', ["bad"]),
        (')]}\'\n{"a": "one"}', ["one"]),
        ('{"a": "one"}\n{"a": "two"}', ["one", "two"]),
        ('data: {"delta": "one"}\n\ndata: {"delta": "two"}', ["one", "two"]),
        ('["cut in the midd', ["cut in the midd"]),
        ('["cut in an escape\\', ["cut in an escape"]),
        ('["", "one"]', ["one"]),
        ("[1, 2]", [""]),
        ("", [""]),
    ],
)
def test_values(text: str, expected: list[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000 + '"badword"' + "]" * 100_000,
        '{"a":' * 100_000 + '"badword"',
        '["badword", "' + r"\"" * 200_000,
        '["badword", ' + r'"\x",' * 300_000,
        '["badword", ' + r'"\n",' * 300_000,
        '["badword", "' + r"\u0301\u0327" * 170_000,
        '["badword"' + " " * 200_000 + ', "x"' + " " * 200_000,
        '"badword", ' + '"x",' * 200_000,
    ],
)
def test_depth_and_tricks_cost_linear_time(text: str) -> None:
    started = time.process_time()
    assert "badword" in values(text)
    assert time.process_time() - started < 1.5  # half a second here; seconds when each value was read by itself


@settings(deadline=None)  # the machine may be busy
@given(st.recursive(st.text(alphabet='ab é"\\\n😀', max_size=9), lambda inner: st.dictionaries(st.just("k"), inner)))
def test_every_string_json_writes_is_read(document: object) -> None:
    strings: list[str] = []

    def collect(value: object) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                collect(inner)
        elif value:
            strings.append(str(value))

    collect(document)
    for ascii_only in (True, False):
        assert json_passages(json.dumps(document, ensure_ascii=ascii_only)) == (
            ("\n".join(strings),) if strings else ()
        )


@settings(deadline=None)  # the machine may be busy
@given(st.text(alphabet='"\\{}[]:, \n<u0a', max_size=200))
def test_never_raises(text: str) -> None:
    json_passages(text)
