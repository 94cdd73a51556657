"""The steps of the precedence from 1 on, each a function: what it says about one name, or None when it is silent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from hedgerow.core.asking import Asking, Weighed, by_rule, effective, lifted, told, weigh
from hedgerow.core.categories import categories_of, covering
from hedgerow.core.doh import CATEGORY as DOH
from hedgerow.core.exam import exam
from hedgerow.core.hosts import is_address
from hedgerow.core.model import Action, Capture, Decision, Index, Kind, Match, NameSource, Protected, Rule, Step
from hedgerow.core.parts import KNOWN_GOOD, weigh_part
from hedgerow.core.sites import in_force, protected_entry, site_rule

_SPOKEN = Match("", frozenset({DOH}))
"""In the place of a list's entry: what the request asks, not whom."""


def _illegal(asking: Asking, host: str) -> Decision | None:
    """A member-only list: no band, grant or helpline stands above it. Nothing of the entry is told to anybody."""
    lists = asking.policy.illegal
    if lists is None:
        return None
    found = lists.match(host, asking.request.path, asking.request.query)
    if not found:
        asking.note(Step.ILLEGAL, "no member-only list closes it")
        return None
    asking.note(Step.ILLEGAL, "a member-only list (%s)", found)
    return Decision(
        action=Action.BLOCK,
        capture=Capture.DECRYPTED,
        band=asking.band.name,
        step=Step.ILLEGAL,
        rule=f"member:{found}",
        where=f"member:{found}",
        evidence="a list the law keeps closed",
        host="",  # the code is made from it: one code for a list and band says nothing about an entry
        category="illegal",
        policy=asking.policy.version,
        secret=True,
    )


def _protected(asking: Asking, host: str, shipped: bool = True) -> Decision | None:
    first = _protected_by(asking, host, shipped)
    if first is None:
        asking.note(Step.PROTECTED, "%s is no protected name%s", host, "" if shipped else " of the school's own")
        return None
    asking.note(Step.PROTECTED, "%s is a helpline or the gateway itself: open to everyone", host)
    return Decision(
        action=Action.ALLOW,
        capture=Capture.DECRYPTED if first.path or first.host in asking.policy.gateway_names else Capture.NAMES_ONLY,
        band=asking.band.name,
        step=Step.PROTECTED,
        rule=f"protected:{first.host}{first.path}",
        where=str(first.where),
        evidence="a helpline, or the gateway itself",
        host=host,
        policy=asking.policy.version,
        protected=True,
    )


def _protected_by(asking: Asking, host: str, shipped: bool) -> Protected | None:
    """The entry of the first name the client gave, when there is one of this kind for every name it gave."""
    table, path = asking.policy.protected, asking.request.path
    named = [n.host or "" for n in asking.request.names if n.source is not NameSource.DESTINATION] or [host]
    if named[0] not in table:
        return None
    entries = [protected_entry(table, other, path) for other in named]
    return entries[0] if all(e is not None and e.shipped is shipped for e in entries) else None


def _floor(asking: Asking, host: str) -> Decision | None:
    found = site_rule(asking.policy.floor.sites, host, asking.request.path, asking.now.date())
    if found is not None:
        asking.note(Step.FLOOR, "%s (%s): %s", found.rule.id, found.rule.where, found.rule.action)
        return by_rule(asking, Step.FLOOR, found.rule, found.rule.action, host, f"{host} stands in the floor")
    decision = _strictest_category(asking, host, Step.FLOOR, asking.policy.floor.categories.get)
    if decision is None:
        asking.note(Step.FLOOR, "nothing about %s", host)
    return decision


def _school_protected(asking: Asking, host: str) -> Decision | None:
    return _protected(asking, host, shipped=False)


def _site(asking: Asking, host: str) -> Decision | None:
    found = site_rule(asking.band.sites, host, asking.request.path, asking.now.date())
    if found is None:
        asking.note(Step.SITE, "no rule of %s names %s", asking.band.name, host)
        return None
    if asking.request.asks_names and DOH not in categories_of(asking.index, host, asking.request.path):
        asking.note(Step.SITE, "%s is no word about a name server on %s", found.rule.id, host)
        return None
    action = effective(found.rule, asking.now, asking.band, asking.policy)
    asking.note(Step.SITE, "%s (%s): %s", found.rule.id, found.rule.where, action)
    evidence = f"{host} is covered by the rule for {found.host}{found.path}"
    weighed = weigh(asking, Step.SITE, found.rule, host, action)
    files = weighed.lifted  # a rule that was lifted is no word about files
    return told(asking, Step.SITE, weighed, host, evidence, words=found.words, files=files)


def _category(asking: Asking, host: str) -> Decision | None:
    decision = _strictest_category(asking, host, Step.CATEGORY, asking.band.categories.get)
    if decision is None:
        asking.note(Step.CATEGORY, "no list decides about %s", host)
    return decision


