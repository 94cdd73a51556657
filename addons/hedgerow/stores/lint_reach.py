"""Can a rule ever speak, and can it work where it stands?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from hedgerow.core.categories import covering
from hedgerow.core.hosts import parents
from hedgerow.core.model import Action, Band, Capture, Rule
from hedgerow.core.schedule import next_open
from hedgerow.core.sites import protected_entry, site_rule
from hedgerow.stores.linting import Finding, Linting, sites_of
from hedgerow.stores.policy_rules import opens
from hedgerow.stores.policy_words import rules_of


def never_fires(linting: Linting) -> Iterator[Finding]:
    """A rule, or a part of one, that nothing will ever meet."""
    today = linting.now.date()
    for band in linting.bands:
        for rule, _ in rules_of(band):
            yield from _about_times(linting, band, rule)
            if rule.until and rule.until < today:
                yield Finding(rule.where, f"{rule.id} ended on {rule.until}; the line does nothing any more")


def _about_times(linting: Linting, band: Band, rule: Rule) -> Iterator[Finding]:
    if rule.times and all(action is rule.action for _, action in rule.times):
        yield Finding(rule.where, f"{rule.id}: its times say {rule.action} too; they change nothing")
    for name in dict.fromkeys(name for name, _ in rule.times):
        if next_open(band.windows[name], linting.now, linting.loaded.policy.calendar) is None:
            yield Finding(rule.where, f"{rule.id}: the window {name!r} is never open in the next year")


def decided_before(linting: Linting) -> Iterator[Finding]:
    """A site rule about something the floor or a helpline decides before the band is asked."""
    policy = linting.loaded.policy
    for band in linting.bands:
        for site in sites_of(band):
            floor = site_rule(policy.floor.sites, site.host, site.path or "/", linting.now.date())
            if floor:
                yield Finding(site.rule.where, f"{site.rule.id}: the floor decides first ({floor.rule.where})")
            entry = protected_entry(policy.protected, site.host, site.path or "/")
            if entry and entry.shipped and site.rule.action.forbids:
                yield Finding(site.rule.where, f"{site.host} is a helpline and stays open ({entry.where})")


def blind(linting: Linting) -> Iterator[Finding]:
    """Rules that need the inside of a connection, in a network where only names are seen."""
    for network in linting.loaded.site.networks:
        if network.level is Capture.NAMES_ONLY:
            band = linting.loaded.policy.bands[network.band]
            yield from _blind(band, f"the network {network.name!r} sees names only")
    for band in linting.bands:
        for site in sites_of(band):
            if site.path and (vendor := _vendor(linting, site.host)):
                yield Finding(
                    site.rule.where, f"{site.host} is not decrypted ({vendor}): a rule for a path cannot work"
                )


def _blind(band: Band, why: str) -> Iterator[Finding]:
    needing = {
        "rules for paths": [site.rule for site in sites_of(band) if site.path],
        "rules for words": [word.rule for word in band.words.values()],
        "rules for files": [file.rule for file in band.files],
    }
    for what, rules in needing.items():
        if rules:
            first = min(rules, key=lambda rule: (not rule.where.file.startswith("local/"), str(rule.where)))
            yield Finding(first.where, f"{why}: {len(rules)} {what} in {band.name} cannot work there, this one first")


def _vendor(linting: Linting, host: str) -> str:
    table = linting.loaded.policy.no_decrypt
    entries = ((parent, table[parent]) for parent in parents(host) if parent in table)
    return next((f"{e.vendor}, {e.where}" for parent, e in entries if e.below or parent == host), "")


def skipped_hours(linting: Linting) -> Iterator[Finding]:
    """A window that begins or ends in an hour that the clocks skip within the year."""
    zone = linting.now.tzinfo
    ahead = (linting.now.date() + timedelta(days=days) for days in range(366))
    gaps = [day for day in ahead if _clocks_jump(day, zone)]
    for band in linting.bands:
        for name, rule in _timed(band).items():
            window = band.windows[name]
            for day in (day for day in gaps if day.weekday() in window.days):
                for clock in (window.start, window.end):
                    if _skipped(datetime.combine(day, clock, zone)):
                        yield Finding(rule.where, f"{rule.id}: on {day} the clocks skip {clock:%H:%M} of {name!r}")


def skipped_examples(linting: Linting) -> Iterator[Finding]:
    """An example at a time that no clock ever shows."""
    for example in linting.loaded.examples:
        if example.at and _skipped(example.at.replace(tzinfo=linting.now.tzinfo)):
            yield Finding(example.where, f"the clocks skip {example.at:%Y-%m-%d %H:%M}; choose another time")


def _timed(band: Band) -> dict[str, Rule]:
    """A rule for each window that is used."""
    return {name: rule for rule, _ in rules_of(band) for name, _ in rule.times}


def _closed(band: Band, category: str) -> bool:
    return category in band.categories and band.categories[category].action is Action.BLOCK


def _clocks_jump(day: date, zone: tzinfo | None) -> bool:
    start, end = (datetime.combine(day + timedelta(days=days), time(12), zone) for days in (-1, 0))
    return start.utcoffset() != end.utcoffset()


def _skipped(local: datetime) -> bool:
    """True when no clock shows this time: it does not survive the way to UTC and back (PEP 495)."""
    return local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None)


def contradicted(linting: Linting) -> Iterator[Finding]:
    """A line that the lists' floor categories contradict: a helpline they name, a site a band believes open."""
    if linting.index is None:
        return
    policy = linting.loaded.policy
    for entries in policy.protected.values():
        for entry in entries:
            for category, match in covering(linting.index, entry.host, entry.path or "/"):
                if category in policy.floor.categories:
                    yield Finding(entry.where, f"{entry.host}: {match.name} is listed as {category}: no helpline", True)
                elif category == "user-content" and not entry.path:
                    yield Finding(entry.where, f"{entry.host} is a shared platform; name the helpline's path", True)
                elif any(_closed(band, category) for band in linting.bands):
                    listed = linting.index.explain(match, category)
                    place = f" ({listed[0].where})" if listed else ""
                    yield Finding(
                        entry.where, f"{entry.host} stays open, though {match.name} is listed as {category}{place}"
                    )
    for band in linting.bands:
        for site in sites_of(band):
            for category, match in covering(linting.index, site.host, site.path or "/"):
                if category in policy.floor.categories and opens(site.rule):
                    yield Finding(
                        site.rule.where, f"{site.rule.id}: {match.name} is listed as {category}, in the floor"
                    )
