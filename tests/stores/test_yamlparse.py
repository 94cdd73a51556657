"""Both parsers of PyYAML say the same: events, places, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.stores.yamlevents import FORBIDDEN
from hedgerow.stores.yamlparse import events

POLICIES = Path(__file__).parents[2] / "policies"
PIECES = [
    *"[]{},:'\"|>?%@`&*~#-aé1 \n",
    *("\n  ", "- ", ": ", "---\n", "...\n", "\\x41", "\r\n", "<<", "|#", "a?b", ">2#", "&a ", "*a"),
]


def told(event: yaml.Event) -> tuple[object, ...]:
    """What the builder asks of an event; the styles of plain text differ, and are both nothing."""
    mark = event.start_mark
    place = (mark.line, mark.column) if mark and isinstance(event, yaml.NodeEvent) else ()
    asked = ("anchor", "tag", "value", "flow_style", "version", "tags")
    return type(event), place, *(getattr(event, name, None) or None for name in asked), bool(getattr(event, "style", 0))


def slowly(text: str) -> list[tuple[object, ...]] | str:
    try:
        return [told(event) for event in yaml.parse(text, Loader=yaml.SafeLoader)]
    except (yaml.YAMLError, ValueError) as error:
        return str(error)


def here(text: str) -> list[tuple[object, ...]] | str:
    try:
        return [told(event) for event in events(text)]
    except (yaml.YAMLError, ValueError) as error:
        return str(error)


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_the_same_whichever_parser(text: str) -> None:
    assert FORBIDDEN.search(text) or here(text) == slowly(text)


@pytest.mark.parametrize("path", sorted(POLICIES.glob("bands/*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_band_is_the_same(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert here(text) == slowly(text)


@pytest.mark.parametrize("text", ["a: [b?c]", "a: |# x\n  b\n", "? ", "a: {b?: c}", "a: [b", "a: 'b"])
def test_what_one_would_take_and_the_other_not(text: str) -> None:
    assert here(text) == slowly(text)


def test_only_as_much_is_parsed_as_is_asked_for() -> None:
    found = events("a: " + "[" * 500_000)
    assert sum(isinstance(next(found), yaml.SequenceStartEvent) for _ in range(20)) == 16
