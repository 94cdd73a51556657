"""Mistakes are told in the order of a reader's eye, each once."""

from __future__ import annotations

import pickle

import pytest

from hedgerow.stores.errors import Mistake, Mistakes, PolicyError


def test_a_mistake_reads_as_editors_understand_it() -> None:
    assert str(Mistake("bands/a.yaml", 12, 3, "no")) == "bands/a.yaml:12:3: no"
    assert str(Mistake("bands/a.yaml", 0, 0, "no")) == "bands/a.yaml: no"


def test_all_are_raised_together_sorted_and_once() -> None:
    mistakes = Mistakes()
    mistakes.raise_if_any()
    for file, line in (("b", 1), ("a", 10), ("a", 9), ("b", 1)):
        mistakes.add(file, line, 1, "no")
    with pytest.raises(PolicyError) as raised:
        mistakes.raise_if_any()
    assert str(raised.value) == "a:9:1: no\na:10:1: no\nb:1:1: no"


def test_it_survives_the_way_to_another_process() -> None:
    error = PolicyError([Mistake("a", 1, 2, "no")])
    assert pickle.loads(pickle.dumps(error)).mistakes == error.mistakes
