"""The precedence, written once: ``decide`` says what happens to a request, and why.

First that speaks, for every name the client gave; the strictest name stands:

0. built-in refusals: what is not canonical, not ours to reach, or not what it says it is
1. member-only illegal URLs (an empty slot until lists of that kind exist)
2. protected names: helplines and the gateway itself
3. the floor, that no school can loosen; then a school's own additions to the helplines
4. lockout and exam mode (spoken by grants once there are any)
5. the band's site rules, most specific first
6. categories, the strictest over the name and all its listed parents
7. the band's default for the unknown

Words and files are not steps but second judges (``core.judges``): the stricter verdict stands.
A grant is no step either: it lifts exactly the rule it was issued for (``_lifted``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from hedgerow.core.categories import covering
from hedgerow.core.hosts import is_address, parents, registrable
from hedgerow.core.model import (
    Action,
    Band,
    Capture,
    Decision,
    Grants,
    Identity,
    Index,
    Kind,
    Match,
    Name,
    NameSource,
    Policy,
    Request,
    Rule,
    Step,
)
from hedgerow.core.refusals import BUILTIN_STATUS, refusal
from hedgerow.core.schedule import is_open, next_open
from hedgerow.core.sites import in_force, protected_entry, site_rule

_ORDER = {step: place for place, step in enumerate(Step)}

Trace = Callable[[Step, str], None]
"""``explain`` listens here; ``None`` in traffic, so that the told and the taken decision are one."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Everything one name is judged with: the arguments of ``decide``, and the band they lead to."""

    request: Request
    identity: Identity
    policy: Policy
    band: Band
    index: Index
    now: datetime  # aware, in the school's time zone
    grants: Grants | None
    trace: Trace | None = None

    def note(self, step: Step, text: str) -> None:
        if self.trace is not None:
            self.trace(step, text)


def decide(
    request: Request,
    identity: Identity,
    policy: Policy,
    index: Index,
    now: datetime,
    grants: Grants | None = None,
    trace: Trace | None = None,
) -> Decision:
    """What happens to this request. Pure: the same arguments give the same decision.

    ``now`` is aware and in the school's time zone. The caller asks again with ``kind`` set once the
    response's type is known when the decision says ``pending``.
    """
    band = policy.bands.get(identity.band) or policy.bands[policy.default_band]
    asking = Asking(request, identity, policy, band, index, now, grants, trace)
    if reason := refusal(request, policy):
        asking.note(Step.BUILTIN, f"refused: {reason[1]}")
        return _builtin(asking, *reason)
    asking.note(Step.BUILTIN, "nothing to refuse")
    names = _judged_names(request)
    strictest = max((_judge(asking, name) for name in names), key=_weight)
    if not strictest.action.forbids and len({n.host for n in names if n.source is not NameSource.DESTINATION}) > 1:
        listed = ", ".join(f"{n.source} {n.host}" for n in names)
        asking.note(Step.BUILTIN, f"the names disagree: {listed}")
        return _builtin(asking, "names-disagree", f"the client named two destinations: {listed}")
    return _with_capture(asking, strictest)


def _weight(decision: Decision) -> tuple[Action, bool, int]:
    """The strictest first; among equals the one an earlier step spoke: it tells more than "nobody has judged"."""
    return decision.action, decision.pending, -_ORDER[decision.step]


def effective(rule: Rule, asking_now: datetime, band: Band, policy: Policy) -> Action:
    """The rule's action at this moment: that of its first open window, else its own."""
    for name, action in rule.times:
        if is_open(band.windows[name], asking_now, policy.calendar):
            return action
    return rule.action


def _judged_names(request: Request) -> tuple[Name, ...]:
    """One name per host. The dialled address counts by itself only when the client named nothing else."""
    unique: dict[str | None, Name] = {}
    for name in request.names:
        unique.setdefault(name.host, name)
    return tuple(unique.values())


def _judge(asking: Asking, name: Name) -> Decision:
    host = name.host or ""
    for step in _STEPS:
        if (decision := step(asking, host)) is not None:
            return decision
    alone = all(n.source is NameSource.DESTINATION for n in asking.request.names)
    if name.source is NameSource.DESTINATION and not alone:
        return _allow_listed_nowhere(asking, host)
    return _unknown(asking, host)


def _protected(asking: Asking, host: str, shipped: bool = True) -> Decision | None:
    named = [n.host or "" for n in asking.request.names if n.source is not NameSource.DESTINATION] or [host]
    entries = [protected_entry(asking.policy.protected, other, asking.request.path) for other in named]
    first = entries[0]
    if first is None or not all(e is not None and e.shipped is shipped for e in entries):
        asking.note(Step.PROTECTED, f"{host} is no protected name" + ("" if shipped else " of the school's own"))
        return None
    asking.note(Step.PROTECTED, f"{host} is a helpline or the gateway itself: open to everyone")
    return Decision(
        action=Action.ALLOW,
        capture=Capture.DECRYPTED if first.path else Capture.NAMES_ONLY,
        band=asking.band.name,
        step=Step.PROTECTED,
        rule=f"protected:{first.host}{first.path}",
        where=str(first.where),
        evidence="a helpline, or the gateway itself",
        host=host,
        policy=asking.policy.version,
        protected=True,
    )


