"""Items of a JSON document: the same as Python's own reader finds, one by one, with their lines."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.stores.formats import FormatError
from hedgerow.stores.formats.jsontext import Json, JsonText

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("ab*"), inner), max_leaves=8
)


def followed(document: Json, path: tuple[str, ...]) -> list[tuple[Json, tuple[str, ...]]]:
    """What ``JsonText.items`` says it gives, said the simple way."""
    if isinstance(document, list):
        found = [followed(one, path) if isinstance(one, list) else [(one, path)] for one in document]
        return [row for rows in found for row in rows]
    if path and isinstance(document, dict):
        found = [followed(one, path[1:]) for key, one in document.items() if path[0] in (key, "*")]
        return [row for rows in found for row in rows]
    return [(document, path)]


@given(DOCUMENTS, st.lists(st.sampled_from("ab*"), max_size=3).map(tuple), st.sampled_from([None, 1]))
def test_items(document: Json, path: tuple[str, ...], indent: int | None) -> None:
    text = JsonText(json.dumps(document, indent=indent))
    assert [(value, rest) for _, value, rest in text.items(path)] == followed(document, path)


@given(st.dictionaries(st.text(max_size=4), DOCUMENTS))
def test_keys(document: dict[str, Json]) -> None:
    assert [key for _, key in JsonText(json.dumps(document)).keys()] == list(document)


@given(st.text('[]{}":,a1 \n\\', max_size=30))
def test_what_python_refuses_is_refused(text: str) -> None:
    try:
        list(JsonText(text).items(("a",)))
    except FormatError:
        with pytest.raises(ValueError):
            json.loads(text)
    else:
        json.loads(text)


def test_lines() -> None:
    text = JsonText('[\n "a",\n\n {"x":\n "b"}]', line=10)
    places = [place for place, _, _ in text.items(())]
    assert [text.line_at(place) for place in places] == [11, 13]
    assert text.line_at(text.place_of("b", places[1])) == 14
    assert text.place_of("not there", places[1]) == places[1]
