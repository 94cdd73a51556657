"""What an import comes to, before it is written: rules of bands, names of categories; and how ours say theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from hedgerow.core.categories import KEPT
from hedgerow.core.hosts import parents
from hedgerow.core.model import Action, Band, Rule, Where
from hedgerow.stores.formats import Listed, Scope, parse_name
from hedgerow.stores.importing.model import Group, NameList, Ruled, Verdict
from hedgerow.stores.importing.names import spelled
from hedgerow.stores.importing.times import Week
from hedgerow.stores.index_suffixes import without_www

_SHARED = "user-content"


@dataclass(slots=True)
class SiteLine:
    """One site rule, and the lines of the other filter it comes from."""

    ruled: Ruled
    from_lines: list[tuple[Where, str, bool]] = field(default_factory=list)  # line, what was changed, also elsewhere
    note: str = ""


@dataclass(slots=True)
class CategoryLine:
    """One category rule: actions by their names."""

    action: str
    times: tuple[tuple[Week, str], ...] = ()
    note: str = ""


@dataclass(slots=True)
class BandPlan:
    """What a band's file will say."""

    band: str
    group: Group
    categories: dict[str, CategoryLine] = field(default_factory=dict)
    sites: dict[str, SiteLine] = field(default_factory=dict)
    page: Ruled = Ruled(Verdict.ALLOW)
    address: Ruled = Ruled(Verdict.ALLOW)


@dataclass(slots=True)
class Plan:
    """What will be written, but for phrases and networks."""

    bands: list[BandPlan] = field(default_factory=list)
    categories: dict[str, list[NameList]] = field(default_factory=dict)  # our category -> lists that become its names


@dataclass(frozen=True, slots=True)
class Shipped:
    """What stands in the package and is looked at while planning."""

    bands: Mapping[str, Band]
    categories: frozenset[str]
    protected: frozenset[str] = frozenset()  # hosts of helplines
    seeds: Mapping[str, frozenset[str]] = field(default_factory=dict)  # host -> categories of the shipped lists


def ever_blocks(ruled: Ruled) -> bool:
    return Verdict.BLOCK in (ruled.verdict, *(at for _, at in ruled.times))


def told(ruled: Ruled) -> tuple[str, tuple[tuple[Week, str], ...]]:
    """(action, times) as a band says it. What opens at certain times only is a ``limit``: its page says when."""
    times = tuple((week, "block" if at is Verdict.BLOCK else "allow") for week, at in ruled.times)
    if ruled.verdict is Verdict.BLOCK:
        return ("limit" if any(action == "allow" for _, action in times) else "block"), times
    return "allow", times


def same(ruled: Ruled, rule: Rule) -> bool:
    """True when a shipped category rule says it already."""
    return not rule.times and not ruled.times and told(ruled)[0] == str(rule.action)


def as_ruled(rule: Rule, words: bool) -> Ruled | None:
    """A shipped site rule in the other filter's terms; None for what it had no word for (warn, limit, times)."""
    if rule.times or rule.since or rule.until:
        return None
    if rule.action is Action.BLOCK:
        return Ruled(Verdict.BLOCK)
    if rule.action in (Action.ALLOW, Action.MONITOR):
        return Ruled(Verdict.ALLOW if words else Verdict.OPEN)
    return None


def withheld(shipped: Shipped, category: str) -> frozenset[str]:
    """Hosts at or above a helpline that must not stand in a category of the floor: no list takes help away."""
    if category not in KEPT and category != _SHARED:
        return frozenset()
    return frozenset(parent for host in shipped.protected for parent in parents(host))


def names_of(lists: list[NameList]) -> Iterator[tuple[str, Where, str, NameList]]:
    for one in lists:
        for text, where, how in one.entries():
            yield spelled(_as_it_was(parse_name(text))), where, how, one


def _as_it_was(name: Listed) -> Listed:
    """In our hand-written lists ``www.`` means the site; with a star it means the host and what is below, as there."""
    if name.scope is Scope.USUAL and without_www(name.host) != name.host:
        return replace(name, scope=Scope.BELOW)
    return name
