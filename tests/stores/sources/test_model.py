"""What a source says of a category of its own."""

from __future__ import annotations

import pickle

import pytest

from tests.stores.sources.listed import source


@pytest.mark.parametrize(
    "theirs, ours",
    [("adult", ("adult",)), ("cooking", ()), ("new", None)],
)
def test_a_category_is_mapped_left_unused_or_unknown(theirs: str, ours: tuple[str, ...] | None) -> None:
    assert source(category="", categories={"adult": ("adult",), "cooking": ()}).ours(theirs) == ours
    assert source().ours(theirs) == ("gambling",)
    assert source(category="", categories={"*": ()}).ours("new") == ()


def test_workers_get_sources_by_pickle() -> None:
    assert pickle.loads(pickle.dumps(source())) == source()