def _floor(asking: Asking, host: str) -> Decision | None:
    found = site_rule(asking.policy.floor.sites, host, asking.request.path, asking.now.date())
    if found is not None:
        asking.note(Step.FLOOR, f"{found.rule.id} ({found.rule.where}): {found.rule.action}")
        return _by_rule(asking, Step.FLOOR, found.rule, found.rule.action, host, f"{host} stands in the floor")
    decision = _strictest_category(asking, host, Step.FLOOR, asking.policy.floor.categories.get)
    if decision is None:
        asking.note(Step.FLOOR, f"nothing about {host}")
    return decision


def _school_protected(asking: Asking, host: str) -> Decision | None:
    return _protected(asking, host, shipped=False)


def _site(asking: Asking, host: str) -> Decision | None:
    found = site_rule(asking.band.sites, host, asking.request.path, asking.now.date())
    if found is None:
        asking.note(Step.SITE, f"no rule of {asking.band.name} names {host}")
        return None
    action = effective(found.rule, asking.now, asking.band, asking.policy)
    asking.note(Step.SITE, f"{found.rule.id} ({found.rule.where}): {action}")
    evidence = f"{host} is covered by the rule for {found.host}{found.path}"
    decision = _by_rule(asking, Step.SITE, found.rule, action, host, evidence)
    return replace(decision, reads_words=decision.reads_words and found.words, reads_files=False)


def _category(asking: Asking, host: str) -> Decision | None:
    decision = _strictest_category(asking, host, Step.CATEGORY, asking.band.categories.get)
    if decision is None:
        asking.note(Step.CATEGORY, f"{host} stands in no list")
    return decision


_STEPS: tuple[Callable[[Asking, str], Decision | None], ...] = (
    _protected,  # 2: before the floor, so that no list can take help away
    _floor,  # 3
    _school_protected,  # still 2 by name, but a school's own word ranks below the floor
    _site,  # 5: a person's word about one site beats a list's
    _category,  # 6
)


def _strictest_category(
    asking: Asking, host: str, step: Step, rule_of: Callable[[str], Rule | None]
) -> Decision | None:
    """The strictest category that has a rule; lifted ones are passed over, so that the next strictest speaks."""
    best: tuple[Action, str, Match, Rule] | None = None
    for category, match in covering(asking.index, host, asking.request.path, corrected=step is not Step.FLOOR):
        rule = rule_of(category)
        if rule is None or not in_force(rule, asking.now.date()):
            continue
        action = effective(rule, asking.now, asking.band, asking.policy)
        asking.note(step, f"{match.name} is listed as {category}: {action} ({rule.where})")
        if step is Step.CATEGORY and _lifted(asking, rule, action, host):
            action = Action.ALLOW
        if best is None or action > best[0]:
            best = (action, category, match, rule)
    if best is None:
        return None
    action, category, match, rule = best
    evidence = f"{match.name} is listed as {category}"
    if action.forbids:
        evidence += _sources(asking.index, match, category)
    decision = _by_rule(asking, step, rule, action, host, evidence)
    return replace(decision, category=category, reads_files=decision.reads_files and category != "updates")


def _sources(index: Index, match: Match, category: str) -> str:
    entries = index.explain(match, category)
    return f" ({', '.join(str(entry.where) for entry in entries[:3])})" if entries else ""


def _unknown(asking: Asking, host: str) -> Decision:
    band, kind = asking.band, asking.request.kind
    if is_address(host):
        return _default(asking, host, band.unknown_address, "an address instead of a name")
    if kind is Kind.PAGE:
        return _default(asking, host, band.unknown_page, "a page of a site nobody has judged")
    if kind is Kind.PART:
        return _default(asking, host, band.unknown_part, "a part from a site nobody has judged")
    page, part = (_weigh(asking, Step.DEFAULT, rule, host) for rule in (band.unknown_page, band.unknown_part))
    chosen, waits = page, False
    if asking.identity.level is Capture.DECRYPTED or band.lenient:  # else the type will never be known
        laxer = min(page, part, key=lambda weighed: weighed.shown)
        if not laxer.shown.forbids and page.shown != part.shown:
            chosen, waits = laxer, True
    asking.note(Step.DEFAULT, f"{chosen.rule.id} ({chosen.rule.where}): {chosen.shown}")
    return _told(asking, Step.DEFAULT, chosen, host, f"{host}: a site nobody has judged", waits)


def _default(asking: Asking, host: str, rule: Rule, evidence: str) -> Decision:
    weighed = _weigh(asking, Step.DEFAULT, rule, host)
    asking.note(Step.DEFAULT, f"{rule.id} ({rule.where}): {weighed.shown}")
    return _told(asking, Step.DEFAULT, weighed, host, f"{host}: {evidence}")


