"""Rules in words: whatever can differ between two rules must be told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hedgerow.core.model import Action, Rule, Where
from hedgerow.stores.policy_words import by_id, in_words, rules_of
from tests.stores.small_world import loaded


@pytest.mark.parametrize(
    "rule, words",
    [
        (Rule("x", Action.BLOCK, Where("f")), "block"),
        (Rule("x", Action.LIMIT, Where("f"), (("lunch", Action.ALLOW),)), "limit (lunch: allow)"),
        (
            Rule("x", Action.WARN, Where("f"), since=date(2026, 9, 1), until=date(2027, 5, 31)),
            "warn, from 2026-09-01, until 2027-05-31",
        ),
    ],
)
def test_in_words(rule: Rule, words: str) -> None:
    assert in_words(rule) == words


def test_every_rule_of_a_band(tmp_path: Path) -> None:
    text = (
        "sites: {kids.test: {action: allow, words: off}}\nwords: {adult: {action: block, threshold: 4.5}, "
        "gambling: {action: block, typed: warn, alert: high, alert-from: 2}}\n"
        "files: {large: {over: 2 MB, action: warn}}\n"
    )
    band = loaded(tmp_path, garden=text).policy.bands["garden"]
    words = {rule_id: told for rule_id, (_, told) in by_id(band).items()}
    assert words["site:kids.test"] == "allow, words off"
    assert words["words:adult"] == "block, pages from 4.5 points"
    assert words["words:gambling"] == "block, pages from 3 points, typed text warn, alert high from 2"
    assert words["files:large"] == "warn over 2000000 bytes"
    assert words["files:programs"] == "block exe msi"
    assert {"undecodable", "unknown:page", "unknown:part", "unknown:address", "category:games"} <= words.keys()
    assert len(words) == len(list(rules_of(band)))
