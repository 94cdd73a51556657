"""Examples as they are read."""

from __future__ import annotations

from datetime import datetime

import pytest

from hedgerow.core.model import Action, Capture, Kind, Where
from hedgerow.stores.policy_examples import Example, examples
from tests.stores.small_world import node, told


def test_all_keys() -> None:
    found, mistakes = node(
        '[{url: "https://a.test/x", expect: warn, by: "words:adult", at: "2026-11-23 12:00", text: t, posted: p,'
        " kind: part, capture: names-only}]"
    )
    assert examples(found, "garden") == (
        Example(
            "garden",
            Where("f.yaml", 1),
            "https://a.test/x",
            Action.WARN,
            "words:adult",
            datetime(2026, 11, 23, 12),
            "t",
            "p",
            Kind.PART,
            Capture.NAMES_ONLY,
        ),
    )
    assert told(mistakes) == []


@pytest.mark.parametrize("by", ["undecodable", "floor:category:malware", "site:=a.test/x", "builtin:port"])
def test_kinds_of_rules(by: str) -> None:
    found, mistakes = node(f'[{{url: a.test, expect: block, by: "{by}"}}]')
    assert examples(found, "garden")[0].by == by
    assert told(mistakes) == []


@pytest.mark.parametrize("written", ["[text]", "[{}]", "[[a]]", "text", ""])
def test_what_is_no_example_is_left_out(written: str) -> None:
    found, _ = node(written)
    assert examples(found, "garden") == ()
    assert examples(None, "garden") == ()
