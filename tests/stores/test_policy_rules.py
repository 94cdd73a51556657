"""One line of a policy in its short and long forms."""

from __future__ import annotations

from datetime import date

import pytest

from hedgerow.core.model import Action, Channel, Rule, Severity, Where
from hedgerow.stores import readers
from hedgerow.stores.policy_rules import ACTIONS, NoRule, Rules, action, opens, present
from tests.stores.small_world import node, root, told

A = Action


def one(written: str) -> tuple[Rule, list[str]]:
    map_node, mistakes = root(f"key: {written}\n")
    key, value = map_node.entries[0]
    return Rules().rule("x:key", key, value)[0], told(mistakes)


@pytest.mark.parametrize("word", ACTIONS)
def test_the_short_form(word: str) -> None:
    assert one(word) == (Rule("x:key", ACTIONS[word], Where("f.yaml", 1)), [])


def test_the_long_form() -> None:
    rule, mistakes = one(
        "{action: limit, times: {a: allow, b: warn}, since: 2026-09-01, until: 2027-05-31, message: Ask.}"
    )
    assert mistakes == []
    assert rule == Rule(
        "x:key",
        A.LIMIT,
        Where("f.yaml", 1),
        (("a", A.ALLOW), ("b", A.WARN)),
        date(2026, 9, 1),
        date(2027, 5, 31),
        "Ask.",
    )


@pytest.mark.parametrize("written", ["", "yes", "[block]", "{}", "{action: blok}", "{times: {a: allow}}"])
def test_whatever_is_broken_blocks(written: str) -> None:
    rule, mistakes = one(written)
    assert rule.action is A.BLOCK
    assert len(mistakes) == 1


def test_it_remembers_places_and_windows() -> None:
    rules = Rules()
    map_node, mistakes = root("sites:\n  a.test: {action: block, times: {lunch: allow}}\n")
    assert set(rules.sites(map_node.get("sites"))) == {"a.test"}
    assert rules.places["site:a.test"].line == 2
    assert [window.value for window in rules.windows] == ["lunch"]
    assert told(mistakes) == []


def test_files() -> None:
    found, mistakes = node(
        "{large: {over: 2 MB, action: warn}, apps: {types: [exe, jpeg], action: block}, old: no-rule}"
    )
    files = Rules().files(found)
    rules = present(files)
    assert (rules["large"].over, rules["large"].types) == (2_000_000, frozenset())
    assert (rules["apps"].over, rules["apps"].types) == (None, frozenset({"exe", "jpg"}))
    assert isinstance(files["old"], NoRule) and "old" not in rules
    assert told(mistakes) == []


def test_words() -> None:
    found, mistakes = node("{adult: block, gambling: {action: warn, threshold: 2.5}}")
    rules = present(Rules().words(found, frozenset({"adult", "gambling"})))
    assert (rules["adult"].threshold, rules["gambling"].threshold) == (3.0, 2.5)
    assert rules["gambling"].rule.id == "words:gambling"
    assert told(mistakes) == []


def test_words_that_are_typed_and_told() -> None:
    found, mistakes = node(
        "{adult: {action: limit, times: {lunch: allow}, typed: monitor, search: help, alert: high, alert-from: 2}, "
        "gambling: warn}"
    )
    rules = present(Rules().words(found, frozenset({"adult", "gambling"})))
    adult, gambling = rules["adult"], rules["gambling"]
    assert adult.typed is not None and (adult.typed.action, adult.typed.times) == (A.MONITOR, ())
    assert adult.search is not None and adult.search.action is A.HELP
    spoken = {channel: adult.spoken(channel).action for channel in Channel}
    assert spoken == {c: A.MONITOR if c.typed else A.LIMIT for c in Channel} | {Channel.SEARCH: A.HELP}
    assert adult.typed.id == adult.rule.id and adult.typed.digest != adult.rule.digest
    assert (adult.alert, adult.alert_from) == (Severity.HIGH, 2.0)
    assert (gambling.typed, gambling.alert, gambling.alert_from) == (None, None, None)
    assert told(mistakes) == []


@pytest.mark.parametrize(
    "more, message",
    [
        ("alert: soon", "unknown value of 'alert' 'soon'; known: high, low, medium, off"),
        ("alert-from: 0", "a number from 1 to 100 expected, not 0"),
        ("typed: limit", "typed text has no times of its own; write another action than limit"),
        ("search: limit", "typed text has no times of its own; write another action than limit"),
        ("typed: no-rule", "unknown action 'no-rule'; known: allow, block, help, limit, monitor, warn"),
    ],
)
def test_mistakes_in_what_is_told(more: str, message: str) -> None:
    found, mistakes = node(f"{{adult: {{action: block, {more}}}}}")
    Rules().words(found, frozenset({"adult"}))
    assert told(mistakes) == [message]


@pytest.mark.parametrize("written, fine", [("limit", False), ("{action: limit, times: {a: monitor}}", True)])
def test_limit_opens_some_time(written: str, fine: bool) -> None:
    found, mistakes = node(f"{{games: {written}}}")
    Rules().categories(found, frozenset({"games"}))
    assert (told(mistakes) == []) is fine


@pytest.mark.parametrize(
    "rule, refused",
    [("vn: allow", True), ("edu.vn: monitor", True), ("github.io: allow", True), ("github.io/a: allow", True)]
    + [("com: {action: block, times: {a: allow}}", True), ("com: {action: limit, times: {a: monitor}}", True)]
    + [("COM.: allow", True), ("xn--p1ai: allow", True), ("рф: allow", True), ("any.ck: allow", True)]
    + [("=github.io: allow", False), ("vn: block", False), ("vn: warn", False), ("com: no-rule", False)]
    + [("a.vn: allow", False), ("www.ck: allow", False), ("moodle: allow", False), ("10.1.2.3: allow", False)],
)
def test_no_line_opens_the_sites_of_strangers(rule: str, refused: bool) -> None:
    found, mistakes = node(f"{{{rule}}}")
    Rules().sites(found)
    assert ["public suffix" in message for message in told(mistakes)] == [True] * refused


@pytest.mark.parametrize(
    "action, times, through",
    [
        (A.BLOCK, (), False),
        (A.WARN, (), False),
        (A.MONITOR, (), True),
        (A.LIMIT, (("lunch", A.ALLOW),), True),
        (A.BLOCK, (("lunch", A.WARN),), False),
    ],
)
def test_opens(action: Action, times: tuple[tuple[str, Action], ...], through: bool) -> None:
    assert opens(Rule("x", action, Where("f"), times)) is through


def test_nothing_said_is_no_rule() -> None:
    rules = Rules()
    assert not rules.categories(None, frozenset()) and not rules.sites(None)
    assert not rules.files(None) and not rules.words(None, frozenset())


def test_actions_are_spelled_exactly() -> None:
    found, mistakes = node("Allow")
    assert action(found) is A.BLOCK
    assert told(mistakes)[0].startswith("unknown action 'Allow'; did you mean 'allow'?")
    assert readers.kind(found) == "text"
