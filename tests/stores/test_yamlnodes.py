"""What a map answers about its keys."""

from __future__ import annotations

import pytest

from hedgerow.core.model import Where
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.yamlnodes import MapNode, Scalar, legal
from tests.stores.small_world import root, told


def test_get_need_and_key() -> None:
    node, mistakes = root("a: b\n\nc: d\n")
    found = node.need("c")
    assert isinstance(found, Scalar) and found.value == "d"
    assert found.where == Where("f.yaml", 3)
    assert node.get("x") is None and node.key("x") is None
    assert node.key("c") == next(key for key, _ in node if key.value == "c")
    assert told(mistakes) == []
    assert node.need("x") is None
    assert told(mistakes) == ["'x' is missing"]


def test_known_names_the_nearest_key() -> None:
    node, mistakes = root("bnad: b\nxyz: d\n")
    node.known("band", "title")
    assert told(mistakes) == [
        "unknown key 'bnad'; did you mean 'band'? known: band, title",
        "unknown key 'xyz'; known: band, title",
    ]


@pytest.mark.parametrize(
    "given, choices, expected",
    [
        ("gamblng", ("gambling", "games"), "unknown x 'gamblng'; did you mean 'gambling'? known: gambling, games"),
        ("q", ("b", "a"), "unknown x 'q'; known: a, b"),
        ("q", (), "unknown x 'q'; known: none"),
    ],
)
def test_legal(given: str, choices: tuple[str, ...], expected: str) -> None:
    assert legal("x", given, choices) == expected


def test_a_file_that_is_not_there_says_nothing() -> None:
    node = MapNode.empty("local/site.yaml", Mistakes())
    assert list(node) == []
    assert str(node.where) == "local/site.yaml"
