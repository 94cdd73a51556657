"""Events to nodes: places, styles, and depth without recursion."""

from __future__ import annotations

import pytest
import yaml

from hedgerow.stores import yamlevents
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.yamlevents import FORBIDDEN, MAX_DEPTH, Builder, Refused, forbidden
from hedgerow.stores.yamlnodes import MapNode, Scalar, SeqNode, Source


def build(text: str) -> object:
    return Builder(Source("f.yaml", Mistakes())).document(text)


def test_places_and_styles() -> None:
    node = build("a:\n  - b\n  - 'c'\n  - |\n    d\n")
    assert isinstance(node, MapNode)
    items = node.get("a")
    assert isinstance(items, SeqNode)
    found = [(i.line, i.column, i.value, i.plain) for i in items.items if isinstance(i, Scalar)]
    assert found == [(2, 5, "b", True), (3, 5, "c", False), (4, 5, "d\n", False)]


def test_depth_is_refused_before_it_costs() -> None:
    build("a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1))
    with pytest.raises(Refused, match="nested deeper"):
        build("a: " + "[" * 200_000)


def test_a_file_that_did_not_change_is_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nodes are made anew each time, so that mistakes go where this reading wants them."""
    text = "a: [1, {b: 2}]\na: 3\n"
    once = Source("f.yaml", Mistakes())
    first = Builder(once).document(text)
    monkeypatch.setattr(yaml, "parse", lambda *_, **__: pytest.fail("parsed again"))
    twice = Source("g.yaml", Mistakes())
    again = Builder(twice).document(text)
    assert repr(again) == repr(first).replace("f.yaml", "g.yaml")
    assert [m.message for m in twice.mistakes.found] == [m.message for m in once.mistakes.found] != []


def test_a_refused_file_is_refused_again_and_the_memory_is_bounded() -> None:
    for _ in range(2):
        with pytest.raises(Refused, match="anchor"):
            build("a: &x 1")
    for number in range(yamlevents._KEPT + 20):
        build(f"a: {number}")
    assert len(yamlevents._parsed) == yamlevents._KEPT


@pytest.mark.parametrize("char", ["\t", "\x00", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "\ufffe", "\ud800"])
def test_what_is_no_text(char: str) -> None:
    assert FORBIDDEN.search(f"a{char}b")
    assert ("tab" in forbidden(char)) == (char == "\t")


@pytest.mark.parametrize("char", ["\n", "\r", " ", "~", "\xa0", "ễ", "\u200c", "\u200f", "ي", "қ", "😀", "\U0010ffff"])
def test_what_is_text(char: str) -> None:
    assert not FORBIDDEN.search(f"a{char}b")
