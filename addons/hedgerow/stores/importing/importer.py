"""From an installation that was read to files: bands are chosen, rules planned, phrases packed, all of it written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hedgerow.core.categories import KEPT
from hedgerow.stores.importing.banding import NONE, bands_for
from hedgerow.stores.importing.faults import ImportFault
from hedgerow.stores.importing.model import Installation, Verdict
from hedgerow.stores.importing.packs import packed, smallest_limit
from hedgerow.stores.importing.plan import BandPlan, Shipped
from hedgerow.stores.importing.planning import planned
from hedgerow.stores.importing.report import Report
from hedgerow.stores.importing.written import Written, band_file, write
from hedgerow.stores.list_quality import site_names
from hedgerow.stores.policies import LoadedPolicy


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the operator said on the command line."""

    bands: Mapping[str, str]  # group -> band
    categories: Mapping[str, str]  # list -> our category
    floor: tuple[str, ...] = ()


def shipped_world(loaded: LoadedPolicy, categories: frozenset[str], seeds: Path) -> Shipped:
    """What stands in the package: its bands without any school's edits, helplines, and the names of its lists."""
    names: dict[str, frozenset[str]] = {}
    for path in sorted(seeds.glob("*.txt")):
        if path.stem in categories:
            for host, inside in site_names(path):
                if inside == "/":
                    names[host] = names.get(host, frozenset()) | {path.stem}
    return Shipped(loaded.shipped, categories, frozenset(loaded.policy.protected), names)


def check_wishes(wishes: Wishes, categories: frozenset[str]) -> None:
    """Raises ImportFault for a category that does not exist, or that no file may fill."""
    for name, category in (*wishes.categories.items(), *(("--floor", one) for one in wishes.floor)):
        if category not in categories:
            raise ImportFault(f"{name}: no such category {category!r}; known: {', '.join(sorted(categories))}")


def imported(made: Installation, wishes: Wishes, shipped: Shipped, report: Report) -> Written:
    """All files of the import. Raises ImportFault for a question that only the operator can answer."""
    order = sorted(shipped.bands, key=lambda name: shipped.bands[name].order)
    bands, whys = bands_for(made.groups, wishes.bands, order)
    for group in made.groups:
        said = bands.get(group.key, NONE)
        report.groups[group.key] = f"{said} ({whys[group.key]})" if said != NONE else "left out, as you said"
    plan = planned(made, bands, shipped, report)
    limit = smallest_limit(group for group in made.groups if group.key in bands)
    packs = packed(made, limit, report)
    _notes(made, bands, report)
    for band in plan.bands:
        report.note(_about_unknown(band))
    return write(made, plan, packs, limit, shipped, tuple(dict.fromkeys(wishes.floor)), report)


def _about_unknown(band: BandPlan) -> str:
    if band.page.verdict is Verdict.BLOCK:
        return f"{band.band}: a site that no list names is closed, as it was; what the shipped band names stays open."
    return (
        f"{band.band}: a site that no list names is open, as it was, and the shipped band is stricter about it: "
        f"'unknown' in {band_file(band.band)}."
    )


def _notes(made: Installation, bands: Mapping[str, str], report: Report) -> None:
    report.note("Helplines and the floor (illegal, malware, phishing) stand above every imported line.")
    report.note("Hedgerow's own lists and bands stay in force for whatever the import does not name.")
    if any(kept in KEPT for kept in (one.category for one in made.lists.lists)):
        report.note("Lists of malware and phishing are closed in every band: the floor holds them.")
    if made.phrases:
        report.note("Phrases that made a page better, and combinations, are not in force: more pages may be stopped.")
    if len(bands) > 1 and not made.clients:
        report.note("No addresses say who is in which group: name the 'networks' in site.yaml.")
    if made.source == "e2guardian":
        report.note("A site that a list opens (grey) is open with its files; e2guardian still judged their kinds.")