def _allow_listed_nowhere(asking: Asking, host: str) -> Decision:
    """The dialled address of a request that carries names: judged by lists only, for we dial our own answer."""
    asking.note(Step.DEFAULT, f"{host} is only where the client dialled; the names decide")
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


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A rule at this moment: what it asks for, and what is left of that after grants and what can be shown."""

    rule: Rule
    action: Action
    shown: Action
    lifted: bool
    pending: bool


def _weigh(asking: Asking, step: Step, rule: Rule, host: str, action: Action | None = None) -> _Weighed:
    """The rule's action now; lifted by a grant, softened where no page can be shown (never in the floor)."""
    asked = effective(rule, asking.now, asking.band, asking.policy) if action is None else action
    if step is Step.FLOOR:
        return _Weighed(rule, asked, asked, False, False)
    if _lifted(asking, rule, asked, host):
        return _Weighed(rule, asked, Action.ALLOW, True, False)
    if asked in (Action.WARN, Action.LIMIT) and asking.band.lenient:
        if asking.request.kind is Kind.PART or asking.request.upgrade:
            return _Weighed(rule, asked, Action.MONITOR, False, False)  # no page can be shown: allowed and counted
        if asking.request.kind is Kind.UNKNOWN and asking.identity.level is Capture.DECRYPTED:
            return _Weighed(rule, asked, Action.MONITOR, False, True)  # the response's type decides
    return _Weighed(rule, asked, asked, False, False)


def _by_rule(asking: Asking, step: Step, rule: Rule, action: Action, host: str, evidence: str) -> Decision:
    return _told(asking, step, _weigh(asking, step, rule, host, action), host, evidence)


def _told(asking: Asking, step: Step, weighed: _Weighed, host: str, evidence: str, waits: bool = False) -> Decision:
    """The decision in full. ``waits``: page and part differ, so the response's type decides."""
    rule, shown = weighed.rule, weighed.shown
    asks = step is not Step.FLOOR and not shown.forbids
    return Decision(
        action=shown,
        capture=Capture.DECRYPTED,
        band=asking.band.name,
        step=step,
        rule=rule.id,
        where=str(rule.where),
        evidence=evidence,
        host=host,
        policy=asking.policy.version,
        digest=rule.digest if weighed.action.forbids else "",
        message=rule.message,
        site=registrable(host),
        reads_words=asks,
        reads_files=asks and bool(asking.band.files),
        pending=weighed.pending or waits,
        until=_opens_at(asking, rule) if shown is Action.LIMIT else None,
        lifted=weighed.lifted,
    )


def _lifted(asking: Asking, rule: Rule, action: Action, host: str) -> bool:
    """True when this person continued past exactly this rule on this site, and it has not ended."""
    if asking.grants is None or action not in (Action.WARN, Action.HELP):
        return False
    grant = asking.grants.lifts(asking.identity.key, registrable(host), rule.digest, asking.now)
    if grant is not None:
        asking.note(Step.SITE, f"{rule.id} was continued by this person on {grant.site}")
    return grant is not None


def _opens_at(asking: Asking, rule: Rule) -> datetime | None:
    """When a limit opens: the next opening of a window in which it is not forbidden."""
    moments = [
        next_open(asking.band.windows[name], asking.now, asking.policy.calendar)
        for name, action in rule.times
        if not action.forbids
    ]
    return min((m for m in moments if m is not None), default=None)


def _builtin(asking: Asking, reason: str, evidence: str) -> Decision:
    return refused(asking.request, asking.band.name, asking.policy.version, reason, evidence)


def refused(request: Request, band: str, version: str, reason: str, evidence: str) -> Decision:
    """A built-in refusal: also of what only dialling can find, such as a name that answers with a private address."""
    return Decision(
        action=Action.BLOCK,
        capture=Capture.DECRYPTED,
        band=band,
        step=Step.BUILTIN,
        rule=f"builtin:{reason}",
        where=f"builtin:{reason}",
        evidence=evidence,
        host=next((n.host for n in request.names if n.host), "") or "",
        policy=version,
        status=BUILTIN_STATUS.get(reason, 403),
    )


def _with_capture(asking: Asking, decision: Decision) -> Decision:
    """Decrypt or pass through. A page can only be shown on a decrypted connection, so what forbids decrypts."""
    if decision.protected:
        return decision
    if decision.action.forbids or (decision.pending and decision.step is not Step.DEFAULT):
        return decision
    names_only = asking.identity.level is Capture.NAMES_ONLY or _no_decrypt(asking, decision.host)
    if not names_only:
        return decision
    asking.note(Step.DEFAULT, "not decrypted: judged by its name only")
    return replace(decision, capture=Capture.NAMES_ONLY, reads_words=False, reads_files=False, pending=False)


def _no_decrypt(asking: Asking, host: str) -> bool:
    table = asking.policy.no_decrypt
    for parent in parents(host):
        entry = table.get(parent)
        if entry is not None and (entry.below or parent == host):
            return True
    return False


def names(hosts: Iterable[tuple[NameSource, str | None]]) -> tuple[Name, ...]:
    """Names from (source, canonical host) pairs: what ``explain`` and tests build requests from."""
    return tuple(Name(source, host) for source, host in hosts)