STEPS: tuple[Callable[[Asking, str], Decision | None], ...] = (
    _illegal,  # 1
    _protected,  # 2: before the floor, so that no list can take help away
    _floor,  # 3
    _school_protected,  # still 2 by name, but a school's own word ranks below the floor
    exam,  # 4
    _site,  # 5: a person's word about one site beats a list's
    _category,  # 6
)
FLOORED = (_illegal, _protected, _floor)
LISTED = (_illegal, _protected, _floor, _school_protected, _site, _category)
"""Fewer steps, for an address that only stands inside another's (``core.inside``)."""


def judged(
    asking: Asking, host: str, steps: Iterable[Callable[[Asking, str], Decision | None]], whole: bool
) -> Decision | None:
    """What the first of these steps that speaks says about a name; with ``whole`` at last the band's default."""
    for step in steps:
        if (decision := step(asking, host)) is not None:
            return decision
    return unknown(asking, host) if whole else None


def _strictest_category(
    asking: Asking, host: str, step: Step, rule_of: Callable[[str], Rule | None]
) -> Decision | None:
    """The strictest category that has a rule; lifted ones are passed over, so that the next strictest speaks."""
    best: tuple[Action, str, Match, Rule] | None = None
    passed_over = False
    for category, match in _categories(asking, host, step):
        if category == KNOWN_GOOD and step is Step.CATEGORY:
            asking.note(step, "%s is listed as %s: a part of others' pages, no page of its own", match.name, category)
            continue  # ``unknown`` asks about it
        rule = rule_of(category)
        if rule is None or not in_force(rule, asking.now.date()):
            continue
        action = effective(rule, asking.now, asking.band, asking.policy)
        asking.note(step, "%s: %s (%s)", _reason(match, category), action, rule.where)
        if step is Step.CATEGORY and lifted(asking, rule, action, host):
            action, passed_over = Action.ALLOW, True
        if best is None or action > best[0]:
            best = (action, category, match, rule)
    if best is None:
        return None
    action, category, match, rule = best
    evidence = _reason(match, category)
    if action.forbids:
        evidence += _sources(asking.index, match, category)
    weighed = replace(weigh(asking, step, rule, host, action), lifted=passed_over and not action.forbids)
    return told(asking, step, weighed, host, evidence, files=category != "updates", category=category)


def _categories(asking: Asking, host: str, step: Step) -> tuple[tuple[str, Match], ...]:
    """What the lists call the name; and ``doh`` for what is asked of it, whoever it is."""
    listed = covering(asking.index, host, asking.request.path, corrected=step is not Step.FLOOR)
    return (*listed, (DOH, _SPOKEN)) if asking.request.asks_names else listed


def _reason(match: Match, category: str) -> str:
    if match is _SPOKEN:
        return "a question to a name server that the school cannot see (DNS over HTTPS)"
    return f"{match.name} is listed as {category}"


def _sources(index: Index, match: Match, category: str) -> str:
    entries = index.explain(match, category)
    return f" ({', '.join(str(entry.where) for entry in entries[:3])})" if entries else ""


def unknown(asking: Asking, host: str) -> Decision:
    band, kind = asking.band, asking.request.kind
    if is_address(host):
        return _default(asking, host, band.unknown_address, "an address instead of a name")
    if kind is Kind.PAGE:
        return _default(asking, host, band.unknown_page, "a page of a site nobody has judged")
    part, evidence = weigh_part(asking, host)
    if kind is Kind.PART:
        return _by_default(asking, host, part, evidence)
    page = weigh(asking, Step.DEFAULT, band.unknown_page, host)
    chosen, waits = page, False
    if asking.identity.level is Capture.DECRYPTED or band.lenient:  # else the type will never be known
        laxer = min(page, part, key=lambda weighed: weighed.shown)
        if not laxer.shown.forbids and page.shown != part.shown:
            chosen, waits = laxer, True
    asking.note(Step.DEFAULT, "%s (%s): %s", chosen.rule.id, chosen.rule.where, chosen.shown)
    return told(asking, Step.DEFAULT, chosen, host, f"{host}: a site nobody has judged", waits)


def _default(asking: Asking, host: str, rule: Rule, evidence: str) -> Decision:
    return _by_default(asking, host, weigh(asking, Step.DEFAULT, rule, host), evidence)


def _by_default(asking: Asking, host: str, weighed: Weighed, evidence: str) -> Decision:
    asking.note(Step.DEFAULT, "%s (%s): %s", weighed.rule.id, weighed.rule.where, weighed.shown)
    return told(asking, Step.DEFAULT, weighed, host, f"{host}: {evidence}")


def listed_nowhere(asking: Asking, host: str) -> Decision:
    """The dialled address of a request that carries names: judged by lists only, for we dial our own answer."""
    asking.note(Step.DEFAULT, "%s is only where the client dialled; the names decide", host)
    return Decision(
        action=Action.ALLOW,
        capture=asking.identity.level,
        band=asking.band.name,
        step=Step.DEFAULT,
        rule="unknown:destination",
        where="builtin:destination",
        evidence="the address belongs to no list",
        host=host,
        policy=asking.policy.version,
        reads_words=True,
        reads_files=True,
    )
