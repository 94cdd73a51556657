"""The floor: the package's, the shipped floor.yaml and the school's. Each only adds; nothing may loosen any of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from hedgerow.core.model import Action, Floor, Rule, SiteRule
from hedgerow.core.sites import covers
from hedgerow.stores import readers
from hedgerow.stores.policy_bands import BandFile
from hedgerow.stores.policy_names import site_name
from hedgerow.stores.policy_rules import action, is_no_rule
from hedgerow.stores.yamlfile import MapNode, Node, Scalar, legal

_SCHOOL = "local/"
_ALLOWED = (Action.HELP, Action.BLOCK)


@dataclass(slots=True)
class FloorBuilder:
    """Takes floor files one after the other, the least movable first."""

    categories: dict[str, Rule] = field(default_factory=dict)
    sites: dict[str, SiteRule] = field(default_factory=dict)

    def add(self, root: MapNode, known: frozenset[str]) -> None:
        """One more floor file. What weakens an earlier one is a mistake."""
        root.known("categories", "sites")
        categories, sites = root.get("categories"), root.get("sites")
        for key, value in readers.mapping(categories) if categories else ():
            if key.value not in known:
                key.mistake(legal("category", key.value, known))
                continue
            rule = _rule(f"floor:category:{key.value}", key, value)
            if _adds(value, rule, self.categories.get(key.value)):
                self.categories[key.value] = rule
        for key, value in readers.mapping(sites) if sites else ():
            if (name := site_name(key)) is None:
                continue
            rule = _rule(f"floor:site:{name}", key, value)
            old = self.sites.get(str(name))
            if _adds(value, rule, old.rule if old else None):
                self.sites[str(name)] = SiteRule(name.host, rule, name.path, False, name.exact)

    def built(self) -> Floor:
        return Floor(self.categories, sites_by_host(self.sites.values()))


def sites_by_host(rules: Iterable[SiteRule]) -> Mapping[str, tuple[SiteRule, ...]]:
    """As ``core.sites`` reads them: by host, the longest path first, "exactly this host" before "and all below"."""
    table: dict[str, list[SiteRule]] = {}
    for rule in sorted(rules, key=lambda r: (r.host, -len(r.path), r.path, not r.exact)):
        table.setdefault(rule.host, []).append(rule)
    return {host: tuple(found) for host, found in table.items()}


def check_loosening(file: BandFile, floor: FloorBuilder) -> None:
    """Notes every rule of a band file that would open what the floor closes.

    A shipped band is not held against the school's own floor: that floor stands above it without a word.
    """
    for category, rule in file.categories.items():
        held = floor.categories.get(category)
        if held and _above(held, rule):
            _refuse(file.places[rule.id], f"the category {category!r}", held)
    for site in file.sites.values():
        if isinstance(site, SiteRule):
            for held_site in floor.sites.values():
                if _holds(held_site, site) and _above(held_site.rule, site.rule):
                    _refuse(file.places[site.rule.id], repr(site.rule.id.removeprefix("site:")), held_site.rule)


def names_of(floor: FloorBuilder, host: str, path: str) -> SiteRule | None:
    """The floor's site rule that covers this host and path, if there is one."""
    asked = SiteRule(host, Rule("", Action.ALLOW, next(iter(floor.categories.values())).where), path)
    return next((site for site in floor.sites.values() if _holds(site, asked)), None)


def _holds(held: SiteRule, site: SiteRule) -> bool:
    if held.exact:
        return site.host == held.host and site.exact and covers(held.path, site.path or "/")
    below = site.host == held.host or site.host.endswith("." + held.host)
    return below and covers(held.path, site.path or "/")


def _above(held: Rule, rule: Rule) -> bool:
    """True when ``rule`` is at some time weaker than the floor's, and its author could have known."""
    weakest = min((rule.action, *(at for _, at in rule.times)))
    return weakest < held.action and (rule.where.file.startswith(_SCHOOL) or not held.where.file.startswith(_SCHOOL))


def _refuse(place: Scalar, what: str, held: Rule) -> None:
    place.mistake(f"the floor holds {what} at {held.action} ({held.where}); no band can open it")


def _rule(rule_id: str, key: Scalar, node: Node) -> Rule:
    if is_no_rule(node):
        node.mistake("the floor only adds; nothing takes a line of it away")
        return Rule(rule_id, Action.BLOCK, key.where)
    if isinstance(node, Scalar):
        return Rule(rule_id, _floor_action(node), key.where)
    long = readers.mapping(node, "action", "message")
    does, message = long.need("action"), long.get("message")
    rule = Rule(rule_id, _floor_action(does) if does else Action.BLOCK, key.where)
    return replace(rule, message=readers.text(message, 300)) if message else rule


def _floor_action(node: Node) -> Action:
    does = action(node)
    if does not in _ALLOWED:
        node.mistake(f"the floor only adds: {' or '.join(str(a) for a in _ALLOWED)} expected, not {str(does)!r}")
        return Action.BLOCK
    return does


def _adds(node: Node, rule: Rule, old: Rule | None) -> bool:
    if old is None or rule.action > old.action:
        return True
    if rule.action < old.action:
        node.mistake(f"the floor only adds: {old.where} already says {old.action}")
    return False
