"""From the order in which another filter's lists speak to ours: most specific site rule, then categories, then unknown.

Why this gives the same verdicts: which lists cover a name is told by the most specific listed name at or above it, so
what the order comes to there (``Group.ruled``) is right for everything below it down to the next listed name. (Save
where a part of a site and a host below that site are listed apart, and somebody asks for that part on that host.) Each
listed name whose verdict is not what the rules above it already say gets a site rule of its own; big lists become
categories, and only the names in them that the order decides otherwise need a line in the band.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hedgerow.core.categories import KEPT
from hedgerow.core.hosts import is_private, parents
from hedgerow.core.model import Action, Band, SiteRule, Where
from hedgerow.core.sites import covers
from hedgerow.stores.formats import Listed, Scope, parse_name
from hedgerow.stores.importing.model import (
    Group,
    Installation,
    Lists,
    NameList,
    Ruled,
    Verdict,
    address_of,
    is_exact,
    strictest,
)
from hedgerow.stores.importing.names import is_network, site_key
from hedgerow.stores.importing.plan import (
    BandPlan,
    CategoryLine,
    Plan,
    Shipped,
    SiteLine,
    as_ruled,
    ever_blocks,
    same,
    told,
)
from hedgerow.stores.importing.report import Report

MOST_SITES = 4_000
"""Site rules of one band: a file of more than a megabyte or 100,000 entries is refused (``stores.yamlfile``)."""

_OPEN_ANYWAY = frozenset({"updates", "page-parts"})


def planned(made: Installation, bands: Mapping[str, str], shipped: Shipped, report: Report) -> Plan:
    """``bands``: group -> band; a group that is missing there is left out."""
    groups = [group for group in made.groups if group.key in bands]
    plan = Plan(categories=_sorted_out(made, groups, shipped, report))
    for group in groups:
        band = BandPlan(bands[group.key], group)
        plan.bands.append(band)
        _Planner(made.lists, plan, band, shipped.bands[band.band], shipped, report).all()
    return plan


def _sorted_out(made: Installation, groups: list[Group], shipped: Shipped, report: Report) -> dict[str, list[NameList]]:
    """Which lists become names of a category: those with one that some group closes, and those that are too long."""
    found: dict[str, list[NameList]] = {}
    for one in made.lists.lists:
        closes = any(step.lists & one.bit for g in groups for step in g.steps if step.lists > 0 and step.verdict == 2)
        opens = any(step.lists & one.bit for g in groups for step in g.steps if step.lists > 0 and step.verdict < 2)
        if not one.names or (made.groups and not closes and not opens):
            _unasked(one, report)
        elif not made.groups and not one.category:
            for _, where, _ in one.entries():
                report.left(where, f"no category is known for {one.title!r}; say --category {one.title}=CATEGORY")
        elif (one.category and (closes or not made.groups)) or len(one) > MOST_SITES:
            if not one.category:
                one.category = nearest(one, shipped) if closes else "education"
                report.note(
                    f"The {len(one):,} names of {one.title} are too many for a band's file and became the category "
                    f"{one.category!r}. Another one: --category {one.title}=CATEGORY."
                )
            found.setdefault(one.category, []).append(one)
    return found


def _unasked(one: NameList, report: Report) -> None:
    for _, where, _ in one.entries():
        report.left(where, "a list that no group asks")


def nearest(one: NameList, shipped: Shipped) -> str:
    """The category whose shipped names a list shares most; ``adult``, closed everywhere, when it shares none."""
    votes: dict[str, int] = {}
    for name in one.names:
        for category in shipped.seeds.get(name, frozenset()) - KEPT:
            votes[category] = votes.get(category, 0) + 1
    return max(sorted(votes), key=votes.__getitem__, default="adult")


@dataclass(slots=True)
class _Sites:
    """Site rules as ``core.sites`` looks for them: the longest host, then the longest path."""

    rules: dict[str, dict[tuple[str, bool], Ruled | None]] = field(default_factory=dict)

    def put(self, name: Listed, exact: bool, ruled: Ruled | None) -> None:
        self.rules.setdefault(name.host, {})[name.path, exact] = ruled

    def above(self, name: Listed) -> tuple[bool, Ruled | None]:
        """(is there one, what it says: None = something no imported rule says)"""
        for parent in parents(name.host):
            for (path, exact), ruled in sorted(
                self.rules.get(parent, {}).items(), key=lambda item: (-len(item[0][0]), not item[0][1])
            ):
                if (not exact or parent == name.host) and covers(path, name.path):
                    return True, ruled
        return False, None


@dataclass(slots=True)
class _Planner:
    lists: Lists
    plan: Plan
    band: BandPlan
    shipped_band: Band
    shipped: Shipped
    report: Report
    sites: _Sites = field(default_factory=_Sites)
    ruled_categories: dict[str, Ruled] = field(default_factory=dict)
    _memory: dict[tuple[int, bool], Ruled] = field(default_factory=dict)

    def all(self) -> None:
        group = self.band.group
        self.band.page, self.band.address = group.ruled(0), group.ruled(0, address=True)
        self._categories()
        for rule in (one for found in self.shipped_band.sites.values() for one in found):
            self._shipped_site(rule)
        in_categories = {one.number for found in self.plan.categories.values() for one in found}
        asked = list(self.lists.of(group.mentions))
        for one in asked:
            if one.number not in in_categories:
                self._site_list(one)
        self._missing(asked)

    # categories

    def _categories(self) -> None:
        group, unknown = self.band.group, self.band.page
        for category, lists in self.plan.categories.items():
            asked = [one for one in lists if one.bit & group.mentions]
            if asked:
                first = max(asked, key=len)
                self._category(category, group.ruled(first.bit), first)
        for category in sorted(self.shipped.categories - self.ruled_categories.keys() - KEPT - _OPEN_ANYWAY):
            if ever_blocks(unknown):
                self._closed_with_unknown(category, unknown)
            elif category in self.plan.categories and self.shipped_band.categories[category].action.forbids:
                self.report.note(
                    f"{self.band.band}: the group {group.key} did not close {category}; Hedgerow's own rule "
                    f"({self.shipped_band.categories[category].action}) stays. To open it: 'categories: "
                    f"{{{category}: allow}}' in its band."
                )

    def _category(self, category: str, ruled: Ruled, first: NameList) -> None:
        if category in KEPT:
            self.ruled_categories[category] = Ruled(Verdict.BLOCK)
            if ruled != Ruled(Verdict.BLOCK):
                self.report.note(f"{category} is closed by the floor in every band, whatever the other filter said.")
            return
        self.ruled_categories[category] = ruled
        if same(ruled, self.shipped_band.categories[category]):
            return
        self.band.categories[category] = CategoryLine(*told(ruled), f"as {first.title} was")
        was, at_times = self.shipped_band.categories[category].action, ", other at some times" if ruled.times else ""
        self.report.note(
            f"{self.band.band}: {category} is {told(ruled)[0]}{at_times} (it was {was}); this is about all names of "
            "the category, Hedgerow's own as well."
        )

    def _closed_with_unknown(self, category: str, unknown: Ruled) -> None:
        """Where what nobody listed is closed, what only Hedgerow's own lists know is closed as well."""
        rule = self.shipped_band.categories[category]
        if rule.action is Action.BLOCK and not rule.times:
            return
        if unknown.verdict is Verdict.BLOCK:
            line = CategoryLine(*told(unknown), "whatever no list opens was closed")
        elif rule.times:
            return
        else:
            times = tuple((week, "block") for week, at in unknown.times if at is Verdict.BLOCK)
            line = CategoryLine(str(rule.action), times, "whatever no list opens was closed at these times")
        self.band.categories[category] = line

    # sites

    def _shipped_site(self, rule: SiteRule) -> None:
        """A rule of the shipped band about a name that an imported list covers gives way to it."""
        name = Listed(rule.host, rule.path, Scope.EXACT if rule.exact else Scope.USUAL)
        mask = self.lists.covering(name) & self.band.group.mentions
        was = as_ruled(rule.rule, rule.words)
        if mask:
            ruled = self.band.group.ruled(mask, address_of(name))
            if ruled != was:
                covering = ", ".join(one.title for one in self.lists.of(mask))
                key = site_key(name) if not rule.exact else f"={rule.host}{rule.path}"
                self.band.sites[key] = SiteLine(ruled, note=f"Hedgerow's own rule gives way to {covering}")
                was = ruled
        self.sites.put(name, rule.exact or is_exact(name), was)

    def _site_list(self, one: NameList) -> None:
        for text, where, how in one.entries():
            name = parse_name(text)
            if is_network(name.host):
                self.report.left(where, "a range of addresses is no site; write its addresses, or give it a category")
                continue
            ruled = self._ruled(name)
            if self._opens_inside(name, ruled):
                self.report.left(where, "inside the school's own network: name it under 'private' in site.yaml")
            elif self._opens_strangers(name, ruled):
                self.report.left(where, "opens the sites of all strangers below it; name the sites you mean")
            elif self._is_heard(name, one, ruled):
                self._write(name, ruled, where, how, one)
            else:
                self.report.changed(where, f"never reached: {self._before(name, one)} speaks first")

    def _missing(self, lists: list[NameList]) -> None:
        """Only those names whose verdict is not their category's or that of the site rule above them, Hedgerow's own as
        well: what speaks before a list closes its names also below a site that our band opens.

        Again and again until no line is missing: a line that is written may open names below it.
        """
        while found := [row for one in lists for row in self._differing(one)]:
            for name, ruled, where, one in sorted(found, key=lambda row: (row[0].host.count("."), len(row[0].path))):
                if self._expected(name) == ruled:
                    continue
                if len(self.band.sites) >= MOST_SITES:
                    self.report.note(f"{self.band.band}: more than {MOST_SITES} names differ from their category.")
                    return
                self._write(name, ruled, where, "", one, also=True)

    def _differing(self, one: NameList) -> Iterator[tuple[Listed, Ruled, Where, NameList]]:
        for text, where, _ in one.entries():
            name = parse_name(text)
            if is_network(name.host):
                continue
            ruled = self._ruled(name)
            if self._expected(name) != ruled and not self._cannot(name, ruled) and not self._kept(name):
                yield name, ruled, where, one

    def _ruled(self, name: Listed) -> Ruled:
        mask, address = self._mask(name), address_of(name)
        if (mask, address) not in self._memory:
            self._memory[mask, address] = self.band.group.ruled(mask, address)
        return self._memory[mask, address]

    def _mask(self, name: Listed) -> int:
        return self.lists.covering(name) & self.band.group.mentions

    def _kept(self, name: Listed) -> bool:
        return any(one.category in KEPT for one in self.lists.of(self._mask(name)) if self._is_category(one))

    def _is_category(self, one: NameList) -> bool:
        return one in self.plan.categories.get(one.category, ())

    def _expected(self, name: Listed) -> Ruled | None:
        """What our rules say about a name without a line of its own."""
        there, ruled = self.sites.above(name)
        if there:
            return ruled
        mask = self._mask(name)
        categories = {one.category for one in self.lists.of(mask) if self._is_category(one)}
        rules = [self.ruled_categories[category] for category in categories if category in self.ruled_categories]
        return strictest(rules) if rules else (self.band.address if address_of(name) else self.band.page)

    def _is_heard(self, name: Listed, one: NameList, ruled: Ruled) -> bool:
        """False when others speak before this list whenever it would say something else."""
        own = {step.verdict for step in self.band.group.steps if step.lists > 0 and step.lists & one.bit}
        return ruled.verdict in own or any(at in own for _, at in ruled.times)

    def _before(self, name: Listed, one: NameList) -> str:
        titles = [other.title for other in self.lists.of(self._mask(name)) if other is not one]
        return " or ".join(dict.fromkeys(titles)) or "an earlier rule"

    def _cannot(self, name: Listed, ruled: Ruled) -> bool:
        return self._opens_strangers(name, ruled) or self._opens_inside(name, ruled)

    @staticmethod
    def _opens_inside(name: Listed, ruled: Ruled) -> bool:
        """An address of the school's own network: only ``private`` in site.yaml opens one."""
        return is_private(name.host) and ruled.verdict is not Verdict.BLOCK

    @staticmethod
    def _opens_strangers(name: Listed, ruled: Ruled) -> bool:
        """``.gov`` as an exception: no site rule may open a public suffix with all below it."""
        opens = min((ruled.verdict, *(at for _, at in ruled.times))) is not Verdict.BLOCK
        return opens and name.scope is Scope.BELOW

    def _write(self, name: Listed, ruled: Ruled, where: Where, how: str, one: NameList, also: bool = False) -> None:
        key = site_key(name)
        if key not in self.band.sites and len(self.band.sites) >= MOST_SITES:
            self.report.left(where, f"more than {MOST_SITES} sites in one band; give the list a category")
            return
        line = self.band.sites.setdefault(key, SiteLine(ruled))
        line.from_lines.append((where, how, also))
        self.sites.put(name, key.startswith("="), ruled)
