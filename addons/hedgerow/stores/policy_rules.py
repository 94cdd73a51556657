"""One line of a policy: an action, or an action with times, dates and a message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hedgerow.core.filetype import file_type
from hedgerow.core.hosts import is_listed_suffix
from hedgerow.core.model import Action, FileRule, Rule, Severity, SiteRule, Where, WordRule
from hedgerow.stores import readers
from hedgerow.stores.policy_names import SiteName, site_name
from hedgerow.stores.yamlfile import MapNode, Node, Scalar, legal

ACTIONS = {str(action): action for action in Action}
SEVERITIES = {str(severity): severity for severity in reversed(Severity)}
RULE_KEYS = ("action", "times", "since", "until", "message")
WORD_KEYS = ("threshold", "typed", "search", "alert", "alert-from")
NO_RULE = "no-rule"
DEFAULT_THRESHOLD = 3.0
_EXTENSION = re.compile(r"[a-z0-9]{1,10}", re.ASCII)


@dataclass(frozen=True, slots=True)
class NoRule:
    """Takes an inherited rule away again."""

    where: Where


@dataclass(slots=True)
class Rules:
    """Reads the rules of one file. Remembers where each stands and which windows they name, for later checks."""

    places: dict[str, Scalar] = field(default_factory=dict)
    windows: list[Scalar] = field(default_factory=list)

    def rule(self, rule_id: str, key: Scalar, node: Node, *more: str) -> tuple[Rule, MapNode]:
        """The rule, and the map it came from for what its kind has more (empty for the short form)."""
        self.places[rule_id] = key
        if isinstance(node, Scalar):
            return Rule(rule_id, action(node), key.where), MapNode(node.source, node.line, node.column)
        long = readers.mapping(node, *RULE_KEYS, *more)
        does = long.need("action") if isinstance(node, MapNode) else None
        rule = self._long(rule_id, key, long, action(does) if does else Action.BLOCK)
        return rule, long

    def _long(self, rule_id: str, key: Scalar, long: MapNode, does: Action) -> Rule:
        times = self._times(long)
        since, until, message = long.get("since"), long.get("until"), long.get("message")
        rule = Rule(
            rule_id,
            does,
            key.where,
            times,
            readers.day(since) if since else None,
            readers.day(until) if until else None,
            readers.text(message, 300) if message else "",
        )
        if rule.since and rule.until and rule.until < rule.since and until:
            until.mistake(f"the last day ({rule.until}) is before the first ({rule.since})")
        return rule

    def _times(self, long: MapNode) -> tuple[tuple[str, Action], ...]:
        node = long.get("times")
        if node is None:
            return ()
        times = []
        for key, value in readers.mapping(node):
            self.windows.append(key)
            times.append((key.value, action(value)))
        return tuple(times)

    def categories(self, node: Node | None, known: frozenset[str]) -> dict[str, Rule]:
        found = {}
        for key, value in readers.mapping(node) if node else ():
            if key.value not in known:
                key.mistake(legal("category", key.value, known))
            elif is_no_rule(value):
                value.mistake("a category always has a rule; write an action")
            else:
                found[key.value], _ = self.rule(f"category:{key.value}", key, value)
                self._must_open(found[key.value], value)
        return found

    def sites(self, node: Node | None) -> dict[str, SiteRule | NoRule]:
        found: dict[str, SiteRule | NoRule] = {}
        for key, value in readers.mapping(node) if node else ():
            name = site_name(key)
            if name is None:
                continue
            if first := self.places.get(f"site:{name}"):
                key.mistake(f"the site {str(name)!r} stands here twice; first in line {first.line}")
                continue
            if is_no_rule(value):
                found[str(name)] = NoRule(key.where)
                self.places[f"site:{name}"] = key
                continue
            rule, long = self.rule(f"site:{name}", key, value, "words")
            self._must_open(rule, value)
            self._no_strangers(name, rule, key)
            words = long.get("words")
            on = readers.choice(words, "value of 'words'", ("on", "off")) != "off" if words else True
            found[str(name)] = SiteRule(name.host, rule, name.path, on, name.exact)
        return found

    def words(self, node: Node | None, topics: frozenset[str]) -> dict[str, WordRule | NoRule]:
        found: dict[str, WordRule | NoRule] = {}
        for key, value in readers.mapping(node) if node else ():
            if key.value not in topics:
                key.mistake(legal("topic", key.value, topics))
            elif is_no_rule(value):
                found[key.value] = NoRule(key.where)
            else:
                rule, long = self.rule(f"words:{key.value}", key, value, *WORD_KEYS)
                self._must_open(rule, value)
                found[key.value] = _word(key.value, rule, long)
        return found

    def files(self, node: Node | None) -> dict[str, FileRule | NoRule]:
        found: dict[str, FileRule | NoRule] = {}
        for key, value in readers.mapping(node) if node else ():
            if is_no_rule(value):
                found[key.value] = NoRule(key.where)
                continue
            rule, long = self.rule(f"files:{key.value}", key, value, "types", "over")
            self._must_open(rule, value)
            types, over = long.get("types"), long.get("over")
            if types is None and over is None:
                value.mistake("a rule for files needs 'types: [...]' or 'over: SIZE'")
            names = readers.some(types, _extension) if types else ()
            found[key.value] = FileRule(frozenset(filter(None, names)), rule, readers.size(over) if over else None)
        return found

    def single(self, rule_id: str, key: Scalar, node: Node) -> Rule:
        """A rule that is neither category nor site: unknown:page, undecodable."""
        rule, _ = self.rule(rule_id, key, node)
        self._must_open(rule, node)
        return rule

    def _no_strangers(self, name: SiteName, rule: Rule, key: Scalar) -> None:
        """Below a public suffix stand the sites of people nobody at the school has ever looked at."""
        if opens(rule) and not name.exact and is_listed_suffix(name.host):
            key.mistake(
                f"{name.host!r} is a public suffix: {str(name)!r} opens the sites of all strangers below it; "
                f"name the sites you mean, or write '={name}' for this one name"
            )

    def _must_open(self, rule: Rule, node: Node) -> None:
        """ "Closed at this time of day" without a time at which it opens is a block that says it is none."""
        limits = rule.action is Action.LIMIT
        if limits and not any(not at.forbids for _, at in rule.times):
            node.mistake("limit means closed at this time of day; add 'times: {WINDOW: allow}', or write block")


def _word(topic: str, rule: Rule, long: MapNode) -> WordRule:
    """What a rule for words has more than others. What it does not say of alerts stays open (None)."""
    at, typed, search, alert, alert_from = (long.get(key) for key in WORD_KEYS)
    return WordRule(
        topic,
        rule,
        readers.decimal(at, 1, 100) if at else DEFAULT_THRESHOLD,
        replace(rule, action=_typed(typed), times=()) if typed else None,
        replace(rule, action=_typed(search), times=()) if search else None,
        SEVERITIES.get(readers.choice(alert, "value of 'alert'", SEVERITIES)) if alert else None,
        readers.decimal(alert_from, 1, 100) if alert_from else None,
    )


def _typed(node: Node) -> Action:
    """An action without times: "closed at this time of day" is none of them."""
    does = action(node)
    if does is Action.LIMIT:
        node.mistake("typed text has no times of its own; write another action than limit")
    return does


def action(node: Node) -> Action:
    """One of the six actions. Fallback: block."""
    return ACTIONS.get(readers.choice(node, "action", ACTIONS), Action.BLOCK)


def opens(rule: Rule) -> bool:
    """True when the rule lets anything through at some time of day."""
    return not min((rule.action, *(does for _, does in rule.times))).forbids


def is_no_rule(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value == NO_RULE


def present[T](table: Mapping[str, T | NoRule]) -> dict[str, T]:
    """The rules that are left once NoRule has taken away what it names."""
    return {key: rule for key, rule in table.items() if not isinstance(rule, NoRule)}


def _extension(node: Node) -> str:
    """The extension as ``core.filetype`` gives it, so that ``jpeg`` and ``jpg`` are one. Fallback: ""."""
    value = readers.text(node)
    if value and not _EXTENSION.fullmatch(value):
        node.mistake(f"a file's extension in small letters without a dot expected, such as 'exe', not {value!r}")
        return ""
    return file_type(f"/file.{value}", "", "") if value else ""
