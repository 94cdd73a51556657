"""The order of bands and the digest; the rest of compiling is held by test_policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time

import pytest

from hedgerow.core.model import Action, Rule, Where
from hedgerow.stores.errors import Mistakes
from hedgerow.stores.policy_bands import BandFile, Known, read_band
from hedgerow.stores.policy_compile import content_digest, in_order
from hedgerow.stores.yamlfile import parse


def files(**extends: str) -> tuple[Mapping[str, BandFile], Mistakes]:
    mistakes, known = Mistakes(), Known(frozenset(), frozenset())
    found = {}
    for name, parent in extends.items():
        text = f"band: {name}\n" + (f"extends: {parent}\n" if parent else "")
        found[name] = read_band(parse(text.encode(), f"{name}.yaml", mistakes), name, known, shipped=True)
    return found, mistakes


@pytest.mark.parametrize(
    "extends, order",
    [
        ({"b": "a", "a": "", "c": "b"}, ("a", "b", "c")),
        ({"alone": "", "z": "", "a": "z"}, ("z", "a", "alone")),  # those that stand alone come last
        ({"only": ""}, ("only",)),
        ({}, ()),
    ],
)
def test_order(extends: dict[str, str], order: tuple[str, ...]) -> None:
    found, mistakes = files(**extends)
    assert in_order(found) == order
    assert mistakes.found == []


@pytest.mark.parametrize(
    "extends", [{"a": "a"}, {"a": "", "b": "x"}, {"a": "b", "b": "a"}, {"a": "", "b": "a", "c": "a"}]
)
def test_broken_chains_end(extends: dict[str, str]) -> None:
    found, mistakes = files(**extends)
    in_order(found)
    assert mistakes.found


def everything() -> Iterator[object]:
    yield Rule("a", Action.ALLOW, Where("f", 1))
    yield Rule("a", Action.BLOCK, Where("f", 1))
    yield Rule("a", Action.ALLOW, Where("f", 2))
    yield Rule("a", Action.ALLOW, Where("f", 1), until=date(2026, 1, 1))
    yield {"a": frozenset({1, 2})}
    yield {"a": frozenset({1})}
    yield (time(1), None, 1.5, "x")


def test_the_digest_sees_everything_and_no_order_of_sets() -> None:
    digests = [content_digest(value) for value in everything()]
    assert len(set(digests)) == len(digests)
    assert content_digest({"a": 1, "b": 2}) == content_digest({"b": 2, "a": 1})
    assert content_digest(frozenset("abcdef")) == content_digest(frozenset("fedcba"))
