"""Which rules a pass has to lift so that a site, or a category, opens: found when it is issued, by asking ``decide``.

``decide`` is asked again and again, each time with what it named last lifted, until it opens or names something that
no pass lifts: steps 0 to 4, or words. So a pass carries the digests of exactly the rules that stood in the way on that
day; a rule that is made stricter afterwards has another digest, and closes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from hedgerow.core.asking import effective
from hedgerow.core.explain import Scan, hear_typed
from hedgerow.core.hosts import is_address
from hedgerow.core.model import (
    Action,
    Channel,
    Decision,
    Exam,
    Grants,
    Identity,
    Index,
    Kind,
    Name,
    NameSource,
    Pass,
    Policy,
    Request,
    Rule,
    Step,
    Typed,
)
from hedgerow.core.policy import decide
from hedgerow.core.sites import in_force
from hedgerow.core.urls import url_words

LIFTABLE = (Step.SITE, Step.CATEGORY, Step.DEFAULT)


@dataclass(frozen=True, slots=True)
class Lifting:
    """The rules in the way: digest -> name. ``refused``: the decision no pass lifts; then nothing is to be issued."""

    rules: dict[str, str] = field(default_factory=dict)
    refused: Decision | None = None

    @property
    def digests(self) -> frozenset[str]:
        return frozenset(self.rules)


@dataclass(frozen=True, slots=True)
class House:
    """For whom and by what it is judged. ``grants`` are those in force: an exam stands above every pass."""

    identity: Identity
    policy: Policy
    index: Index
    scan: Scan
    grants: Grants | None = None


def lift_site(host: str, path: str, house: House, moments: Iterable[datetime]) -> Lifting:
    """What a pass for this canonical host (and path, "" = all of it) has to lift at any of these moments.

    Its page and its parts are asked about, and those of ``www.`` before it: what people mean by a site.
    """
    rules: dict[str, str] = {}
    for now in moments:
        for name in (host,) if is_address(host) or host.startswith("www.") else (host, f"www.{host}"):
            for kind in (Kind.PAGE, Kind.PART):
                refused = _open(_request(name, path or "/", kind), host, house, now, rules)
                if refused is not None:
                    return Lifting(rules, refused)
    return Lifting(rules)


def lift_category(category: str, house: House, moments: Iterable[datetime]) -> Lifting:
    """What a pass for this category has to lift: its one rule in the band, unless the floor has one too.

    Raises KeyError when the band has no rule for it.
    """
    band = house.policy.bands[house.identity.band]
    rule = band.categories[category]
    for now in moments:
        if (floor := house.policy.floor.categories.get(category)) is not None and in_force(floor, now.date()):
            return Lifting({}, _floored(house, floor, category))
        if in_force(rule, now.date()) and effective(rule, now, band, house.policy).forbids:
            return Lifting({rule.digest: rule.id})
    return Lifting()


@dataclass(frozen=True, slots=True)
class _Tried(Grants):
    """The grants in force, and a pass for what has been found so far."""

    house: House
    held: Pass

    def lifts(self, person: str, site: str, digest: str, now: datetime) -> None:
        return None

    def passes(self, identity: Identity, now: datetime) -> tuple[Pass, ...]:
        return (self.held,)

    def exam(self, identity: Identity, now: datetime) -> Exam | None:
        return self.house.grants.exam(identity, now) if self.house.grants is not None else None


def _open(request: Request, host: str, house: House, now: datetime, rules: dict[str, str]) -> Decision | None:
    """Adds to ``rules`` what must be lifted for this request; the decision that cannot be, or None."""
    while True:
        grants = _Tried(house, Pass("", frozenset(rules), 0.0, host))
        decision = decide(request, house.identity, house.policy, house.index, now, grants)
        decision = hear_typed(decision, request, house.scan, house.identity, house.policy, now)
        if not decision.action.forbids:
            return None
        if decision.step not in LIFTABLE or decision.digest in rules:
            return decision
        rules[decision.digest] = decision.rule


def _request(host: str, path: str, kind: Kind) -> Request:
    words = Typed(Channel.URL, url_words(host, path, ""))
    return Request((Name(NameSource.HOST, host),), path=path, kind=kind, typed=(words,) if words.text else ())


def _floored(house: House, rule: Rule, category: str) -> Decision:
    return Decision(
        action=Action.BLOCK,
        capture=house.identity.level,
        band=house.identity.band,
        step=Step.FLOOR,
        rule=rule.id,
        where=str(rule.where),
        evidence=f"{category} stands in the floor",
        host="",
        category=category,
        policy=house.policy.version,
    )
