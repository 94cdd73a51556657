"""The files of an import, laid out as ``policies/local`` and ``blocklists/local`` are, and the rows that lead there."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from hedgerow.core.model import Where
from hedgerow.stores.importing.model import Client, FileTypes, Installation, NameList
from hedgerow.stores.importing.packs import Packs, thresholds
from hedgerow.stores.importing.plan import BandPlan, Plan, Shipped, SiteLine, names_of, told, withheld
from hedgerow.stores.importing.report import Report
from hedgerow.stores.importing.text import Text, comment, key, quoted
from hedgerow.stores.importing.times import Week

SITE = "policies/local/site.yaml"
FLOOR = "policies/local/floor.yaml"
_BY_HAND = 1_000  # names; who has more of them did not write them
_LARGE = (
    "Large lists, such as publishers make, became names of your own ({}). What stands in blocklists/local is never "
    "weighed: it closes schools and well-known sites, too, where such a list errs. Better leave these files out: "
    "`hedgerow lists update` fetches UT1 (source `ut1`) and others; describe yours in local/sources.yaml with `path:`."
)


@dataclass(slots=True)
class Written:
    """Files by name below the folder that is made."""

    files: dict[str, Text] = field(default_factory=dict)

    def file(self, name: str) -> Text:
        return self.files.setdefault(name, Text())


def band_file(band: str) -> str:
    return f"policies/local/bands/{band}.yaml"


def write(
    made: Installation,
    plan: Plan,
    packs: Packs,
    limit: float,
    shipped: Shipped,
    floor: tuple[str, ...],
    report: Report,
) -> Written:
    """All files; every row that had to wait for a line number is in ``report`` afterwards."""
    written = Written(dict(packs.files))
    sizes = {
        category: _category(written.file(f"blocklists/local/{category}.txt"), category, lists, shipped, report)
        for category, lists in sorted(plan.categories.items())
    }
    if large := [f"{category} {size:,}" for category, size in sizes.items() if size > _BY_HAND]:
        report.note(_LARGE.format(", ".join(large)))
    for band in plan.bands:
        _band(written.file(band_file(band.band)), band, packs, limit, made, report)
    _site(written.file(SITE), made, plan, report)
    if floor:
        _floor(written.file(FLOOR), floor)
    _settings(made, plan, report)
    return written


def _category(text: Text, category: str, lists: list[NameList], shipped: Shipped, report: Report) -> int:
    """How many names were written."""
    name = f"blocklists/local/{category}.txt"
    text.add(f"# Imported: names of the category {category}. One a line, as blocklists/README.md says.")
    lines: dict[str, int] = {}
    helplines, before = withheld(shipped, category), ""
    for written, where, how, one in names_of(lists):
        if written.lstrip("=*.") in helplines:
            report.left(where, f"a helpline stands at or below this name: it cannot be {category}")
            continue
        if one.file != before:
            text.add(f"# from {comment(one.file)}")
            before = one.file
        line = lines.get(written) or text.add(written)
        lines[written] = line
        if how:
            report.changed(where, how, Where(name, line))
        else:
            report.carried(where, Where(name, line))
    return len(lines)


def _band(text: Text, plan: BandPlan, packs: Packs, limit: float, made: Installation, report: Report) -> None:
    group, name = plan.group, band_file(plan.band)
    called = f" {quoted(group.title)}" if group.title and group.title != group.key else ""
    text.add(f"# Imported from {made.source}, group {comment(group.key + called)} ({comment(str(group.where))}).")
    text.add("# Only what differs from the shipped band stands here; behind each line, where it comes from.")
    text.add(f"band: {plan.band}")
    _windows(text, plan)
    if plan.categories:
        text.add("\ncategories:".lstrip("\n"))
        for category, line in sorted(plan.categories.items()):
            text.add(f"  {category}: {_rule(line.action, line.times)}  # {comment(line.note)}")
    _sites(text, plan, name, report)
    _words(text, plan, packs, limit, made)
    _files(text, group.files, name, report)
    page = _rule(*told(plan.page))
    text.add("# What no list names.")
    text.add(f"unknown: {{page: {page}, part: {page}, address: {_rule(*told(plan.address))}}}")


def _windows(text: Text, plan: BandPlan) -> None:
    rules = [line.times for line in plan.categories.values()]
    weeks = [week for times in rules for week, _ in times]
    for ruled in (plan.page, plan.address, *(line.ruled for line in plan.sites.values())):
        weeks += [week for week, _ in ruled.times]
    windows = dict(window for week in weeks for window in week.windows())
    if windows:
        text.add("windows:  # by the school's clock: 'timezone' in site.yaml")
        for name, behind in sorted(windows.items()):
            text.add(f"  {name}: {behind}")


def _rule(action: str, times: tuple[tuple[Week, str], ...], words: bool = True) -> str:
    """As short as it can be: ``block``, or ``{action: allow, words: off}``."""
    if not times and words:
        return action
    named = [f"{name}: {at}" for week, at in times for name, _ in week.windows()]
    at_times = f", times: {{{', '.join(dict.fromkeys(named))}}}" if named else ""
    return f"{{action: {action}{at_times}{'' if words else ', words: off'}}}"


def _sites(text: Text, plan: BandPlan, name: str, report: Report) -> None:
    if not plan.sites:
        return
    text.add("sites:")
    for site, line in plan.sites.items():
        number = text.add(f"  {key(site)}: {_site_rule(line)}  # {comment(_origin(line))}")
        for where, how, also in line.from_lines:
            if how:
                report.changed(where, how, Where(name, number))
            elif also:
                report.changed(where, "in this band the order of the lists says otherwise: a line of its own",
                               Where(name, number))  # fmt: skip
            else:
                report.carried(where, Where(name, number))


def _site_rule(line: SiteLine) -> str:
    action, times = told(line.ruled)
    opens = any(int(at) == 0 for at in (line.ruled.verdict, *(at for _, at in line.ruled.times)))
    return _rule(action, times, words=not opens)


def _origin(line: SiteLine) -> str:
    places = ", ".join(dict.fromkeys(str(where) for where, _, _ in line.from_lines))
    return "; ".join(filter(None, (places, line.note)))


def _words(text: Text, plan: BandPlan, packs: Packs, limit: float, made: Installation) -> None:
    found = thresholds(plan.group, packs, limit, made.searches)
    if found:
        text.add("words:")
        for topic, threshold in found.items():
            asked = comment(str(plan.group.topics[topic]))
            text.add(f"  {topic}: {{action: block, threshold: {threshold:g}}}  # {asked}")


def _files(text: Text, files: list[FileTypes], name: str, report: Report) -> None:
    used = [one for one in files if one.types]
    if used:
        text.add("files:")
    taken: set[str] = set()
    for one in used:
        title = one.title if one.title not in taken else f"{one.title}-{len(taken) + 1}"
        taken.add(title)
        types = dict.fromkeys(kind for kind, _, _ in one.types)
        number = text.add(f"  {title}: {{types: [{', '.join(map(_type, types))}], action: block}}")
        for _, where, how in one.types:
            if how:
                report.changed(where, how, Where(name, number))
            else:
                report.carried(where, Where(name, number))


def _type(kind: str) -> str:
    return kind if kind.isalpha() else quoted(kind)


def _site(text: Text, made: Installation, plan: Plan, report: Report) -> None:
    text.add("# Imported: who is where. Copy what you need into your school's own site.yaml.")
    bands = {band.group.key: band for band in plan.bands}
    if made.languages:
        text.add(f"languages: [{', '.join(made.languages)}]")
    _networks(text, made.clients, bands, report)
    default = bands.get(made.default_group)
    if default is not None and default.band != "staff":
        text.add(f"default-band: {default.band}")
        reason = f"imported: {made.source} gave everyone else the group {default.group.key}"
        text.add(f"default-band-reason: {quoted(reason)}")


def _networks(text: Text, clients: list[Client], bands: Mapping[str, BandPlan], report: Report) -> None:
    kept = _distinct(clients, bands, report)
    if kept:
        text.add("networks:")
    for group, mine in kept.items():
        band = bands[group]
        text.add(f"  {key(group)}:")
        text.add(f"    band: {band.band}")
        text.add(f"    capture: {'decrypted' if band.group.decrypted else 'names-only'}"
                 "  # decrypted, where devices trust the school's certificate")  # fmt: skip
        if band.band == "staff":
            text.add("    staff-only: true  # make sure that nobody but staff can have these addresses")
        text.add("    addresses:")
        for client in mine:
            number = text.add(f"      - {quoted(client.network)}  # {comment(str(client.where))}")
            if client.how:
                report.changed(client.where, client.how, Where(SITE, number))
            else:
                report.carried(client.where, Where(SITE, number))


def _distinct(clients: list[Client], bands: Mapping[str, BandPlan], report: Report) -> dict[str, list[Client]]:
    """The addresses that are anybody's: of two groups with the same, or one inside the other's, the first was asked."""
    kept: dict[str, list[Client]] = {}
    taken: list[tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, str]] = []
    for client in clients:
        network = ipaddress.ip_network(client.network)
        inside = next((group for other, group in taken if _inside(network, other)), None)
        if client.group not in bands:
            report.left(client.where, f"its group {client.group} did not become a band")
        elif network.prefixlen == 0:
            report.left(client.where, "everyone: whoever is in no network gets 'default-band'")
        elif inside is not None:
            report.left(client.where, f"never reached: these addresses belong to {inside} already")
        else:
            taken.append((network, client.group))
            kept.setdefault(client.group, []).append(client)
    return kept


def _inside(
    one: ipaddress.IPv4Network | ipaddress.IPv6Network, other: ipaddress.IPv4Network | ipaddress.IPv6Network
) -> bool:
    return one.version == other.version and one.subnet_of(other)  # type: ignore[arg-type]  # of one version


def _floor(text: Text, categories: tuple[str, ...]) -> None:
    text.add("# Asked for with --floor: closed in every band, staff too.")
    text.add("categories:")
    for category in categories:
        text.add(f"  {category}: block")


def _settings(made: Installation, plan: Plan, report: Report) -> None:
    """Settings that are in force now, at the band (or the site) they became."""
    bands = {band.group.key: band.band for band in plan.bands}
    told: set[tuple[Where, str]] = set()
    for where, group, how in made.done:
        if group and group not in bands:
            report.left(where, f"the group {group} did not become a band")
        elif (where, how) not in told:
            report.carried(where, Where(band_file(bands[group]) if group else SITE), how)
        told.add((where, how))
